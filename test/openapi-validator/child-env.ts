import { resolve } from 'node:path'

/** The part of this process's environment that any command needs, without a developer's own settings. */
export function bareEnv(): Record<string, string> {
  const names = ['PATH', 'HOME', 'NODE_COMPILE_CACHE']
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']).filter(([, value]) => value))
}

/** The environment for a Node process that a test starts: `bareEnv`, `validatorEnv`, and what is given. */
export function childEnv(given: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { ...bareEnv(), ...validatorEnv(), ...given }
}

/** The environment in which a Node process validates its workspaces' answers; empty without a description. */
export function validatorEnv(): Record<string, string> {
  const description = process.env['INTERCOM_OPENAPI']
  if (!description) return {}
  const preload = `--import=${new URL('everywhere.ts', import.meta.url).href}`
  const options = process.env['NODE_OPTIONS'] ?? ''
  return {
    INTERCOM_OPENAPI: resolve(description),
    NODE_OPTIONS: options.includes(preload) ? options : `${options} ${preload}`.trim(),
  }
}

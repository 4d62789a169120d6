import { resolve } from 'node:path'

/** Of this process's environment, what any command needs; nothing of a developer's own gets into a test. */
export function bareEnv(): Record<string, string> {
  const names = ['PATH', 'HOME', 'NODE_COMPILE_CACHE']
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']).filter(([, value]) => value))
}

/** The environment of a Node process that a test starts: bare, with its answers judged, and what is given. */
export function childEnv(given: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { ...bareEnv(), ...refereeEnv(), ...given }
}

/** What a Node process needs in its environment for its answers to be judged; nothing without a description. */
export function refereeEnv(): Record<string, string> {
  const description = process.env['INTERCOM_OPENAPI']
  if (!description) return {}
  const preload = `--import=${new URL('everywhere.ts', import.meta.url).href}`
  const options = process.env['NODE_OPTIONS'] ?? ''
  return {
    INTERCOM_OPENAPI: resolve(description),
    NODE_OPTIONS: options.includes(preload) ? options : `${options} ${preload}`.trim(),
  }
}

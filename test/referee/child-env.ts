import { resolve } from 'node:path'

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

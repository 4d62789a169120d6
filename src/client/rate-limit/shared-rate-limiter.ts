import { resolve } from 'node:path'
import { fileStore } from './file-store.ts'
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts'
import { memoryStore } from './store.ts'

const rateLimiters = new Map<string, RateLimiter>()

/**
 * The traffic of one token to one host: all clients of this process share it, and with `file` all processes that
 * name the same file. The file holds no token, only its hash. Throws an
 * `IntercomError` when the file cannot be opened.
 */
export function sharedRateLimiter(
  origin: string,
  accessToken: string,
  file: string | undefined,
): RateLimiter {
  const key = `${origin}\n${accessToken}`
  const name = `${key}\n${file === undefined ? '' : resolve(file)}`
  const known = rateLimiters.get(name)
  if (known !== undefined) return known
  const rateLimiter = createRateLimiter(file === undefined ? memoryStore() : fileStore(file, hashed(key)))
  rateLimiters.set(name, rateLimiter)
  return rateLimiter
}

/** The crypto module is loaded by the first file, not by the import. */
function hashed(key: string): string {
  return process.getBuiltinModule('node:crypto').hash('sha256', key)
}

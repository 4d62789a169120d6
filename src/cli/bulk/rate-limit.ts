import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../flags.ts'

/** The file by which all bulk jobs of this user share each token's rate limit; its folder is created if missing. */
export function defaultRateLimitFile(env: NodeJS.ProcessEnv): string {
  const state = env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state')
  const folder = join(state, 'modulex-intercom')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${folder} cannot be created (${why}); give a file with --rate-limit-file`)
  }
  return join(folder, 'rate-limit.db')
}

/** Spaces calls evenly: each resolves when it may go, in the order they came. */
export function throttle(perSecond: number): () => Promise<void> {
  let next = 0
  return async () => {
    const now = performance.now()
    const start = Math.max(now, next)
    next = start + 1000 / perSecond
    if (start > now) await new Promise((resolve) => setTimeout(resolve, start - now))
  }
}

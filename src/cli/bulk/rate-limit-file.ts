import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../flags.ts'

/** The file by which all bulk jobs of this user share each token's rate limit; its folder is made when absent. */
export function defaultRateLimitFile(env: NodeJS.ProcessEnv): string {
  const state = env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state')
  const folder = join(state, 'modulex-intercom')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${folder} cannot be made (${why}); name a file with --rate-limit-file`)
  }
  return join(folder, 'pace.db')
}

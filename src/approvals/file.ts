import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { invalidInput, textOf } from '../errors.ts'

/** What a command was told of its files. `state`: `XDG_STATE_HOME`. */
export type Files = {
  approvals?: string | undefined
  journal?: string | undefined
  state?: string | undefined
}

/**
 * The file of approvals: the one that is named, else beside the journal, else in this user's state folder, which is
 * created if missing. `journal`: the one that is named, else beside the approvals.
 */
export function approvalsFile({ approvals, journal, state }: Files): { file: string; journal: string } {
  const own = () => inStateFolder(state, 'approvals.db', '--approvals')
  const file = approvals ?? (journal === undefined ? own() : `${journal}.approvals`)
  return { file, journal: journal ?? `${file}.journal` }
}

/** A file in this user's state folder, which is created if missing. `flag`: what names another. */
export function inStateFolder(state: string | undefined, name: string, flag: string): string {
  const folder = join(state || join(homedir(), '.local', 'state'), 'modulex-intercom')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw invalidInput(`${folder} cannot be created (${textOf(error)}); name a file with ${flag}`)
  }
  return join(folder, name)
}

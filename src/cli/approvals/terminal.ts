import { once } from 'node:events'
import { userInfo } from 'node:os'
import { createInterface } from 'node:readline/promises'
import type { Approval } from '../../approvals/index.ts'
import { inputHash } from '../../core/journal.ts'
import { say } from '../command.ts'
import { UsageError } from '../flags.ts'

/** Who decides, as others read it. */
export function whoami(): string {
  try {
    return userInfo().username
  } catch {
    return 'a user without a name'
  }
}

/** The fingerprint of all that a person decides on, in whatever order: `3f9a-12bc`. */
export async function fingerprintOf(approvals: readonly Approval[]): Promise<string> {
  const parts = approvals
    .map(({ id, action, input, preview }) => [id, action, input, preview])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))
  const hash = await inputHash('approvals', parts)
  return `${hash.slice(0, 4)}-${hash.slice(4, 8)}`
}

/** What a person is shown, its fingerprint, and the command that shows it again. */
export type Shown = { text: string; fingerprint: string; command: string }

/**
 * Whether a person has seen what they decide on, and means it: on a terminal it is shown and they are asked; elsewhere
 * they give the fingerprint that `show` has printed. Throws a `UsageError` where they give none, or another.
 */
export async function isMeant(question: string, shown: Shown, given: string | undefined): Promise<boolean> {
  if (given !== undefined) {
    if (plain(given) === plain(shown.fingerprint)) return true
    throw new UsageError(
      `${given} is not the fingerprint of what waits now. Look at it again: ${shown.command}`,
    )
  }
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true)
    throw new UsageError(
      `without a terminal this needs --fingerprint, from what you have looked at: ${shown.command}`,
    )
  say(`${shown.text}\n`)
  return await answer(`${question} [y/N] `)
}

function plain(fingerprint: string): string {
  return fingerprint.trim().toLowerCase().replaceAll('-', '')
}

async function answer(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const closed = once(terminal, 'close').then(() => '') // Ctrl-C or Ctrl-D
  try {
    const line = await Promise.race([terminal.question(question), closed])
    return /^y(es)?$/i.test(line.trim())
  } finally {
    terminal.close()
  }
}

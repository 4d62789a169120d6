import { Made } from './clean-up.ts'
import { prepare } from './prepare.ts'
import { reads, refusals } from './reads.ts'
import { type Report, reportOf } from './report.ts'
import { Comparison } from './run.ts'
import { comparedVersion, type Witness } from './witness.ts'
import { writes } from './writes.ts'

export { liveWitness } from './live.ts'
export type { Report } from './report.ts'
export { localWitness, type Witness } from './witness.ts'

/** What to compare, and how. */
export type CompareOptions = {
  live: Witness
  local: Witness
  packageVersion: string
  /** Also write, in the workspace of this id (`app.id_code` of `GET /me`) and in no other. */
  writesTo?: string | undefined
  /** Make the further calls too. @default with `writesTo` */
  all?: boolean | undefined
  /** For removing what was made, also after `signal`. @default live */
  cleaning?: Witness | undefined
  /** Names what is made. It is unique, and letters, digits and hyphens. */
  mark: string
  /** Ends the calls; what was made is still removed. */
  signal?: AbortSignal | undefined
  /** Waits for what a search does not find yet. */
  pause?: (() => Promise<void>) | undefined
  /** Called before each call: how many were made, of how many. */
  onCall?: ((made: number, of: number) => void) | undefined
}

/** Why nothing was compared. */
export type Refusal = 'token' | 'no_answer' | 'other_workspace'

/** Makes the same calls to Intercom and to a local one, and compares what they answer. */
export async function compare(options: CompareOptions): Promise<Report | { refused: Refusal }> {
  const { live, local, writesTo, mark, signal, packageVersion, cleaning = live } = options
  const { all = writesTo !== undefined } = options
  await prepare(local)
  const comparison = new Comparison(live, local, options.pause)
  const [first, ...rest] = reads
  const me = first === undefined ? null : await comparison.make(first)
  if (me === null || 'broken' in me) return { refused: 'no_answer' }
  if (me.status !== 200) return { refused: me.status === 401 || me.status === 403 ? 'token' : 'no_answer' }
  const id = (me.json as { app?: { id_code?: unknown } | null } | undefined)?.app?.id_code
  if (writesTo !== undefined && id !== writesTo) return { refused: 'other_workspace' }

  const made = new Made(mark)
  const reading = [...rest, ...refusals].filter(({ further }) => all || further !== true)
  const calls = [...reading, ...(writesTo === undefined ? [] : writes(mark))]
  let left: Report['left']
  let done = 0
  try {
    for (const call of calls) {
      if (signal?.aborted) break
      options.onCall?.(done, calls.length)
      made.add(call, await comparison.make(call))
      done++
    }
  } finally {
    if (writesTo !== undefined) left = await made.remove(cleaning)
  }
  comparison.finish()
  return reportOf(comparison, {
    package_version: packageVersion,
    api_version: comparedVersion,
    mode: writesTo === undefined ? 'read-only' : 'writes',
    complete: done === calls.length && signal?.aborted !== true,
    ...(left && { left }),
  })
}

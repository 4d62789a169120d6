import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Send, shownAtOnce } from '../../../campaigns/reliability/send.ts'
import { ours } from '../../../campaigns/reliability/senders.ts'
import { type Tally, tally } from '../../../campaigns/reliability/tally.ts'
import { openWorld } from '../../../campaigns/reliability/world.ts'
import { runUntilKilled } from './victim.ts'

/** What became of intents whose process was killed while its requests were under way. */
export type Window = Tally & {
  /** When the request of the killed process took effect, after it was transmitted. */
  lateMs: number
}

/** The default pauses before reading back: not scaled, as the five seconds are not that a killed run counts as alive. */
export const windowSettleMs = [2000, 8000]
const intents = 40

/**
 * Kills a process while the requests of 40 replies and notes are under way, each of which takes effect `lateMs`
 * after it was transmitted; a successor makes the same calls at once.
 */
export async function measureWindow(lateMs: number): Promise<Window> {
  const directory = mkdtempSync(join(tmpdir(), 'modulex-intercom-window-'))
  const journal = join(directory, 'journal.db')
  const world = await openWorld(intents)
  try {
    const calls = world.targets.map((target, n) => {
      const kind = shownAtOnce[n % shownAtOnce.length] ?? 'reply'
      return { id: `intent ${n}`, afterMs: 0, send: { kind, target, mark: `markwindow${n}` } satisfies Send }
    })
    const route = 'POST /conversations/{id}/reply'
    for (const path of [route, 'POST /contacts/{id}/notes']) {
      world.workspace.control.addFault({ kind: 'delay', ms: lateMs, route: path })
    }
    const host = { url: world.url, accessToken: world.accessToken, timeoutMs: 30_000, deadlineMs: 60_000 }
    const settle = { settleMs: windowSettleMs }
    const { control } = world.workspace
    const underWay = async () => {
      while (control.faults().reduce((sum, { injected }) => sum + injected, 0) < intents) await sleep(10)
    }
    await runUntilKilled({ host, onUnknown: 'verify', journal, calls, warm: true, ...settle }, underWay)
    control.clearFaults()
    const successor = ours(host, 'verify', { journal, ...settle })
    const reports = await Promise.all(calls.map(({ id, send }) => successor.send(send, id)))
    await successor.close()
    await sleep(Math.max(0, lateMs - 5000))
    const { counts } = await world.count()
    const stored = calls.map(({ send }) => counts.get(send.mark) ?? 0)
    return { lateMs, ...tally(reports, stored) }
  } finally {
    await world.close()
    rmSync(directory, { recursive: true })
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Target } from '../reliability/send.ts'
import { type Tally, tally } from '../reliability/tally.ts'
import type { Seen } from './intercom.ts'
import { Process } from './process.ts'
import { planned } from './row.ts'
import type { OpenSender } from './senders.ts'

/** What became of sends whose process was killed while Intercom still had their requests. */
export type Late = Tally & {
  settleMs: readonly number[]
  /** When they took effect, after they had come. */
  lateMs: number
}

/** As many as one process has under way at once. */
const intents = 60
const awayMs = 300

/** Kills a process while its requests are at Intercom, each of which takes effect `lateMs` after it has come. */
export async function measureLate(
  open: OpenSender,
  settleMs: readonly number[],
  lateMs: number,
): Promise<Late> {
  const intercom = new Process(new URL('intercom.ts', import.meta.url), {
    people: intents + 1,
    limited: false,
  })
  const { url, ...host } = await intercom.start()
  const { accessToken, targets } = host as unknown as { accessToken: string; targets: Target[] } // by intercom.ts
  const sender = await open({ url, accessToken, settleMs })
  try {
    const [first, ...plan] = planned(targets, intents + 1)
    if (first !== undefined) await sender.send(first) // while no limit is known, one call goes alone
    await intercom.ask('delay', [lateMs])
    const sending = Promise.all(plan.map((send) => sender.send(send)))
    while ((await intercom.ask<number>('struck')) < intents) await sleep(10)
    const [victim] = sender.processes
    await victim?.kill()
    const killedAt = performance.now()
    await intercom.ask('clear')
    await sleep(awayMs)
    await victim?.start()
    const reports = await sending
    await sleep(Math.max(0, lateMs + 500 - (performance.now() - killedAt)))
    const counts = new Map((await intercom.ask<Seen>('seen')).counts)
    const stored = plan.map(({ mark }) => counts.get(mark) ?? 0)
    return { settleMs, lateMs, ...tally(reports, stored) }
  } finally {
    await sender.close()
    await intercom.kill()
  }
}

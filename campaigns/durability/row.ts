import { setTimeout as sleep } from 'node:timers/promises'
import { random } from '../../src/workspace/seed/prng.ts'
import type { Report, Send, Target } from '../reliability/send.ts'
import type { Seen } from './intercom.ts'
import { Kills, type Span } from './kills.ts'
import { Process } from './process.ts'
import type { OpenSender } from './senders.ts'

/** What one sender came to. */
export type Row = {
  sends: number
  kills: number
  duplicates: number
  /** Reported as a success and not there. */
  lost: number
  unknown: number
  refused: number
  /** Lost, or reported as refused and there. */
  wrong: number
  calls: number
  /** In any ten seconds. */
  most: number
  /** In one of the windows that Intercom counts by. */
  window: number
  /** Answered with 429. */
  limited: number
  /** From a kill to the outcome of each send that was open at that moment, ms, sorted. */
  recoveriesMs: number[]
  seconds: number
}

/** How a row is to be run. */
export type Order = {
  sends: number
  /** At once, and those that a kill has interrupted besides. */
  atOnce: number
  /** From one kill to the next, ms; `null`: nobody is killed. */
  betweenMs: Span | null
  seed: number
  /** Whether Intercom's rate limit holds. */
  limited: boolean
}

/** Before it reads back, by default. */
export const settleMs = [2000, 8000]
/** What a write takes, ms: one of these. */
export const delaysMs = [50, 100, 150]
export const people = 100

/** Sends replies and notes by one sender while it and its server are killed, and compares with what is there. */
export async function runRow(open: OpenSender, order: Order): Promise<Row> {
  const intercom = new Process(new URL('intercom.ts', import.meta.url), { people, limited: order.limited })
  const { url, ...host } = await intercom.start()
  const { accessToken, targets } = host as unknown as { accessToken: string; targets: Target[] } // by intercom.ts
  await intercom.ask('delay', delaysMs)
  const sender = await open({ url, accessToken, settleMs })
  try {
    const plan = planned(targets, order.sends)
    const kills = new Kills(sender, order.betweenMs, random(1, order.seed))
    const begun = performance.now()
    const { reports, recoveriesMs } = await sendAll(plan, order.atOnce, sender.send, kills)
    const seconds = (performance.now() - begun) / 1000
    await sleep(Math.max(...delaysMs) + 200)
    const { counts, ...seen } = await intercom.ask<Seen>('seen')
    return {
      sends: order.sends,
      kills: kills.count,
      ...judged(plan, reports, new Map(counts)),
      ...seen,
      recoveriesMs: recoveriesMs.toSorted((a, b) => a - b),
      seconds,
    }
  } finally {
    await sender.close()
    await intercom.kill()
  }
}

/** Two replies of an admin, then a note on a contact; nothing is said twice. */
export function planned(targets: readonly Target[], sends: number): Send[] {
  return Array.from({ length: sends }, (_, n) => {
    const target = targets[n % targets.length]
    if (target === undefined) throw new Error('there is nobody to write to')
    return { kind: n % 3 === 2 ? 'note' : 'reply', target, mark: `mark${n}` }
  })
}

async function sendAll(
  plan: readonly Send[],
  atOnce: number,
  send: (send: Send) => Promise<Report>,
  kills: Kills,
): Promise<{ reports: Map<string, Report>; recoveriesMs: number[] }> {
  const reports = new Map<string, Report>()
  const recoveriesMs: number[] = []
  const all: Promise<void>[] = []
  const queue = plan.values()
  const one = async (next: Send, interrupted: Promise<number>) => {
    let killedAt: number | null = null
    void interrupted.then((at) => (killedAt = at))
    reports.set(next.mark, await send(next))
    if (killedAt !== null) recoveriesMs.push(performance.now() - killedAt)
  }
  const loop = async () => {
    for (const next of queue) {
      const { interrupted, end } = kills.watch()
      const done = one(next, interrupted).finally(end)
      all.push(done)
      await Promise.race([done, interrupted])
    }
  }
  const killing = kills.begin()
  await Promise.race([Promise.all(Array.from({ length: atOnce }, loop)), killing])
  await Promise.all([kills.end(), killing, ...all])
  return { reports, recoveriesMs }
}

function judged(plan: readonly Send[], reports: Map<string, Report>, counts: Map<string, number>) {
  const sum = { duplicates: 0, lost: 0, unknown: 0, refused: 0, wrong: 0 }
  for (const { mark } of plan) {
    const report = reports.get(mark)
    const stored = counts.get(mark) ?? 0
    sum.duplicates += Math.max(0, stored - 1)
    if (report === 'unknown') sum.unknown += 1
    if (report === 'refused') sum.refused += 1
    const lost = stored === 0 && report !== 'unknown' && report !== 'refused'
    if (lost) sum.lost += 1
    if (lost || (report === 'refused' && stored > 0)) sum.wrong += 1
  }
  return sum
}

import { measureLate } from './late.ts'
import { type Order, type Row, runRow, settleMs } from './row.ts'
import { alone, type OpenSender, onRestate } from './senders.ts'

/** Who is compared. `workers` is null where there is no Restate. */
export type Contender = { name: string; isOurs: boolean; workers: number | null; open: OpenSender }

export const contenders: readonly Contender[] = [
  { name: 'naive code with the official SDK', isOurs: false, workers: null, open: alone('naive') },
  {
    name: 'official SDK in a Restate step',
    isOurs: false,
    workers: 1,
    open: onRestate('official', 1),
  },
  { name: 'ours, local journal', isOurs: true, workers: null, open: alone('journal') },
  ...[1, 2, 4].map((workers) => ({
    name: `ours on Restate, ${workers} ${workers === 1 ? 'worker' : 'workers'}`,
    isOurs: true,
    workers,
    open: onRestate('ours', workers),
  })),
]

/** Within Intercom's rate limit, and killed. */
export const killed = { atOnce: 32, betweenMs: { least: 5000, most: 20_000 }, seed: 1, limited: true }
/** As fast as it goes. */
export const fast = { atOnce: 200, betweenMs: { least: 4000, most: 6000 }, seed: 2, limited: false }

/** What one contender did. */
export type Measured = { who: Contender; row: Row }
/** Sends a second as fast as it goes: left alone, and killed. */
export type Throughput = { who: Contender; calm: Row; killed: Row }

export async function measure(
  who: Contender,
  order: Order,
  onRow: (who: Contender, row: Row) => void,
): Promise<Row> {
  const row = await runRow(who.open, order)
  onRow(who, row)
  return row
}

export const lateMs = [500, 2000, 4000, 8000, 12_000]
/** A short pause before the last look, and the default. */
export const lateSettleMs = [[200, 800], settleMs] as const

/** The cells wait most of their time: those of one row run at the same time. */
export async function measureLates(delays: readonly number[], settles: readonly (readonly number[])[]) {
  const carriers = [
    { name: 'Restate, 1 worker', open: onRestate('ours', 1) },
    { name: 'local journal', open: alone('journal') },
  ]
  const rows = []
  for (const settle of settles) {
    for (const { name, open } of carriers) {
      const cells = await Promise.all(delays.map((ms) => measureLate(open, settle, ms)))
      rows.push({ name, settle, cells })
    }
  }
  return rows
}

export type LateRow = Awaited<ReturnType<typeof measureLates>>[number]

import type { LateRow, Measured, Throughput } from './plan.ts'

/** What Intercom allows a private app in ten seconds (docs/intercom-api.md 1.5). */
export const limit = 1667

/** What ours must never do, as sentences; empty when all is well. */
export function brokenPromises(found: {
  rows: readonly Measured[]
  throughputs: readonly Throughput[]
  lates: readonly LateRow[]
}): string[] {
  const fast = found.throughputs.flatMap(({ who, calm, killed }) =>
    [calm, killed].map((row) => ({ who, row })),
  )
  const sends = [...found.rows, ...fast].filter(({ who }) => who.isOurs)
  return [...sends.flatMap(harms), ...found.rows.flatMap(overLimit), ...found.lates.flatMap(lateHarms)]
}

function harms({ who, row }: Measured): string[] {
  const counts = [
    [row.duplicates, 'there twice'],
    [row.lost, 'lost'],
    [row.wrong, 'reported wrongly'],
  ] as const
  return counts.flatMap(([count, what]) => (count > 0 ? [`${who.name}: ${count} ${what}`] : []))
}

function overLimit({ who, row }: Measured): string[] {
  if (!who.isOurs || row.window <= limit) return []
  return [`${who.name}: ${row.window} calls in a window of ${limit}`]
}

/** What takes effect before the last look is seen by it. */
function lateHarms({ name, settle, cells }: LateRow): string[] {
  return cells.flatMap(({ lateMs, duplicates, wrong }) => {
    const where = `${name}, settleMs [${settle.join(', ')}], ${lateMs} ms late`
    return [
      ...(duplicates > 0 && lateMs < (settle.at(-1) ?? 0) ? [`${where}: ${duplicates} there twice`] : []),
      ...(wrong > 0 ? [`${where}: ${wrong} reported wrongly`] : []),
    ]
  })
}

import { machineNow, workspaceNow } from '../clock.ts'

const units: readonly [ms: number, short: string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
]
/** From here on the date is shorter to read than how long it is ago. */
const dateFrom = 7 * 86_400_000
/** The clock is looked at less often than this, ms: what is no further ahead is not ahead. */
const lookMs = 16_000

/** `3 min`, `in 2 h`, `5 Mar`, `5 Mar 2024`. */
function shortTime(at: number, now: number): string {
  const ago = now - at
  if (Math.abs(ago) < 5000) return 'now'
  if (Math.abs(ago) >= dateFrom) {
    const year =
      new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' as const }
    return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...year })
  }
  const [ms, unit] = units.find(([size]) => Math.abs(ago) >= size) ?? [1000, 's']
  const length = `${Math.floor(Math.abs(ago) / ms)} ${unit}`
  return ago < 0 ? `in ${length}` : length
}

export function fullTime(at: number): string {
  return new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
}

/** A moment in ms, told from now: of the machine, or of the local Intercom for what Intercom has dated. */
export function Time({ at, by = 'machine' }: { at: number; by?: 'machine' | 'workspace' }) {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return <time>at an unknown time</time>
  const now = by === 'workspace' ? workspaceNow() : machineNow.value
  return (
    <time dateTime={date.toISOString()} title={fullTime(at)}>
      {shortTime(
        at,
        at - now < (by === 'machine' ? Number.POSITIVE_INFINITY : lookMs) ? Math.max(at, now) : now,
      )}
    </time>
  )
}

/** `8 ms`, `1.2 s`. */
export function duration(ms: number): string {
  if (ms < 1) return `${ms.toFixed(1)} ms`
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Beyond this second `Date` has no calendar; a search that far away (milliseconds, say) needs none. */
const calendarEnd = 8_000_000_000_000

function offsetAt(second: number, timezone: string): number {
  if (Math.abs(second) > calendarEnd) return 0
  let format = formats.get(timezone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(timezone, format)
  }
  const part: Record<string, string> = {}
  for (const { type, value } of format.formatToParts(second * 1000)) part[type] = value
  const year = part['era']?.startsWith('B') ? 1 - Number(part['year']) : Number(part['year'])
  const local = new Date(0)
  local.setUTCFullYear(year, Number(part['month']) - 1, Number(part['day']))
  local.setUTCHours(Number(part['hour']), Number(part['minute']), Number(part['second']))
  return Math.floor(local.getTime() / 1000) - second
}

/** The second at which a local day begins; `day` counts days of local time since 1970. */
function midnight(day: number, timezone: string): number {
  const local = day * 86_400
  const guess = local - offsetAt(local, timezone)
  return local - offsetAt(guess, timezone)
}

/**
 * The day of a moment in a time zone: its first second and the next day's (docs/intercom-api.md 4.2,
 * whole-day matching).
 */
export function dayOf(second: number, timezone: string): { start: number; end: number } {
  const day = Math.floor((second + offsetAt(second, timezone)) / 86_400)
  return { start: midnight(day, timezone), end: midnight(day + 1, timezone) }
}

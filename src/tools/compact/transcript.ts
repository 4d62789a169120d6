import { type Allowance, costOf, isObject, iso, type Json, objects } from './allowance.ts'
import { fenced, oneLine, quoted, readable } from './fence.ts'
import { isTeammate, type People, term } from './people.ts'

/** The most tokens shown of one message. */
const longestMessage = 1200

/** The lines of a transcript, and what they leave out in words. */
export type Transcript = { lines: string[]; leftOut: string[] }

type Entry = { day: string; time: string; who: string; said?: string; done?: string }

/**
 * A thread as lines, oldest first, times in UTC: `2026-01-31 09:15 customer: <customer-text …`, the day only where it
 * changes, as `02-01` within the year. Entries without text are gathered in one line in brackets. When the
 * allowance ends, the first message and the newest entries stay.
 */
export function transcriptOf(
  source: Json | undefined,
  parts: readonly Json[],
  people: People,
  allowance: Allowance,
): Transcript {
  const start = source === undefined ? undefined : entryOf(source, people, true, share(allowance))
  const opening = start === undefined ? [] : linesOf([start])
  allowance.tokens -= costOf(opening)
  const newest: Entry[] = []
  let at = parts.length
  while (at > 0) {
    const entry = entryOf(parts[at - 1] as Json, people, false, share(allowance))
    const cost = costOf(linesOf([entry]))
    if (cost > allowance.tokens) break
    allowance.tokens -= cost
    newest.push(entry)
    at -= 1
  }
  const gap = at === 0 ? [] : [`(${at} parts not shown)`]
  return {
    lines: [...opening, ...gap, ...linesOf(newest.reverse(), at === 0 ? start?.day : undefined)],
    leftOut: missing(parts.slice(0, at), parts[at]),
  }
}

/** One message takes at most half of what is left. */
function share({ tokens }: Allowance): number {
  return Math.max(60, Math.min(longestMessage, tokens / 2))
}

function entryOf(part: Json, people: People, isSource: boolean, limit: number): Entry {
  const time = iso(part['created_at']) ?? ''
  const who = people.nameOf(part['author'])
  const entry = { day: time.slice(0, 10), time: time.slice(11, 16), who }
  const text = textOf(part)
  const event = isSource ? '' : eventOf(part, people)
  if (text === '')
    return isSource ? { ...entry, said: '(no text)' } : { ...entry, done: event || 'wrote nothing' }
  const label = event === '' ? '' : ` (${event})`
  const said = isTeammate(part['author']) ? readable(text, limit) : fenced(text, limit)
  return { ...entry, who: `${who}${label}`, said }
}

function textOf(part: Json): string {
  const body = typeof part['body'] === 'string' ? part['body'] : ''
  const files = objects(part['attachments']).map((file) => `<p>[attachment ${asText(nameOf(file))}]</p>`)
  return part['redacted'] === true ? '<p>[redacted]</p>' : body + files.join('')
}

function nameOf({ name, content_type, url }: Json): string {
  return [name, content_type, url].filter((one) => typeof one === 'string').join(' ')
}

function asText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

const events = new Map([
  ['comment', ''],
  ['note', 'note'],
  ['close', 'closed'],
  ['open', 'reopened'],
  ['snoozed', 'snoozed'],
  ['timer_unsnooze', 'snooze ended'],
  ['conversation_tags_updated', 'tags changed'],
  ['conversation_rating_changed', 'rated'],
  ['conversation_attribute_updated_by_admin', 'attributes changed'],
])

function eventOf({ part_type, assigned_to, author }: Json, people: People): string {
  if (part_type !== 'assignment') return events.get(String(part_type)) ?? term(part_type, 'changed')
  if (!isObject(assigned_to) || assigned_to['id'] === null) return 'unassigned'
  if (isObject(author) && author['id'] === assigned_to['id']) return 'took it'
  return `assigned to ${people.assignee(assigned_to['id'], term(assigned_to['type'], 'unknown'))}`
}

function linesOf(entries: readonly Entry[], dayBefore = ''): string[] {
  const lines: string[] = []
  let day = dayBefore
  let doer: string | undefined
  for (const entry of entries) {
    const when = `${dayAfter(day, entry.day)}${entry.time} `
    if (entry.day !== day) doer = undefined
    day = entry.day
    if (entry.done === undefined) {
      lines.push(`${when}${entry.who}: ${entry.said}`)
      doer = undefined
      continue
    }
    const act = entry.who === doer ? `, ${entry.done}` : `${entry.who} ${entry.done}`
    if (doer === undefined) lines.push(`${when}[${act}]`)
    else lines.push(`${lines.pop()?.slice(0, -1)}${entry.who === doer ? '' : '; '}${act}]`)
    doer = entry.who
  }
  return lines
}

/** The day where it changes, its year where that changes. */
function dayAfter(before: string, day: string): string {
  if (day === before) return ''
  return `${day.slice(0, 4) === before.slice(0, 4) ? day.slice(5) : day} `
}

function missing(parts: readonly Json[], next: Json | undefined): string[] {
  if (parts.length === 0) return []
  const kinds = new Map<string, number>()
  for (const { part_type, body } of parts) {
    const kind = part_type === 'note' ? 'notes' : body ? 'messages' : 'events'
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  const said = [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')
  const span = [parts[0], parts.at(-1)].map((part) => iso(part?.['created_at']) ?? 'unknown').join(' to ')
  const id = next?.['id']
  const way = id === undefined ? 'only the full output' : `get_conversation with parts_before ${partId(id)}`
  return [`${parts.length} parts of the thread (${said}) from ${span}: ${way} has them`]
}

function partId(id: unknown): string {
  return quoted(oneLine(String(id), 60))
}

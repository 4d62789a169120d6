import { oneLine, quoted, readableText, wrapCustomerText } from './customer-text.ts'
import { isObject, isoTime, type Json, objectsIn } from './json.ts'
import { asWords, isTeammate, type Participants } from './participants.ts'
import type { Steps } from './steps.ts'
import { estimateJsonTokens, type TokenBudget } from './token-budget.ts'

const maxMessageTokens = 1200

/** The lines of a transcript, and descriptions of what it leaves out. */
export type Transcript = { lines: string[]; leftOut: string[] }

/** What somebody wrote (`text`), or what they did without writing (`event`). */
type Entry = { day: string; time: string; who: string; text?: string; event?: string }

/**
 * A thread as lines, oldest first, times in UTC: `2026-01-31 09:15 customer: <customer-text …`. The day is shown only
 * where it changes, as `02-01` within a year. Entries without text are joined on one line in brackets. When the budget
 * is used up, the first message and the newest entries stay.
 */
export function* formatTranscript(
  source: Json | undefined,
  parts: readonly Json[],
  participants: Participants,
  budget: TokenBudget,
): Steps<Transcript> {
  const start = source === undefined ? undefined : entryOf(source, participants, true, messageTokens(budget))
  const opening = start === undefined ? [] : linesOf([start])
  budget.tokens -= estimateJsonTokens(opening)
  const newest: Entry[] = []
  let at = parts.length
  while (at > 0) {
    yield
    const entry = entryOf(parts[at - 1] as Json, participants, false, messageTokens(budget))
    const cost = estimateJsonTokens(linesOf([entry]))
    if (cost > budget.tokens) break
    budget.tokens -= cost
    newest.push(entry)
    at -= 1
  }
  const gap = at === 0 ? [] : [`(${at} parts not shown)`]
  return {
    lines: [...opening, ...gap, ...linesOf(newest.reverse(), at === 0 ? start?.day : undefined)],
    leftOut: missingParts(parts.slice(0, at), parts[at]),
  }
}

/** One message takes at most half of what is left. */
function messageTokens({ tokens }: TokenBudget): number {
  return Math.max(60, Math.min(maxMessageTokens, tokens / 2))
}

function entryOf(part: Json, participants: Participants, isSource: boolean, tokens: number): Entry {
  const created = isoTime(part['created_at']) ?? ''
  const who = participants.nameOf(part['author'])
  const entry = { day: created.slice(0, 10), time: created.slice(11, 16), who }
  const html = htmlOf(part)
  const event = isSource ? '' : eventOf(part, participants)
  if (html === '')
    return isSource ? { ...entry, text: '(no text)' } : { ...entry, event: event || 'wrote nothing' }
  const text = isTeammate(part['author']) ? readableText(html, tokens) : wrapCustomerText(html, tokens)
  return { ...entry, who: event === '' ? who : `${who} (${event})`, text }
}

function htmlOf(part: Json): string {
  if (part['redacted'] === true) return '<p>[redacted]</p>'
  const body = typeof part['body'] === 'string' ? part['body'] : ''
  const files = objectsIn(part['attachments']).map(
    (file) => `<p>[attachment ${escapeHtml(fileNameOf(file))}]</p>`,
  )
  return body + files.join('')
}

function fileNameOf({ name, content_type, url }: Json): string {
  return [name, content_type, url].filter((one) => typeof one === 'string').join(' ')
}

function escapeHtml(text: string): string {
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

function eventOf({ part_type, assigned_to, author }: Json, participants: Participants): string {
  if (part_type !== 'assignment') return events.get(String(part_type)) ?? asWords(part_type, 'changed')
  if (!isObject(assigned_to) || assigned_to['id'] === null) return 'unassigned'
  if (isObject(author) && author['id'] === assigned_to['id']) return 'took it'
  const { id, name, type } = assigned_to
  if (typeof name === 'string' && name !== '') return `assigned to ${oneLine(name, 60)}`
  return `assigned to ${participants.assignee(id, asWords(type, 'unknown'))}`
}

function linesOf(entries: readonly Entry[], dayBefore = ''): string[] {
  const lines: string[] = []
  let day = dayBefore
  let actor: string | undefined
  for (const entry of entries) {
    const when = `${dayIfChanged(day, entry.day)}${entry.time} `
    if (entry.day !== day) actor = undefined
    day = entry.day
    if (entry.event === undefined) {
      lines.push(`${when}${entry.who}: ${entry.text}`)
      actor = undefined
      continue
    }
    const event = entry.who === actor ? `, ${entry.event}` : `${entry.who} ${entry.event}`
    if (actor === undefined) lines.push(`${when}[${event}]`)
    else lines.push(`${lines.pop()?.slice(0, -1)}${entry.who === actor ? '' : '; '}${event}]`)
    actor = entry.who
  }
  return lines
}

/** With the year where that changes too. */
function dayIfChanged(before: string, day: string): string {
  if (day === before) return ''
  return `${day.slice(0, 4) === before.slice(0, 4) ? day.slice(5) : day} `
}

function missingParts(parts: readonly Json[], next: Json | undefined): string[] {
  if (parts.length === 0) return []
  const counts = new Map<string, number>()
  for (const { part_type, body } of parts) {
    const kind = part_type === 'note' ? 'notes' : body ? 'messages' : 'events'
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  const kinds = [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ')
  const span = [parts[0], parts.at(-1)].map((part) => isoTime(part?.['created_at']) ?? 'unknown').join(' to ')
  const id = next?.['id']
  const how =
    id === undefined
      ? 'only the full output'
      : `get_conversation with parts_before ${quoted(oneLine(String(id), 60))}`
  return [`${parts.length} parts of the thread (${kinds}) from ${span}: ${how} has them`]
}

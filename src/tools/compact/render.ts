import type { Envelope } from '../../core/action.ts'
import { quoted, tagName } from './customer-text.ts'
import { isObject, type Json } from './json.ts'

/**
 * The text of a compact envelope: its error, or a heading, lines of `key: value`, one line per item, and the
 * transcript.
 */
export function compactText({ success, error, ...own }: Envelope): string {
  if (!success) return String(error)
  const lines: string[] = []
  for (const [key, value] of Object.entries(own)) {
    if (value === null || value === undefined) continue
    if (Array.isArray(value) && value.length === 0 && Number(own['total_count']) > 0) continue // they are only counted
    if (Array.isArray(value))
      lines.push(`# ${key}: ${value.length}`, ...value.map((item) => `- ${inline(item)}`))
    else if (isObject(value) && key !== 'pages') lines.push(`# ${key}`, ...block(value))
    else if (isObject(value) && 'searched' in value) {
      const { searched, ...rest } = value
      if (Object.keys(rest).length > 0) lines.push(`${quoted(key)}: ${inline(rest, key)}`)
      lines.push(`nothing found: ${searched}`)
    } else lines.push(`${quoted(key)}: ${inline(value, key)}`)
  }
  return lines.join('\n')
}

function block(thing: Json): string[] {
  const { transcript, left_out, ...rest } = thing
  if (transcript !== undefined && !isTextLines(transcript)) rest['transcript'] = transcript
  const lines = Object.entries(rest).flatMap(([key, value]) =>
    Array.isArray(value) && value.some(isObject)
      ? [`${quoted(key)}:`, ...value.map((item) => `- ${inline(item)}`)]
      : [`${quoted(key)}: ${inline(value, key)}`],
  )
  if (isTextLines(transcript)) lines.push('## transcript (UTC)', ...transcript)
  if (left_out !== undefined) lines.push(`left out: ${left_out}`)
  return lines
}

function isTextLines(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((line) => typeof line === 'string')
}

/** Free text is quoted even when it is one word. */
const freeText = new Set(['name', 'subject', 'location'])

/** A value on one line; customer text keeps its own tag. */
function inline(value: unknown, key = ''): string {
  if (Array.isArray(value)) return value.map((item) => inline(item, key)).join(', ')
  if (isObject(value)) {
    return Object.entries(value)
      .map(([key, item]) => `${quoted(key)} ${isObject(item) ? `(${inline(item)})` : inline(item, key)}`)
      .join(', ')
  }
  if (typeof value !== 'string') return String(value)
  if (value.startsWith(`<${tagName} id="`)) return value
  return freeText.has(key) ? JSON.stringify(value) : quoted(value)
}

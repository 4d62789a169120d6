import type { Envelope } from '../core/action.ts'
import { isObject, type Json } from './allowance.ts'

/** A compact envelope as lines: a heading, `key: value`, one line an item, then the transcript. */
export function render({ success: _, error: __, ...own }: Envelope): string {
  const lines: string[] = []
  for (const [key, value] of Object.entries(own)) {
    if (value === null || value === undefined) continue
    if (Array.isArray(value))
      lines.push(`# ${key}: ${value.length}`, ...value.map((item) => `- ${inline(item)}`))
    else if (isObject(value) && key !== 'pages') lines.push(`# ${key}`, ...block(value))
    else lines.push(`${key}: ${inline(value)}`)
  }
  return lines.join('\n')
}

function block(thing: Json): string[] {
  const { transcript, left_out, ...rest } = thing
  const lines = Object.entries(rest).flatMap(([key, value]) =>
    Array.isArray(value) && value.some(isObject)
      ? [`${key}:`, ...value.map((item) => `- ${inline(item)}`)]
      : [`${key}: ${inline(value)}`],
  )
  if (Array.isArray(transcript)) lines.push('## transcript (UTC)', ...transcript.map(String))
  if (left_out !== undefined) lines.push(`left out: ${left_out}`)
  return lines
}

/** A value on one line; strings that are more than one plain word are quoted, unless they carry their own fence. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return value.map(inline).join(', ')
  if (isObject(value)) {
    return Object.entries(value)
      .map(([key, item]) => `${key} ${isObject(item) ? `(${inline(item)})` : inline(item)}`)
      .join(', ')
  }
  if (typeof value !== 'string') return String(value)
  return /^[\p{L}\p{N}@._:+=/-]+$/u.test(value) || value.startsWith('<customer-text id="')
    ? value
    : JSON.stringify(value)
}

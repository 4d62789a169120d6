import type { Envelope } from '../../core/action.ts'
import { isObject, type Json } from './allowance.ts'
import { fenceName, quoted } from './fence.ts'

/**
 * The text of a compact envelope: its error, or lines. A heading, `key: value`, one line an item, then the
 * transcript.
 */
export function compactText({ success, error, ...own }: Envelope): string {
  if (!success) return String(error)
  const lines: string[] = []
  for (const [key, value] of Object.entries(own)) {
    if (value === null || value === undefined) continue
    if (Array.isArray(value))
      lines.push(`# ${key}: ${value.length}`, ...value.map((item) => `- ${inline(item)}`))
    else if (isObject(value) && key !== 'pages') lines.push(`# ${key}`, ...block(value))
    else lines.push(`${quoted(key)}: ${inline(value, key)}`)
  }
  return lines.join('\n')
}

function block(thing: Json): string[] {
  const { transcript, left_out, ...rest } = thing
  if (transcript !== undefined && !isText(transcript)) rest['transcript'] = transcript
  const lines = Object.entries(rest).flatMap(([key, value]) =>
    Array.isArray(value) && value.some(isObject)
      ? [`${quoted(key)}:`, ...value.map((item) => `- ${inline(item)}`)]
      : [`${quoted(key)}: ${inline(value, key)}`],
  )
  if (isText(transcript)) lines.push('## transcript (UTC)', ...transcript)
  if (left_out !== undefined) lines.push(`left out: ${left_out}`)
  return lines
}

function isText(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((line) => typeof line === 'string')
}

/** What people choose freely is quoted even when it is one word. */
const free = new Set(['name', 'subject', 'location'])

/** A value on one line; a string that carries its own fence stays as it is. */
function inline(value: unknown, key = ''): string {
  if (Array.isArray(value)) return value.map((item) => inline(item, key)).join(', ')
  if (isObject(value)) {
    return Object.entries(value)
      .map(([key, item]) => `${quoted(key)} ${isObject(item) ? `(${inline(item)})` : inline(item, key)}`)
      .join(', ')
  }
  if (typeof value !== 'string') return String(value)
  if (value.startsWith(`<${fenceName} id="`)) return value
  return free.has(key) ? JSON.stringify(value) : quoted(value)
}

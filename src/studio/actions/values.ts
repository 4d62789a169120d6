import type { Field, Schema } from './fields.ts'

/**
 * What a form holds, by parameter: the text that was typed. Blank or absent is "not given"; `null` is an empty text that
 * was asked for on purpose.
 */
export type Values = Readonly<Record<string, string | null>>

/** The input that a form makes, and what is wrong with it, by parameter. */
export type Filled = { input: Record<string, unknown>; problems: Record<string, string> }

type Read = { value: unknown } | { problem: string }

/** What is blank is left out. What is wrong is in neither. */
export function filled(fields: readonly Field[], values: Values): Filled {
  const input: Record<string, unknown> = {}
  const problems: Record<string, string> = {}
  for (const field of fields) {
    const text = values[field.name] === undefined ? '' : (values[field.name] ?? null)
    if (text === null) {
      input[field.name] = ''
      continue
    }
    if (text.trim() === '') {
      if (field.required) problems[field.name] = 'Required.'
      continue
    }
    const read = readAs(field, text)
    if ('problem' in read) problems[field.name] = read.problem
    else input[field.name] = read.value
  }
  return { input, problems }
}

function readAs({ kind, schema }: Field, text: string): Read {
  switch (kind) {
    case 'whole':
      return wholeOf(text.trim(), schema)
    case 'boolean':
      return text === 'true' || text === 'false' ? { value: text === 'true' } : { problem: 'Yes or no.' }
    case 'choice':
      return schema.enum?.includes(text) ? { value: text } : { problem: `One of ${schema.enum?.join(', ')}.` }
    case 'texts':
      return listOf(text, schema)
    case 'object':
      return objectOf(text)
    case 'time':
      return timeOf(text)
    default:
      return textOf(text, schema)
  }
}

function textOf(text: string, schema: Schema): Read {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, format } = schema
  if (text.length < minLength) return { problem: `At least ${minLength} characters.` }
  if (text.length > maxLength) return { problem: `At most ${maxLength} characters; it has ${text.length}.` }
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(text))
    return { problem: `It has to match ${pattern}.` }
  if (format === 'email' && !/^\S+@\S+$/.test(text.trim())) return { problem: 'An e-mail address.' }
  if (format === 'uri' && !URL.canParse(text.trim())) return { problem: 'A whole URL.' }
  return { value: text }
}

function wholeOf(text: string, { minimum, maximum }: Schema): Read {
  const value = Number(text)
  if (!/^[+-]?\d+$/.test(text)) return { problem: 'A whole number.' }
  if (!Number.isSafeInteger(value)) return { problem: 'It is too large.' }
  if (minimum !== undefined && value < minimum) return { problem: `At least ${minimum}.` }
  if (maximum !== undefined && value > maximum) return { problem: `At most ${maximum}.` }
  return { value }
}

/** As a text, which actions take; without a zone, a moment would depend on who reads it. */
function timeOf(text: string): Read {
  const given = text.trim()
  const seconds = /^\d{9,10}$/.test(given)
  const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/i.test(given)
  if (seconds || (iso && !Number.isNaN(Date.parse(given)))) return { value: given }
  return { problem: 'A date with its zone (2026-01-31T09:00:00Z), or Unix seconds.' }
}

/** One a line; or a JSON array, which can hold what a line cannot. */
function listOf(text: string, { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY }: Schema): Read {
  const lines = text.trim().startsWith('[')
    ? jsonOf(text)
    : { value: text.split('\n').flatMap((line) => line.trim() || []) }
  if ('problem' in lines) return lines
  const list = lines.value
  if (!Array.isArray(list)) return { problem: 'One per line.' }
  if (list.length < minItems) return { problem: `At least ${minItems}.` }
  if (list.length > maxItems) return { problem: `At most ${maxItems}; there are ${list.length}.` }
  for (const item of list) {
    const read = typeof item === 'string' ? textOf(item, items ?? {}) : { problem: 'Text only.' }
    if ('problem' in read) return read
  }
  return { value: list }
}

function objectOf(text: string): Read {
  const read = jsonOf(text)
  if ('problem' in read) return read
  const isObject = typeof read.value === 'object' && read.value !== null && !Array.isArray(read.value)
  return isObject ? read : { problem: 'A JSON object: { "name": "value" }.' }
}

/** Refuses what JavaScript would change without a word: a number that it rounds, a name that stands twice. */
function jsonOf(text: string): Read {
  let rounded: string | null = null
  let names = 0
  const check = (_: string, value: unknown, { source }: { source?: string } = {}) => {
    const changes =
      typeof value === 'number' &&
      !(Number.isSafeInteger(value) || (Number.isFinite(value) && /[.eE]/.test(source ?? '.')))
    if (changes) rounded = source ?? String(value)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      names += Object.keys(value).length
    return value
  }
  try {
    const value: unknown = JSON.parse(text, check)
    if (rounded !== null) return { problem: `${rounded} would be rounded: write it as text, in quotes.` }
    const written = [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon !== undefined)
    return written.length > names ? { problem: 'A name appears twice.' } : { value }
  } catch (error) {
    return { problem: `Not JSON yet: ${error instanceof Error ? error.message : ''}` }
  }
}

/** The values of a form that make this input; `unknown`: names that no field has. */
export function valuesOf(
  fields: readonly Field[],
  input: Readonly<Record<string, unknown>>,
): { values: Values; unknown: string[] } {
  const entries = Object.entries(input).flatMap(([name, value]) => {
    const field = fields.find((one) => one.name === name)
    return field === undefined || value === undefined || value === null
      ? []
      : [[name, shown(field, value)] as const]
  })
  const unknown = Object.keys(input).filter((name) => !fields.some((one) => one.name === name))
  return { values: Object.fromEntries(entries), unknown }
}

function shown({ kind, mayBeEmpty }: Field, value: unknown): string | null {
  if (value === '') return mayBeEmpty ? null : ''
  if (typeof value === 'string') return value
  if (kind !== 'texts' || !Array.isArray(value)) return JSON.stringify(value, null, 2)
  const plain = value.every(
    (item) => typeof item === 'string' && item.trim() === item && !/\n|^\[|^$/.test(item),
  )
  return plain ? value.join('\n') : JSON.stringify(value, null, 2)
}

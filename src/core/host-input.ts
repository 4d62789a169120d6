import { IntercomError } from '../errors.ts'
import type { ActionInfo } from './action.ts'
import { isBlank, trimmed } from './blanks.ts'
import { inputSchema, type JsonSchema } from './describe.ts'
import { exactJsonOrText } from './exact-json.ts'
import { hostPlumbing } from './host-plumbing.ts'

/** What an edge knows beside the input. */
export type HostInputOptions = {
  /** What fills the parameters that the input leaves out; one that is required may then be left out. */
  preset?: Readonly<Record<string, unknown>>
  /** Names to drop beside those of `hostPlumbing`. */
  ignored?: readonly string[]
  /** Whether a boolean may be yes or no, as in spreadsheets. */
  spreadsheet?: boolean
}

type Fields = Readonly<Record<string, unknown>>
type Properties = Readonly<Record<string, JsonSchema | undefined>>

/**
 * The input of an action from what a host, a form, a shell or a spreadsheet sent, by docs/input.md. What the rules do
 * not cover stays as it is, for the action's own check to refuse. Throws an `IntercomError` that names the parameter.
 */
export function hostInput(action: ActionInfo, given: unknown, options: HostInputOptions = {}): unknown {
  const fields = wholeOf(given)
  if (!isObject(fields)) return fields
  const { preset = {}, ignored = [], spreadsheet = false } = options
  const { properties, required = [] } = inputSchema(action) as { properties: Properties; required?: string[] }
  const { mayBeEmpty = [], read = {} } = action.host ?? {}
  const input: [string, unknown][] = []
  const missing: [string, unknown][] = []
  for (const [name, value] of Object.entries(fields)) {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (schema === undefined) {
      if (!Object.hasOwn(hostPlumbing, name) && !ignored.includes(name)) input.push([name, value])
      continue
    }
    const isEmptyText = mayBeEmpty.includes(name) && typeof value === 'string'
    const own = isNothing(value) && !isEmptyText ? undefined : readValue(name, value, schema, spreadsheet)
    const said = own === undefined ? undefined : (read[name]?.(own, { ...preset, ...fields }) ?? own)
    if (said !== undefined) input.push([name, said])
    else if (required.includes(name) && !Object.hasOwn(preset, name) && value !== undefined)
      missing.push([name, value])
  }
  const [first] = missing
  if (first === undefined) return Object.fromEntries(input)
  throw problem(
    first[0],
    missing.map(([name, value]) => `${name} is required (${nothing(value)})`).join('; '),
  )
}

function wholeOf(given: unknown): unknown {
  // Some hosts encode the text of the input once more.
  let whole = given
  for (let times = 0; times < 2 && typeof whole === 'string' && !isBlank(whole); times++)
    whole = exactJsonOrText(whole, 'the input')
  return isNothing(whole) || isEmptyList(whole) ? {} : whole
}

/** The value of a parameter in the type of its schema; `undefined` where it says nothing. */
function readValue(name: string, value: unknown, schema: JsonSchema, spreadsheet: boolean): unknown {
  if (schema['type'] !== 'string' && typeof value === 'string' && trimmed(value) === 'null') return undefined
  switch (schema['type']) {
    case 'string':
      return readText(name, value, schema['enum'])
    case 'integer':
      return readInteger(name, value)
    case 'boolean':
      return readBoolean(name, value, spreadsheet)
    case 'array':
      return readList(name, value, (schema['items'] ?? {}) as JsonSchema, spreadsheet)
    case 'object':
      return readObject(name, value)
    default:
      return value
  }
}

/** Parameters whose values have no blanks at their ends. */
const identifier = /(?:^|_)(?:id|email|phone|avatar|before|after)$|_urls$/

/** A text, also where a host has made a number of it, such as an id; one of `words`, however it is spelt. */
function readText(name: string, value: unknown, words: unknown): unknown {
  const given = Number.isSafeInteger(value) ? String(value) : value
  const text =
    typeof given === 'string' && identifier.test(name)
      ? given.replace(/^[ \t\r\n\u00a0]+|(?<![ \t\r\n\u00a0])[ \t\r\n\u00a0]+$/g, '')
      : given
  if (!Array.isArray(words) || typeof text !== 'string') return text
  const wanted = trimmed(text).toLowerCase().replace(/[ -]/g, '_')
  const spellings = [(word: string) => word, (word: string) => word.replaceAll('_', '')] // e-mail is email
  for (const spelled of spellings) {
    const found = words.filter((word) => spelled(String(word).toLowerCase()) === spelled(wanted))
    if (found.length === 1) return found[0]
  }
  return text
}

function readInteger(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  const text = trimmed(value)
  const number = /^[+-]?\d+(\.0+)?$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(number)) return number
  throw problem(name, `${name} must be a whole number`)
}

function readBoolean(name: string, value: unknown, spreadsheet: boolean): unknown {
  if (typeof value !== 'string') return value
  const word = trimmed(value).toLowerCase()
  if (word === 'true' || (spreadsheet && word === 'yes')) return true
  if (word === 'false' || (spreadsheet && word === 'no')) return false
  throw problem(name, `${name} must be true or false`)
}

/** A list without its blank items; a text alone is a list of one. */
function readList(name: string, value: unknown, items: JsonSchema, spreadsheet: boolean): unknown {
  const given = fromJson(value, name)
  if (isObject(given) && Object.keys(given).length === 0) return undefined // some languages write an empty list so
  const list = typeof given === 'string' ? [given] : given
  if (!Array.isArray(list) || list.length === 0) return list
  const said = list
    .filter((item) => !isNothing(item))
    .map((item) => readValue(name, item, items, spreadsheet))
  return said.length === 0 ? undefined : said
}

function readObject(name: string, value: unknown): unknown {
  const given = fromJson(value, name)
  return isEmptyList(given) ? undefined : withoutNothing(given)
}

/** A name whose value is null or blank is as good as absent: nobody said to empty it. */
function withoutNothing(value: unknown): unknown {
  if (!isObject(value)) return value
  const entries = Object.entries(value)
  const said = entries.flatMap(([name, item]) => {
    const own = isNothing(item) ? undefined : withoutNothing(item)
    return own === undefined ? [] : [[name, own] as const]
  })
  return said.length === 0 && entries.length > 0 ? undefined : Object.fromEntries(said)
}

/** The value of JSON text that begins with a bracket; a text that is not JSON as it is. */
function fromJson(value: unknown, name: string): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(trimmed(value))) return value
  try {
    return exactJsonOrText(trimmed(value), name)
  } catch (error) {
    throw error instanceof IntercomError ? problem(name, error.message) : error
  }
}

/** Plain data only: the entries of a Map or of a class are not its fields. */
function isObject(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return [Object.prototype, null].includes(Object.getPrototypeOf(value))
}

/** What some languages write for an empty object. */
function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

/** Absent, null, or text that shows nothing. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && isBlank(value))
}

function nothing(value: unknown): string {
  if (value === null) return 'null was given'
  return typeof value === 'string' ? 'blank text was given' : 'nothing but blanks was given'
}

function problem(field: string, message: string): IntercomError {
  return new IntercomError(message, { code: 'invalid_input', field, hint: 'Nothing was sent.' })
}

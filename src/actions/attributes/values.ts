import type { Memory } from '../../core/memory.ts'
import { didYouMean } from '../../core/nearest.ts'
import { explain } from '../../core/outcome.ts'
import type { Port } from '../../core/port.ts'
import { IntercomError, quotedName, sentences } from '../../errors.ts'
import { asInteger, asSeconds, mayBeTime, type Typed } from '../types/seconds.ts'
import { type Definition, definitionsOf, type Model } from './definitions.ts'

type Attributes = Record<string, unknown>
type Definitions = Map<string, Definition>

/** Intercom's own date format besides Unix seconds (docs/intercom-api.md 3.10). */
const dayMonthYear = /^\d{2}\/\d{2}\/\d{4}$/

/**
 * Custom attributes as they are sent: where one is a date, ISO text becomes Unix seconds, and what is no time is
 * refused. The workspace's definitions are read only when a value may be meant as a time.
 */
export async function datedAttributes(
  intercom: Port,
  given: Attributes,
  memory: Memory,
  model: Model = 'contact',
): Promise<Attributes> {
  const times = Object.entries(given).filter(([name, value]) => mayBeDate(name, value))
  if (times.length === 0) return given
  const definitions = await definitionsOf(intercom, memory, model)
  const sent: Attributes = Object.assign(Object.create(null), given)
  const problems: string[] = []
  for (const [name, value] of times) {
    if (!isDate(definitions, name) || (definitions === null && !mayBeTime(value))) continue
    const time = timeOf(value)
    if ('problem' in time) problems.push(`custom_attributes.${name} ${time.problem}`)
    else sent[name] = time.value
  }
  if (problems.length > 0) throw attributeError(problems)
  return sent
}

const dateName = /(?:^|[_ -])(?:at|on|date|day|time|since|until)$/i

/** Whether it matters if an attribute is a date: by its value, or by its name where the value is not a plausible time. */
function mayBeDate(name: string, value: unknown): boolean {
  if (mayBeTime(value)) return true
  if (!dateName.test(name)) return false
  if (typeof value === 'number') return Math.abs(value) < 1e8 || !Number.isInteger(value)
  return typeof value === 'string' && value.trim() !== ''
}

/** Whether an attribute is a date; where the definitions cannot be read, by Intercom's convention for names. */
export function isDate(definitions: Definitions | null, name: string): boolean {
  if (definitions === null) return name.endsWith('_at')
  return definitions.get(name)?.data_type === 'date'
}

/** A time as it is sent. */
function timeOf(value: unknown): Typed<unknown> {
  return typeof value === 'string' && dayMonthYear.test(value.trim()) ? { value } : asSeconds(value)
}

/**
 * Refuses custom attributes that the workspace does not have or that take another type, as `invalid_input`. Throws
 * another `IntercomError` where the definitions cannot be read: what was not checked must not pass for good.
 */
export async function checkAttributes(
  intercom: Port,
  given: Attributes,
  memory: Memory,
  model: Model = 'contact',
): Promise<void> {
  if (Object.keys(given).length === 0) return
  const definitions = await definitionsOf(intercom, memory, model)
  if (definitions === null)
    throw new IntercomError('this token cannot read the definitions of custom attributes', {
      code: 'attributes_unreadable',
    })
  const problems = problemsOf(given, definitions)
  if (problems.length > 0) throw attributeError(problems)
}

/** Throws Intercom's refusal of a contact again, with what is wrong with its custom attributes. */
export async function explainAttributes(
  failure: IntercomError,
  intercom: Port,
  given: Attributes,
  memory: Memory,
  model: Model = 'contact',
): Promise<never> {
  if (failure.status !== 400 || Object.keys(given).length === 0) throw failure
  const definitions = await definitionsOf(intercom, memory, model, 'fresh').catch(() => null)
  const problems = definitions === null ? [] : problemsOf(given, definitions, 'refused')
  return problems.length === 0
    ? explain(failure, failure.hint)
    : explain(failure, said(failure.hint, problems), failure.outcome)
}

function attributeError(problems: readonly string[]): IntercomError {
  return new IntercomError(said(null, problems), {
    code: 'invalid_input',
    field: 'custom_attributes',
    hint: 'Nothing was changed.',
  })
}

const maxProblems = 3

function said(hint: string | null, problems: readonly string[]): string {
  const more = problems.length > maxProblems ? `and ${problems.length - maxProblems} more` : null
  return sentences(hint, ...problems.slice(0, maxProblems), more)
}

function problemsOf(given: Attributes, definitions: Definitions, refused?: 'refused'): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const definition = definitions.get(name)
    if (definition === undefined) return [unknownAttribute(name, definitions)]
    const takes = value === null ? null : mismatch(definition, value, refused)
    return takes === null ? [] : [`custom_attributes.${name} ${takes}`]
  })
}

/** That a workspace has no such attribute, and the nearest that it has. */
export function unknownAttribute(name: string, definitions: Definitions): string {
  const known = [...definitions.keys()]
  const some = known.length === 0 ? null : `It has ${known.slice(0, 20).join(', ')}`
  const part =
    name.length > 3 ? known.find((one) => one.toLowerCase().includes(name.toLowerCase())) : undefined
  const asked =
    didYouMean(part ?? name, known) ??
    (parameters.has(name) ? 'It is a parameter, not a custom attribute' : some)
  return sentences(
    `custom_attributes.${quotedName(name).slice(1, -1)} does not exist in this workspace`,
    asked,
  )
}

/** Parameters that are sometimes given among the custom attributes. */
const parameters = new Set('email role external_id phone name avatar unsubscribed_from_emails'.split(' '))

/** What an attribute takes, where a value is nothing of the kind. */
function mismatch({ data_type, options }: Definition, value: unknown, refused?: 'refused'): string | null {
  const not = `, not ${shown(value)}`
  switch (data_type) {
    case 'date': {
      const time = refused ? asSeconds(value) : timeOf(value)
      return 'problem' in time ? time.problem : null
    }
    case 'integer':
      return asInteger(value) ? null : `takes a whole number${not}`
    case 'float':
      return isDecimal(value) ? null : `takes a number${not}`
    case 'boolean':
      return [true, false, 'true', 'false'].some((one) => one === value) ? null : `takes true or false${not}`
    case 'string':
      if (typeof value === 'object') return `takes text${not}`
      return Array.isArray(options) && options.length > 0 && !options.map(String).includes(String(value))
        ? `takes ${options.map((option) => JSON.stringify(option)).join(', ')}${not}`
        : null
    default:
      return null
  }
}

function isDecimal(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value.trim()))
}

function shown(value: unknown): string {
  return quotedName(typeof value === 'object' ? (JSON.stringify(value) ?? '') : String(value))
}

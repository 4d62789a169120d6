import type { Memory } from '../../core/memory.ts'
import { explain } from '../../core/outcome.ts'
import type { Port } from '../../core/port.ts'
import { IntercomError, sentences } from '../../errors.ts'
import type { Query } from '../search/query.ts'
import { asSeconds, mayBeTime } from '../types/seconds.ts'
import { definitionsOf, type Model } from './definitions.ts'
import { isDate, unknownAttribute } from './values.ts'

const prefix = 'custom_attributes.'

/** The filters of a query on custom attributes, by the attributes' names. */
function* attributeFilters(query: Query): Generator<{ name: string; value: unknown }> {
  if (!('field' in query)) for (const one of query.value) yield* attributeFilters(one)
  else if (query.field.startsWith(prefix))
    yield { name: query.field.slice(prefix.length), value: query.value }
}

/**
 * A query as it is sent: where a custom attribute is a date, times become Unix seconds, `dayOffset` seconds into a day
 * that has no time, and what is no time is refused; where one is text, true and false are words. The definitions are
 * read only when a value may be meant as a time, or is true or false.
 */
export async function datedQuery(
  intercom: Port,
  query: Query,
  memory: Memory,
  model: Model,
  dayOffset: number,
): Promise<Query> {
  const times = [...attributeFilters(query)].filter(({ value }) =>
    [value].flat().some((item) => typeof item === 'boolean' || mayBeTime(item)),
  )
  if (times.length === 0) return query
  const definitions = await definitionsOf(intercom, memory, model)
  const seconds = <Value>(name: string, value: Value) => {
    const time = mayBeTime(value) ? asSeconds(value, dayOffset) : { value }
    if ('value' in time) return time.value
    throw new IntercomError(`query_value for ${prefix}${name} ${time.problem}`, {
      code: 'invalid_input',
      field: 'query_value',
      hint: 'Nothing was searched.',
    })
  }
  const dated = (one: Query): Query => {
    if (!('field' in one)) return { ...one, value: one.value.map(dated) }
    const name = one.field.startsWith(prefix) ? one.field.slice(prefix.length) : null
    const isText = name !== null && definitions?.get(name)?.data_type === 'string'
    if (name === null || (!isText && !isDate(definitions, name))) return one
    const own = <Value>(item: Value) =>
      !isText ? seconds(name, item) : typeof item === 'boolean' ? String(item) : item
    const { value } = one
    return { ...one, value: Array.isArray(value) ? value.map(own) : own(value) }
  }
  return dated(query)
}

/** Throws Intercom's refusal of a search again, naming the custom attributes that the workspace does not have. */
export async function explainQuery(
  failure: IntercomError,
  intercom: Port,
  query: Query,
  memory: Memory,
  model: Model,
): Promise<never> {
  const names = [...attributeFilters(query)].map(({ name }) => name)
  if (failure.status !== 400 || names.length === 0) throw failure
  const definitions = await definitionsOf(intercom, memory, model, 'fresh').catch(() => null)
  const unknown = names.filter((name) => definitions?.has(name) === false)
  if (definitions === null || unknown.length === 0) throw failure
  return explain(
    failure,
    sentences(...unknown.slice(0, 3).map((name) => unknownAttribute(name, definitions))),
  )
}

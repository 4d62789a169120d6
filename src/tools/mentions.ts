import { catalogue } from '../actions/toolsets.ts'
import type { Description, JsonSchema } from '../core/describe.ts'

/** Removes from a text of ours what names an action that is not offered. */
export type Mentions = (text: string) => string

/**
 * Removes advice to use an action that is not offered: a name among several, what stands in parentheses, a clause, or a
 * sentence. A model would only try what it cannot call.
 */
export function mentionsOf(offered: readonly string[]): Mentions {
  const absent = catalogue.map(({ name }) => name).filter((name) => !offered.includes(name))
  if (absent.length === 0) return (text) => text
  const names = `\\b(?:${absent.join('|')})\\b`
  const absentName = new RegExp(names)
  const alternative = new RegExp(` or ${names}|${names} or `, 'g')
  const isKept = (text: string) => !absentName.test(text)
  return (text) => {
    if (isKept(text)) return text
    return text
      .replace(/ ?\(([^()]*)\)/g, (whole, inside: string) => {
        if (isKept(inside)) return whole
        const kept = inside.split(', ').filter(isKept)
        return kept.length === 0 ? '' : ` (${kept.join(', ')})`
      })
      .replace(alternative, '')
      .split(/(?<=[.!?]) +/)
      .map((sentence) => (isKept(sentence) ? sentence : keptClauses(sentence, isKept)))
      .filter((sentence) => sentence !== '')
      .join(' ')
  }
}

/** The clauses of a sentence, which `; ` and `: ` divide. */
function keptClauses(sentence: string, isKept: (text: string) => boolean): string {
  const [first = '', ...rest] = sentence.split(/(?=[;:] )/)
  const kept = rest.filter(isKept)
  const text = (isKept(first) ? [first, ...kept] : kept)
    .join('')
    .replace(/^[;:] (.)/, (_, letter) => letter.toUpperCase())
  const end = /[.!?]$/.exec(sentence)?.[0] ?? ''
  return text === '' || text.endsWith(end) ? text : text + end
}

/** The description of a tool beside those that are offered. */
export function mentioning(description: Description, mentions: Mentions): Description {
  const parameters = Object.entries(description.parameters).map(([name, parameter]) => [
    name,
    { ...parameter, description: mentions(parameter.description) },
  ])
  return {
    ...description,
    description: mentions(description.description),
    parameters: Object.fromEntries(parameters),
    input_schema: schemaMentioning(description.input_schema, mentions) as JsonSchema,
  }
}

function schemaMentioning(schema: unknown, mentions: Mentions): unknown {
  if (Array.isArray(schema)) return schema.map((item) => schemaMentioning(item, mentions))
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).map(([key, value]) => [
    key,
    key === 'description' && typeof value === 'string' ? mentions(value) : schemaMentioning(value, mentions),
  ])
  return Object.fromEntries(entries)
}

import { path, withQuery } from '../../client/path.ts'
import { itemsOf } from '../../core/list.ts'
import type { Memory } from '../../core/memory.ts'
import { outcomeOf } from '../../core/outcome.ts'
import type { Port } from '../../core/port.ts'

/** A custom attribute as the workspace defines it (docs/intercom-api.md 2.12). */
export type Definition = {
  name: string
  data_type: string
  /** What a list attribute takes. */
  options?: unknown
}

export type Model = 'contact' | 'company' | 'conversation'

/**
 * The custom attributes of a model, by name; `null` when the token may not read them. Read once for a client, `fresh`
 * once more: the workspace may have changed since.
 */
export async function definitionsOf(
  intercom: Port,
  memory: Memory,
  model: Model,
  fresh?: 'fresh',
): Promise<Map<string, Definition> | null> {
  const key = `attributes of ${model}`
  const known = fresh ? undefined : memory.get(key)
  if (known !== undefined) return new Map(JSON.parse(known))
  const read = await outcomeOf(listed(intercom, model))
  if ('failure' in read) {
    const { status, code } = read.failure
    if (status === 403 || status === 404 || code === 'unreadable_answer') return null
    throw read.failure
  }
  const entries = read.value.map(
    ({ name, data_type, options }) => [name, { name, data_type, options }] as const,
  )
  memory.set(key, JSON.stringify(entries))
  return new Map(entries)
}

async function listed(intercom: Port, model: Model): Promise<Definition[]> {
  const answer = await intercom.get(withQuery(path`/data_attributes`, { model }))
  return itemsOf<(Definition & { custom?: unknown }) | null>(answer, 'data').flatMap((attribute) =>
    attribute?.custom === true && typeof attribute.name === 'string' ? [attribute] : [],
  )
}

import type { Envelope } from './action.ts'

/**
 * The envelope of a write with ids in place of objects, for where an answer is kept: it holds what customers
 * wrote, and may be large. `{ type, id }`, and `item_id` for what was made inside it (the part of a reply).
 */
export function idsOnly(output: Envelope, claimed: string | null): Envelope {
  const entries = Object.entries(output).map(([key, value]) => [key, idsOf(value, claimed)])
  return Object.fromEntries(entries) as Envelope // the same keys
}

function idsOf(value: unknown, claimed: string | null): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const { type, id, conversation_id } = value as Record<string, unknown>
  const item_id = claimed?.split(' ').at(-1)
  return {
    ...(type === undefined ? {} : { type }),
    ...(id === undefined ? {} : { id }),
    ...(conversation_id === undefined ? {} : { conversation_id }),
    ...(item_id === undefined || item_id === id ? {} : { item_id }),
  }
}

import type { Envelope } from '../../core/action.ts'
import type { Json } from './json.ts'

type Kind = 'admins' | 'teams' | 'tags'
/** What ids are called; empty where that is not known. */
export type Names = (kind: Kind) => Promise<ReadonlyMap<string, string>>

/** Keys that hold an id, or several; the name stands beside, under the same key without `_id` or `_ids`. */
const references: Readonly<Record<string, Kind>> = {
  admin_assignee_id: 'admins',
  team_assignee_id: 'teams',
  last_closed_by_id: 'admins',
  owner_id: 'admins',
  author_id: 'admins',
  admin_ids: 'admins',
  team_ids: 'teams',
}
/** Objects that Intercom may give without their name. */
const kindOfType: Readonly<Record<string, Kind>> = { admin: 'admins', team: 'teams', tag: 'tags' }

const maxDepth = 8

/** An envelope with the names of admins, teams and tags beside their ids. Nothing is looked up where there are none. */
export async function withNames(output: Envelope, names: Names): Promise<Envelope> {
  const kinds = new Set<Kind>()
  named(output, (kind) => void kinds.add(kind))
  if (kinds.size === 0) return output
  const known = new Map(await Promise.all([...kinds].map(async (kind) => [kind, await names(kind)] as const)))
  return named(output, (kind, id) => known.get(kind)?.get(id) || undefined) as Envelope
}

function named(value: unknown, find: (kind: Kind, id: string) => string | undefined, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return value
  if (Array.isArray(value)) return value.map((item) => named(item, find, depth + 1))
  if ('dry_run' in value) return value // a plan shows what would be sent, and nothing else
  const entries: [string, unknown][] = []
  for (const [key, item] of Object.entries(value)) {
    entries.push([key, named(item, find, depth + 1)])
    const kind = Object.hasOwn(references, key) ? references[key] : undefined
    const called = kind && nameOf(item, (id) => find(kind, id))
    const beside = key.replace(/_ids?$/, key.endsWith('s') ? 's' : '')
    if (called !== undefined && !(beside in value)) entries.push([beside, called])
  }
  return Object.fromEntries([...entries, ...ownName(value as Json, find)])
}

function ownName({ type, id, name }: Json, find: (kind: Kind, id: string) => string | undefined) {
  const kind = typeof type === 'string' && Object.hasOwn(kindOfType, type) ? kindOfType[type] : undefined
  const called = kind && typeof name !== 'string' ? nameOf(id, (one) => find(kind, one)) : undefined
  return called === undefined ? [] : [['name', called] as [string, unknown]]
}

function nameOf(id: unknown, find: (id: string) => string | undefined): string | string[] | undefined {
  if (Array.isArray(id)) {
    const all = id.map((one) => nameOf(one, find))
    return all.every((one) => typeof one === 'string') && all.length > 0 ? (all as string[]) : undefined
  }
  const isOne = (typeof id === 'string' && id !== '') || typeof id === 'number'
  return isOne && Number(id) !== 0 ? find(String(id)) : undefined
}

import { type Path, path } from '../client/path.ts'
import { itemsOf } from '../core/list.ts'
import type { Port } from '../core/port.ts'

/** What ids may name. */
export type NamedKind = 'admins' | 'teams' | 'tags'
/** Names by id. */
export type Names = ReadonlyMap<string, string>

const lists: Record<NamedKind, { at: Path; key: string }> = {
  admins: { at: path`/admins`, key: 'admins' },
  teams: { at: path`/teams`, key: 'teams' },
  tags: { at: path`/tags`, key: 'data' },
}

const [keptMs, failedMs] = [10 * 60_000, 60_000]

/** Reads each list at most once in ten minutes; one that cannot be read names nothing for a minute. */
export function nameReader(port: () => Port): (kind: NamedKind) => Promise<Names> {
  const known = new Map<NamedKind, { names: Promise<Names>; until: number }>()
  return (kind) => {
    const now = performance.now()
    const kept = known.get(kind)
    if (kept !== undefined && kept.until > now) return kept.names
    const entry = { names: read(port(), kind), until: now + keptMs }
    entry.names = entry.names.catch(() => {
      entry.until = now + failedMs
      return new Map()
    })
    known.set(kind, entry)
    return entry.names
  }
}

async function read(intercom: Port, kind: NamedKind): Promise<Names> {
  const { at, key } = lists[kind]
  const items = itemsOf<{ id?: unknown; name?: unknown } | null>(await intercom.get(at), key)
  return new Map(items.map((item) => [String(item?.id), typeof item?.name === 'string' ? item.name : '']))
}

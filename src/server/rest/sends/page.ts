import type { Send, SendState } from './send.ts'

/** Which sends to list. */
type SendFilter = { state?: SendState | undefined; action?: string | undefined }

/** How far a list has been read in one source: `false` at its end. */
export type Place = number | string | false

/** Sends of one kind, the newest first. */
export type Source = {
  name: string
  read(
    before: number | string | undefined,
    limit: number,
    filter: SendFilter,
  ): Promise<{ found: { send: Send; place: number | string }[]; next: Place }>
}

/** Sends that one page reads of all its sources together, as far as each gives `fewest`. */
const mostRead = 2000
const fewest = 5
/** Pages of a source that one filtered page looks through. */
const mostRounds = 10

type Found = Awaited<ReturnType<Source['read']>>

/** Reads on in a source until a page is full, the end is reached, or enough was looked through. */
export async function filledPage(
  before: number | string | undefined,
  limit: number,
  read: (before: number | string | undefined, count: number) => Promise<Found>,
): Promise<Found> {
  const found: Found['found'] = []
  let from = before
  for (let round = 0; round < mostRounds; round += 1) {
    const page = await read(from, limit)
    found.push(...page.found)
    if (page.next === false && found.length <= limit) return { found, next: false }
    if (found.length >= limit) break
    if (page.next !== false) from = page.next
  }
  const kept = found.slice(0, limit)
  return { found: kept, next: found.length < limit ? (from ?? false) : (kept.at(-1)?.place ?? false) }
}

/** How far a list of several sources has been read; a source that is not in it has not been begun. */
export type Cursor = Record<string, Place>

/** One page of several sources, the newest first. `next`: `null` at the end. */
export async function pageOf(
  all: readonly { caller: string; sources: readonly Source[] }[],
  filter: SendFilter,
  limit: number,
  cursor: Cursor,
): Promise<{ sends: Send[]; next: Cursor | null }> {
  const count = all.reduce((sum, { sources }) => sum + sources.length, 0)
  const each = Math.min(limit, Math.max(fewest, Math.floor(mostRead / count)))
  const lists = await Promise.all(
    all.flatMap(({ caller, sources }) =>
      sources.map(async (source) => {
        const name = `${caller}/${source.name}`
        const from = cursor[name]
        const { found, next } =
          from === false ? { found: [], next: false as const } : await source.read(from, each, filter)
        return { name, found, taken: 0, from, next }
      }),
    ),
  )
  const sends: Send[] = []
  while (sends.length < limit) {
    // What a source has not looked through yet may come before what the others have.
    if (lists.some(({ found, taken, next }) => taken === found.length && next !== false)) break
    const heads = lists.filter(({ found, taken }) => taken < found.length)
    const first = heads.toSorted((a, b) => headOf(b) - headOf(a))[0]
    if (first === undefined) break
    const next = first.found[first.taken]
    if (next !== undefined) sends.push(next.send)
    first.taken += 1
  }
  const places = lists.flatMap(({ name, found, taken, from, next }): [string, Place][] => {
    const place = taken === found.length ? next : (found[taken - 1]?.place ?? from)
    return place === undefined ? [] : [[name, place]]
  })
  const isOver = lists.every(({ found, taken, next }) => taken === found.length && next === false)
  return { sends, next: isOver ? null : Object.fromEntries(places) }
}

function headOf({ found, taken }: { found: { send: Send }[]; taken: number }): number {
  const send = found[taken]?.send
  return send?.begun_at ?? send?.changed_at ?? 0
}

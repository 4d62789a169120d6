import { type Signal, signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { live } from '../shell/live.ts'
import { ask, isAborted, messageOf } from '../shell/server.ts'
import type { SendRow, State } from './words.ts'

const pageSize = 100

export type Chosen = { state: State | undefined; action: string | undefined; caller: string | undefined }
export type Page = { sends: SendRow[]; next: string | null }

export type Rows = {
  /** Held ones first, then the newest; `null` until they are there. */
  rows: Signal<readonly SendRow[] | null>
  problem: Signal<string | null>
  /** Counts the changes of each send, so that what is open is read anew. */
  changes: Signal<ReadonlyMap<string, number>>
  again(): void
  more(): void
}

/** The list of sends, which keeps itself up to date. */
export function useRows(chosen: Chosen): Rows {
  const list = useRef<Rows & { follow(chosen: Chosen): () => void }>(null)
  list.current ??= rowsOf()
  const { state, action, caller } = chosen
  useEffect(() => list.current?.follow({ state, action, caller }), [state, action, caller])
  return list.current
}

function rowsOf() {
  const rows = signal<readonly SendRow[] | null>(null)
  const problem = signal<string | null>(null)
  const changes = signal<ReadonlyMap<string, number>>(new Map())
  let byId = new Map<string, SendRow>()
  let query: Chosen = { state: undefined, action: undefined, caller: undefined }
  let next: string | null = null
  let reading = new AbortController()
  let isReading = false

  function draw(): void {
    rows.value = [...byId.values()].filter(isChosen).toSorted(inOrder)
  }

  function isChosen({ state, action, caller }: SendRow): boolean {
    return (
      (query.state === undefined || query.state === state) &&
      (query.action === undefined || query.action === action) &&
      (query.caller === undefined || query.caller === caller)
    )
  }

  async function read(before: string | null): Promise<void> {
    if (before === null) reading.abort()
    else if (isReading) return
    if (before === null) reading = new AbortController()
    const { signal: going } = reading
    isReading = true
    const { state, action, caller } = query
    const given = { state, action, caller, before: before ?? undefined, limit: String(pageSize) }
    const search = new URLSearchParams(
      Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    )
    try {
      const page = await ask<Page>('GET', `/sends?${search}`, undefined, { signal: going })
      if (going.aborted) return
      if (before === null) byId = new Map()
      for (const row of page.sends) byId.set(row.id, row)
      next = page.next
      problem.value = null
      draw()
    } catch (error) {
      if (!going.aborted && !isAborted(error)) problem.value = messageOf(error)
    }
    if (!going.aborted) isReading = false
    // A filtered page may be short, and even empty, though there is more.
    if (!going.aborted && next !== null && problem.peek() === null && byId.size < 30) await read(next)
  }

  function heard(event: string, data: unknown): void {
    const row = data as SendRow
    if (event === 'ready') void read(null)
    if (event !== 'send' && event !== 'gone') return
    const { id } = row
    if (event === 'send') byId.set(id, row)
    else byId.delete(id)
    changes.value = new Map(changes.peek()).set(id, (changes.peek().get(id) ?? 0) + 1)
    if (rows.peek() !== null) draw()
  }

  return {
    rows,
    problem,
    changes,
    again: () => void read(null),
    more() {
      if (next !== null) void read(next)
    },
    follow(chosen: Chosen) {
      query = chosen
      rows.value = null
      void read(null)
      const close = live('/sends', {
        onEvent: (_, data, event) => heard(event, data),
        onMissed: () => {
          void read(null)
          changes.value = new Map([...changes.peek()].map(([id, count]) => [id, count + 1]))
        },
      })
      return () => {
        close()
        reading.abort()
      }
    },
  }
}

function inOrder(a: SendRow, b: SendRow): number {
  const first = Number(b.state === 'held') - Number(a.state === 'held')
  return first || (b.begun_at ?? b.changed_at) - (a.begun_at ?? a.changed_at)
}

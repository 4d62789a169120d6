import { signal } from '@preact/signals'
import { live } from '../shell/live.ts'
import { ask, isAborted, messageOf } from '../shell/server.ts'
import type { Change } from './change.tsx'

/** A change as a row: `key` names it in addresses. */
export type Row = { key: string; change: Change }
type Page = { changes: Change[]; next_since: number; has_more: boolean; complete: boolean }

/** Rows that are kept, the newest; and of a page. */
const most = 10_000
const pageSize = 1000
/** Milliseconds between two drawings of what comes in. */
const drawMs = 60

/** What changed since a checkpoint, or all that is kept, and goes on changing: the newest first. */
export function historyOf(checkpoint: string | null) {
  const rows = signal<readonly Row[] | null>(null)
  const problem = signal<string | null>(null)
  /** Whether older changes exist that nobody can tell any more. */
  const isCut = signal(false)
  let going = new AbortController()
  let close = () => {}
  let fresh: Row[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = { id: -1, count: 0 }

  function rowOf(change: Change): Row {
    last = { id: change.id, count: change.id === last.id ? last.count + 1 : 0 }
    return { key: `${change.id}.${last.count}`, change }
  }

  function draw(): void {
    timer = undefined
    const all = [...fresh.toReversed(), ...(rows.peek() ?? [])]
    fresh = []
    rows.value = all.length > most ? all.slice(0, most) : all
  }

  async function read(): Promise<void> {
    stop()
    going = new AbortController()
    const { signal } = going
    const named = checkpoint === null ? '' : `&checkpoint=${encodeURIComponent(checkpoint)}`
    const found: Row[] = []
    let since: number | null = null
    last = { id: -1, count: 0 }
    try {
      for (let page: Page | null = null; page === null || page.has_more; ) {
        const from: string = since === null ? '' : `&since=${since}`
        page = await ask<Page>('GET', `/workspace/changes?limit=${pageSize}${named}${from}`, undefined, {
          signal,
        })
        since = page.next_since
        isCut.value = !page.complete
        for (const change of page.changes) found.push(rowOf(change))
      }
      rows.value = found.toReversed().slice(0, most)
      problem.value = null
      // A checkpoint is at its own number, from which on nothing may have happened yet.
      close = live('/workspace/changes', {
        since: since ?? 0,
        onEvent: (_, data) => heard(data as Change),
        onMissed: again,
      })
    } catch (error) {
      if (!isAborted(error)) problem.value = messageOf(error)
    }
  }

  function heard(change: Change): void {
    // What a rewind or a reset leaves of the list, the server knows.
    if (change.cause === 'rewind' || change.action === 'replaced') again()
    else {
      fresh.push(rowOf(change))
      timer ??= setTimeout(draw, drawMs)
    }
  }

  function again(): void {
    void read()
  }

  function stop(): void {
    going.abort()
    close()
    clearTimeout(timer)
    timer = undefined
    fresh = []
  }

  void read()
  return { rows, problem, isCut, again, close: stop }
}

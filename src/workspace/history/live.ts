import type { HistoryControl } from '../control/history.ts'
import type { Wire } from '../faults/wire.ts'
import type { ChangesQuery } from './time-machine.ts'

const heartbeatMs = 15_000

/** An event to write: `missed` says that there are some that cannot be told any more. */
interface LiveEvent {
  readonly id?: string | number
  readonly event: string
  readonly data: object
}

const missed: LiveEvent = { event: 'missed', data: {} }

/** What grows while it is read. */
export interface LiveSource {
  /** The next events, and whether there are more already. */
  next(): { readonly events: readonly LiveEvent[]; readonly more: boolean }
  /** Calls back when there is something new; gives what ends that. */
  listen(listener: () => void): () => void
}

/** Those changes that a query is about, from its `since` or from now on; throws if it can be about none. */
export function liveChanges(
  control: HistoryControl,
  { since = control.newestChange, limit: _, ...which }: ChangesQuery,
): LiveSource {
  control.changes({ ...which, since: control.newestChange })
  let position = since
  return {
    next() {
      // Of another history, such as that of a program that ran before: nothing is after it for a long time.
      if (typeof position === 'number' && position > control.newestChange) {
        position = control.newestChange
        return { events: [missed], more: true }
      }
      const found = control.changes({ ...which, since: position, limit: 100 })
      position = found.next_since
      const events = found.changes.map((data) => ({ id: data.id, event: 'change', data }))
      return { events: found.complete ? events : [missed, ...events], more: found.has_more }
    },
    listen: (listener) => control.onChange(listener),
  }
}

/** A log whose latest entries are kept, numbered from 1 as long as the workspace is open. */
export interface NumberedLog<Entry extends object> {
  readonly newest: number
  /** The number up to which none is kept any more. */
  readonly forgotten: number
  /** Those after a number, oldest first; undefined if some of them are not kept any more. */
  since(number: number): readonly Entry[] | undefined
  listen(listener: () => void): () => void
}

/** Tells the numbers of one process from those of another. */
const epoch = Date.now().toString(36)

/** Entries of a log after the one of an event's id, else the latest so many and those to come. */
export function liveEntries<Entry extends object>(
  log: NumberedLog<Entry>,
  event: string,
  { last, latest }: { last: string | undefined; latest: number },
): LiveSource {
  const [of, number] = last?.split('-') ?? [epoch, Math.max(log.newest - latest, log.forgotten)]
  let position = of === epoch ? Number(number) : Number.NaN
  return {
    next() {
      const entries = log.since(position)
      const first = log.newest - (entries?.length ?? 0) + 1
      position = log.newest
      const events = entries?.map((data, at) => ({ id: `${epoch}-${first + at}`, event, data }))
      return { events: events ?? [missed], more: false }
    },
    listen: (listener) => log.listen(listener),
  }
}

/** Writes a source to a connection as server-sent events, until the caller leaves or the workspace closes. */
export async function sendLive(source: LiveSource, wire: Wire, closing: AbortSignal): Promise<void> {
  wire.head(200, [
    ['Content-Type', 'text/event-stream; charset=utf-8'],
    ['Cache-Control', 'no-store'],
  ])
  let wake = () => {}
  const end = source.listen(() => wake())
  const left = AbortSignal.any([wire.gone, closing])
  left.addEventListener('abort', () => wake(), { once: true })
  const heartbeat = setInterval(() => void wire.write(':\n\n'), heartbeatMs).unref()
  try {
    await wire.write(':\n\n')
    while (!left.aborted) {
      // Listened for before they are read: what is written in between wakes at once.
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      const { events, more } = source.next()
      if (events.length > 0 && !left.aborted) await wire.write(events.map(textOf).join(''))
      if (!more && !left.aborted) await woken
    }
  } finally {
    end()
    clearInterval(heartbeat)
    if (!wire.gone.aborted) wire.end()
  }
}

function textOf({ id, event, data }: LiveEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

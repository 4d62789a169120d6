import type { SendRow } from './send.ts'

/** Changes that a reader who was away can be told of. */
const mostChanges = 1000
const heartbeatMs = 15_000
/** How long changes are followed for readers who come back, ms. */
const lingerMs = 60_000

/** Changes of sends, for readers who may be away for a while. */
export type Feed = {
  /** Server-sent events: `send` with a row, `gone`, and `missed` where a reader has to read the list anew. */
  stream(lastEventId: string | null, signal: AbortSignal): ReadableStream<Uint8Array>
}

type Follow = (changed: (id: string | null) => void) => () => void

/** `rowOf`: what is told of a send, `null` once there is none. */
export function feedOf(follow: Follow, rowOf: (id: string) => Promise<SendRow | null>): Feed {
  const changes = new Map<string, number>() // the most recently changed send is the last one
  const readers = new Set<() => void>()
  let boot = ''
  let last = 0
  /** Changes up to this one are no longer known. */
  let lost = 0
  let stop: (() => void) | undefined
  let lingering: NodeJS.Timeout | undefined

  function changed(id: string | null): void {
    last += 1
    if (id === null) {
      changes.clear()
      lost = last
    } else {
      changes.delete(id)
      changes.set(id, last)
      const [oldest] = changes
      if (changes.size > mostChanges && oldest !== undefined) {
        changes.delete(oldest[0])
        lost = oldest[1]
      }
    }
    for (const wake of readers) wake()
  }

  function begin(wake: () => void): void {
    clearTimeout(lingering)
    readers.add(wake)
    if (stop !== undefined) return
    boot = crypto.randomUUID().slice(0, 8)
    stop = follow(changed)
  }

  function leave(wake: () => void): void {
    readers.delete(wake)
    if (readers.size > 0) return
    lingering = setTimeout(() => {
      stop?.()
      stop = undefined
      changes.clear()
    }, lingerMs).unref()
  }

  function placeOf(lastEventId: string | null): number {
    if (lastEventId === null) return last
    const [from, place] = lastEventId.split('.')
    return from === boot && /^\d+$/.test(place ?? '') ? Number(place) : -1
  }

  return {
    stream(lastEventId, signal) {
      const encoder = new TextEncoder()
      let wake = () => {}
      const woken = () => wake()
      let place = 0
      let isOver = false
      const end = () => {
        if (isOver) return
        isOver = true
        leave(woken)
        woken()
      }
      signal.addEventListener('abort', end, { once: true })

      async function next(): Promise<string> {
        if (place < lost) {
          place = last
          return eventOf('missed', {})
        }
        const found = [...changes].find(([, at]) => at > place)
        if (found === undefined) {
          const turn = Promise.withResolvers<void>()
          wake = turn.resolve
          const beat = setTimeout(turn.resolve, heartbeatMs)
          await turn.promise
          clearTimeout(beat)
          return ':\n\n'
        }
        const [id, at] = found
        const row = await rowOf(id)
        place = at
        return row === null ? eventOf('gone', { id }) : eventOf('send', row)
      }

      const eventOf = (name: string, data: unknown) =>
        `id: ${boot}.${place}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`

      return new ReadableStream<Uint8Array>({
        start(controller) {
          begin(woken)
          place = placeOf(lastEventId)
          const isNew = lastEventId === null
          if (place < 0) place = last
          // A reader of before this process, or of long ago, begins anew; a new one reads the list after this.
          const first = isNew || lastEventId.startsWith(`${boot}.`) ? 'ready' : 'missed'
          controller.enqueue(encoder.encode(eventOf(first, {})))
        },
        async pull(controller) {
          try {
            const text = await next()
            if (isOver) controller.close()
            else controller.enqueue(encoder.encode(text))
          } catch {
            end()
            controller.close() // the reader connects again, and gets an answer that says why
          }
        },
        cancel: end,
      })
    },
  }
}

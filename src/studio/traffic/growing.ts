import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { live } from '../shell/live.ts'
import { ask, messageOf } from '../shell/server.ts'

/** Entries that are kept, and asked for at first. */
const kept = 1000
/** How long what comes is gathered before the list is drawn anew, ms. */
const gatherMs = 40

export type Growing<Entry> = { entries: Signal<readonly Entry[]>; problem: Signal<string | null> }

/** A log of the server, newest first, that grows while it is seen. `listed`: how a whole answer of it is read. */
export function useGrowing<Entry>(
  path: string,
  keyOf: (entry: Entry) => string,
  listed: (body: unknown) => readonly Entry[],
): Growing<Entry> {
  const entries = useSignal<readonly Entry[]>([])
  const problem = useSignal<string | null>(null)
  useEffect(() => {
    let known = new Set<string>()
    let pending: Entry[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const closing = new AbortController()
    const draw = () => {
      timer = undefined
      const fresh = pending.filter((entry) => !known.has(keyOf(entry)) && known.add(keyOf(entry)))
      pending = []
      if (fresh.length === 0) return
      entries.value = [...fresh.reverse(), ...entries.peek()].slice(0, kept)
      if (known.size > 2 * kept) known = new Set(entries.peek().map(keyOf))
    }
    const readAnew = () => {
      ask<unknown>('GET', `${path}?limit=${kept}`, undefined, { signal: closing.signal }).then(
        (body) => {
          const all = listed(body)
          known = new Set(all.map(keyOf))
          entries.value = all
          problem.value = null
        },
        (error: unknown) => {
          if (!closing.signal.aborted) problem.value = messageOf(error)
        },
      )
    }
    const leave = live(`${path}?limit=${kept}`, {
      onEvent(_, data) {
        pending.push(data as Entry)
        timer ??= setTimeout(draw, gatherMs)
      },
      onMissed: readAnew,
    })
    return () => {
      clearTimeout(timer)
      closing.abort()
      leave()
    }
  }, [path])
  return { entries, problem }
}

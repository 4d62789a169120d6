import { type Signal, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { live } from '../shell/live.ts'
import { ask, messageOf } from '../shell/server.ts'

/** Entries that are kept. */
export const kept = 1000
/** How long what comes is gathered before the list is drawn anew, ms. */
const gatherMs = 40

export type Growing<Entry> = {
  /** `null` until they are read. */
  entries: Signal<readonly Entry[] | null>
  problem: Signal<string | null>
  again: () => void
}

/** A log of the server, newest first, that grows while it is seen: `whole` of it is asked for, and read by `listed`. */
export function useGrowing<Entry>(
  path: string,
  whole: string,
  keyOf: (entry: Entry) => string,
  listed: (body: unknown) => readonly Entry[],
): Growing<Entry> {
  const entries = useSignal<readonly Entry[] | null>(null)
  const problem = useSignal<string | null>(null)
  const again = useRef(() => Promise.resolve())
  useEffect(() => {
    let known = new Set<string>()
    let pending: Entry[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    let isReading = false
    const draw = () => {
      timer = undefined
      const before = entries.peek()
      if (before === null || isReading) return
      const fresh = pending.filter((entry) => !known.has(keyOf(entry)) && known.add(keyOf(entry)))
      pending = []
      if (fresh.length === 0) return
      entries.value = [...fresh.reverse(), ...before].slice(0, kept)
      if (known.size > 2 * kept) known = new Set(entries.peek()?.map(keyOf))
    }
    let reading = new AbortController()
    // What comes meanwhile is drawn after it.
    const readAnew = async () => {
      reading.abort()
      reading = new AbortController()
      const { signal } = reading
      isReading = true
      try {
        const all = listed(await ask('GET', whole, undefined, { signal }))
        known = new Set(all.map(keyOf))
        entries.value = all
        problem.value = null
      } catch (error) {
        if (!signal.aborted) problem.value = messageOf(error)
      }
      if (signal.aborted) return
      isReading = false
      draw()
    }
    again.current = readAnew
    const leave = live(path, {
      // It is read once it is heard, so that nothing falls between.
      onState: () => (entries.peek() === null || problem.peek() !== null) && void readAnew(),
      onEvent(_, data) {
        pending.push(data as Entry)
        timer ??= setTimeout(draw, gatherMs)
      },
      onMissed: () => void readAnew(),
    })
    return () => {
      clearTimeout(timer)
      reading.abort()
      leave()
    }
  }, [path, whole])
  return { entries, problem, again: () => void again.current() }
}

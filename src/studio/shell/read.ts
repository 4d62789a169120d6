import { type Signal, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { ask, isAborted, messageOf } from './server.ts'

export type Read<Body> = {
  /** `null` until it is there; what was there stays when a later reading fails. */
  body: Signal<Body | null>
  problem: Signal<string | null>
  again: () => void
}

/** Reads a path of the server when a component appears, when the path changes, and every so many ms while it is seen. */
export function useRead<Body>(path: string, everyMs?: number): Read<Body> {
  const body = useSignal<Body | null>(null)
  const problem = useSignal<string | null>(null)
  const again = useRef(() => {})
  useEffect(() => {
    let going = new AbortController()
    const read = () => {
      going.abort()
      going = new AbortController()
      const { signal } = going
      ask<Body>('GET', path, undefined, { signal }).then(
        (found) => {
          if (signal.aborted) return
          body.value = found
          problem.value = null
        },
        (error: unknown) => {
          if (!signal.aborted && !isAborted(error)) problem.value = messageOf(error)
        },
      )
    }
    again.current = read
    read()
    const timer = everyMs === undefined ? undefined : setInterval(() => document.hidden || read(), everyMs)
    return () => {
      clearInterval(timer)
      going.abort()
    }
  }, [path, everyMs])
  return { body, problem, again: () => again.current() }
}

/** Something that is done on a press: whether it is under way, and what went wrong, until it is done again. */
export function useDo(): {
  isBusy: Signal<boolean>
  problem: Signal<string | null>
  run: (work: () => Promise<unknown>) => Promise<void>
} {
  const isBusy = useSignal(false)
  const problem = useSignal<string | null>(null)
  const run = async (work: () => Promise<unknown>) => {
    if (isBusy.peek()) return
    isBusy.value = true
    problem.value = null
    try {
      await work()
    } catch (error) {
      problem.value = messageOf(error)
    }
    isBusy.value = false
  }
  return { isBusy, problem, run }
}

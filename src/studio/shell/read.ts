import { type Signal, useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { type Asked, type Doings, doings } from './doing.ts'
import { warn } from './said.tsx'
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

export type Do = {
  all: Doings
  isBusy: boolean
  run(asked: Asked, work: () => Promise<unknown>): Promise<boolean>
  /** Whether it is still on the screen for which it was asked. */
  isShown(): boolean
}

/** What is done by one part of a page. What goes wrong when that is gone is told all the same. */
export function useDo(): Do {
  const own = useMemo(() => ({ all: doings(), isShown: true }), [])
  useEffect(
    () => () => {
      own.isShown = false
    },
    [],
  )
  return {
    all: own.all,
    isBusy: own.all.pending.value.length > 0,
    run: (asked, work) =>
      own.all.ask(asked, work, (error) => {
        if (!own.isShown) warn(`${asked.what}: ${messageOf(error)}`)
        return messageOf(error)
      }),
    isShown: () => own.isShown,
  }
}

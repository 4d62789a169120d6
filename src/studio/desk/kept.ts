import { signal } from '@preact/signals'
import { isAborted, messageOf } from '../shell/server.ts'

/** Milliseconds until a reading that failed is tried again, doubled each time. */
const firstPause = 500
const longestPause = 8000

export type Kept = {
  /** Something has changed: reads at once, or as soon as it may again. */
  poke(): void
  /** Why what is shown may be old, while that is so. */
  problem: { readonly value: string | null }
  stop(): void
}

/**
 * Keeps a reading up to date: one at a time, and at most one each `gap` ms, so that a thousand changes a second are as many
 * readings as a person can see. `wait` ms before the first lets others go first. One that fails is tried again until it
 * works.
 */
export function kept(read: (signal: AbortSignal) => Promise<void>, gap: number, wait = 0): Kept {
  const stopping = new AbortController()
  const problem = signal<string | null>(null)
  let isWanted = false
  let isReading = false
  let pause = firstPause

  async function run(): Promise<void> {
    if (isReading) return
    isReading = true
    await rest(wait) // what one write changes is told together
    while (isWanted && !stopping.signal.aborted) {
      isWanted = false
      const began = performance.now()
      try {
        await read(stopping.signal)
        problem.value = null
        pause = firstPause
        await rest(gap - (performance.now() - began))
      } catch (error) {
        if (isAborted(error)) break
        problem.value = messageOf(error)
        isWanted = true
        await rest(pause)
        pause = Math.min(pause * 2, longestPause)
      }
    }
    isReading = false
  }

  function rest(ms: number): Promise<void> {
    return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms))
  }

  return {
    poke() {
      isWanted = true
      void run()
    },
    problem,
    stop: () => stopping.abort(),
  }
}

/** Why a reading has failed, for a person who sees something of an earlier one, or nothing. */
export function failed(problem: string, isShown: boolean): string {
  const sentence = /[.!?…]$/.test(problem) ? problem : `${problem}.`
  return `${isShown ? 'What is shown may be out of date. ' : ''}${sentence} Trying again.`
}

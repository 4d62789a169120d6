import { setImmediate } from 'node:timers/promises'
import type { Machine } from '../../src/client/rate-limit/timer.ts'

type Timer = { at: number; run: () => void }

/** A machine whose time passes only in `run`: timers go off in their order, as fast as they can be worked off. */
export class FakeMachine implements Machine {
  #now = 0
  readonly #timers = new Set<Timer>()
  /** Unix ms at the beginning, by the machine's own clock. */
  epoch = 1_700_000_003_210
  /** How far its own clock is ahead of `exact`, ms. */
  ahead = 0
  /** What comes late: every timer by so many ms. */
  late = 0

  get timers(): number {
    return this.#timers.size
  }

  now(): number {
    return this.#now
  }

  /** Whole milliseconds, as of `Date.now()`. */
  wall(): number {
    return Math.floor(this.exact() + this.ahead)
  }

  /** The same time with its fractions, for what is not part of the machine. */
  exact(): number {
    return this.epoch + this.#now
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms + this.late, run }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  random(): number {
    return 0.5
  }

  /** Lets time pass. */
  async run(ms: number): Promise<void> {
    const until = this.#now + ms
    for (;;) {
      await setImmediate() // what has been decided reaches those who wait for it
      let next: Timer | undefined
      for (const timer of this.#timers) {
        if (timer.at <= until && (next === undefined || timer.at < next.at)) next = timer
      }
      if (next === undefined) break
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
    }
    this.#now = until
  }
}

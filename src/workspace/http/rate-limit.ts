import { hash } from 'node:crypto'
import type { Clock } from '../clock.ts'

const windowSeconds = 10

/**
 * Counts the calls of one app in Intercom's fixed ten-second windows (dossier 1.5). The window's budget is a
 * sixth of the 10,000 calls a minute; windows end on the same second of every ten, which the app id decides.
 */
export class RateLimit {
  readonly limit = Math.floor(10_000 / 6)
  readonly #clock: Clock
  readonly #offset: number
  #window = -1
  #count = 0

  constructor(clock: Clock, appId: string) {
    this.#clock = clock
    this.#offset = Number.parseInt(hash('md5', appId).slice(0, 6), 16) % windowSeconds
  }

  /** Counts one call and tells what the headers say after it. Nothing is refused yet. */
  count(): { limit: number; remaining: number; reset: number } {
    const now = Math.floor(this.#clock.now() / 1000)
    const window = Math.floor((now - this.#offset) / windowSeconds)
    if (window !== this.#window) {
      this.#window = window
      this.#count = 0
    }
    this.#count += 1
    return {
      limit: this.limit,
      remaining: Math.max(0, this.limit - this.#count),
      reset: (window + 1) * windowSeconds + this.#offset,
    }
  }
}

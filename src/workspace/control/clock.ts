import { type MovableClock, systemClock } from '../clock.ts'
import * as input from './input.ts'

/** The state of a workspace's clock. */
export interface ClockState {
  /** Unix seconds. */
  readonly now: number
  /** Seconds ahead of the machine's time. */
  readonly offset: number
  readonly frozen: boolean
  /** Seconds that the emulated server's clock is ahead of the machine's; part of `offset`. */
  readonly skew: number
}

/**
 * Moves the workspace's time. Snoozes that have expired by then end at once, in order, each dated to its own second;
 * webhooks that have become due are sent.
 */
export class ClockControl {
  readonly #clock: MovableClock
  readonly #moved: () => void

  /** @internal */
  constructor(clock: MovableClock, moved: () => void) {
    this.#clock = clock
    this.#moved = moved
  }

  get(): ClockState {
    const now = this.#clock.now()
    const offset = Math.round((now - systemClock.now()) / 1000) + 0 // no -0, which Math.round makes
    return { now: Math.floor(now / 1000), offset, frozen: this.#clock.frozen, skew: this.#clock.server.skew }
  }

  /** Jumps to a Unix second or a date. */
  set(time: number | Date): ClockState {
    const second = input.validated(input.moment, time instanceof Date ? time.getTime() / 1000 : time)
    this.#clock.set(second * 1000)
    return this.#done()
  }

  /** Moves the clock forward. */
  advance(seconds: number): ClockState {
    return this.set(this.#clock.now() / 1000 + input.validated(input.advance, seconds))
  }

  /**
   * Puts the emulated server's clock ahead of the machine's (behind, if negative): `Date`, `X-RateLimit-Reset` and,
   * unless frozen, the workspace's time. Durations do not change.
   */
  skew(seconds: number): ClockState {
    this.#clock.server.skew = input.validated(input.skew, seconds)
    return this.#done()
  }

  /** Stops the clock; it can still be set and advanced. */
  freeze(): ClockState {
    this.#clock.freeze()
    return this.#done()
  }

  /** Lets a frozen clock continue. */
  run(): ClockState {
    this.#clock.run()
    return this.#done()
  }

  #done(): ClockState {
    this.#moved()
    return this.get()
  }
}

import { type MovableClock, systemClock } from '../clock.ts'
import { Mistake } from '../mistake.ts'

/** How a workspace's clock stands. */
export interface ClockState {
  /** Unix seconds. */
  readonly now: number
  /** Seconds ahead of the machine's time. */
  readonly offset: number
  readonly frozen: boolean
}

const latest = 253_402_300_799

/**
 * Moves the workspace's time. Snoozes that have run out by the new time wake at once, in their order, each dated
 * to its own second; webhooks that waited are sent.
 */
export class ClockControl {
  readonly #clock: MovableClock
  readonly #moved: () => void

  constructor(clock: MovableClock, moved: () => void) {
    this.#clock = clock
    this.#moved = moved
  }

  get(): ClockState {
    const now = this.#clock.now()
    const offset = Math.round((now - systemClock.now()) / 1000)
    return { now: Math.floor(now / 1000), offset, frozen: this.#clock.frozen }
  }

  /** Jumps to a Unix second or a date. */
  set(time: number | Date): ClockState {
    const milliseconds = typeof time === 'number' ? time * 1000 : time.getTime()
    if (!(milliseconds >= 0 && milliseconds <= latest * 1000)) {
      throw new Mistake('The time must be a Unix second from 0 to the year 9999, or a valid Date.')
    }
    this.#clock.set(milliseconds)
    return this.#done()
  }

  /** Goes forward. */
  advance(seconds: number): ClockState {
    if (!(seconds >= 0)) throw new Mistake('Advance takes seconds, 0 or more; set the clock to go back.')
    return this.set(this.#clock.now() / 1000 + seconds)
  }

  /** Stops the clock where it stands; it can still be set and advanced. */
  freeze(): ClockState {
    this.#clock.freeze()
    return this.#done()
  }

  /** Lets a frozen clock run on. */
  run(): ClockState {
    this.#clock.run()
    return this.#done()
  }

  #done(): ClockState {
    this.#moved()
    return this.get()
  }
}

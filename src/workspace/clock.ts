/**
 * The one source of time of a workspace. Everything that Intercom would stamp reads it, so that tests can move
 * snooze timers and whole-day searches without touching the machine's time.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
}

/** The machine's own time. */
export const systemClock: Clock = { now: () => Date.now() }

/**
 * The clock of the server that a workspace plays: the machine's pace, `skew` seconds ahead of it or behind. Rate
 * windows and `Date` headers keep to it, whatever the workspace's clock says.
 */
class ServerClock implements Clock {
  skew = 0

  now(): number {
    return systemClock.now() + this.skew * 1000
  }
}

/** Intercom speaks whole Unix seconds everywhere (docs/intercom-api.md 1.7). */
export function seconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000)
}

/** The clock of a workspace: the server's time moved by an offset, or standing still. Not kept in the data. */
export class MovableClock implements Clock {
  readonly server = new ServerClock()
  #offset = 0
  #stoodAt: number | undefined

  now(): number {
    return this.#stoodAt ?? this.server.now() + this.#offset
  }

  get frozen(): boolean {
    return this.#stoodAt !== undefined
  }

  /** Jumps to a time; a running clock runs on from there, a frozen one stands there. */
  set(milliseconds: number): void {
    this.#offset = milliseconds - this.server.now()
    if (this.#stoodAt !== undefined) this.#stoodAt = milliseconds
  }

  freeze(): void {
    this.#stoodAt = this.now()
  }

  /** Lets a frozen clock run on from where it stands. */
  run(): void {
    this.set(this.now())
    this.#stoodAt = undefined
  }

  /** Back to the machine's time; what it gives goes back on that, for a reset that fails later. */
  reset(): () => void {
    const [offset, stoodAt, { skew }] = [this.#offset, this.#stoodAt, this.server]
    this.#offset = 0
    this.server.skew = 0
    this.#stoodAt = undefined
    return () => {
      this.#offset = offset
      this.#stoodAt = stoodAt
      this.server.skew = skew
    }
  }
}

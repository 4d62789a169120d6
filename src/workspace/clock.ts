/**
 * A workspace's only source of time. Everything that Intercom dates reads it, so that tests can move snooze timers and
 * whole-day searches without touching the machine's time.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
}

/** The machine's own time. */
export const systemClock: Clock = { now: () => Date.now() }

/**
 * The clock of the emulated server: the machine's, `skew` seconds ahead or behind. Rate limit windows and `Date` headers
 * follow it, whatever the workspace's clock says.
 */
class ServerClock implements Clock {
  skew = 0

  now(): number {
    return systemClock.now() + this.skew * 1000
  }
}

/** Intercom uses whole Unix seconds everywhere (docs/intercom-api.md 1.7). */
export function seconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000)
}

/** A workspace's clock: the server's time with an offset, or frozen. Not kept in the data. */
export class MovableClock implements Clock {
  readonly server = new ServerClock()
  #offset = 0
  #frozenAt: number | undefined

  now(): number {
    return this.#frozenAt ?? this.server.now() + this.#offset
  }

  get frozen(): boolean {
    return this.#frozenAt !== undefined
  }

  /** Jumps to a time; a running clock continues from there, a frozen one stays there. */
  set(milliseconds: number): void {
    this.#offset = milliseconds - this.server.now()
    if (this.#frozenAt !== undefined) this.#frozenAt = milliseconds
  }

  freeze(): void {
    this.#frozenAt = this.now()
  }

  /** Lets a frozen clock continue from where it stands. */
  run(): void {
    this.set(this.now())
    this.#frozenAt = undefined
  }

  /** Returns to the machine's time; the returned function undoes that, for a reset that fails later. */
  reset(): () => void {
    const [offset, frozenAt, { skew }] = [this.#offset, this.#frozenAt, this.server]
    this.#offset = 0
    this.server.skew = 0
    this.#frozenAt = undefined
    return () => {
      this.#offset = offset
      this.#frozenAt = frozenAt
      this.server.skew = skew
    }
  }
}

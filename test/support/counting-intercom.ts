import type { Permit, RateLimiter } from '../../src/client/rate-limit/rate-limiter.ts'
import type { FakeMachine } from './fake-machine.ts'

/** How an Intercom counts calls and tells of it. */
export interface Counting {
  readonly limit: number
  /** The second, modulo ten, on which windows end. */
  readonly phase: number
  readonly reset: 'window_end' | 'ahead'
  /** How far its clock is ahead of the machine's, ms. */
  readonly skew: number
  /** How far its `Date` is ahead of the clock that its windows go by, ms. */
  readonly dateAhead: number
  /** From the permit to the counting, and from there to the head, ms: always, or of the next. */
  readonly latency: number | (() => number)
  /** Calls of others in a window, by its number and the ms that it has lasted. */
  readonly others: (window: number, ms: number) => number
}

/** What became of one window. */
export interface CountedWindow {
  calls: number
  refused: number
}

/** An Intercom that does nothing but count calls in windows of ten seconds, in a fake machine's time. */
export class CountingIntercom {
  readonly windows = new Map<number, CountedWindow>()
  readonly #machine: FakeMachine
  readonly #counting: Counting

  constructor(machine: FakeMachine, counting: Partial<Counting> = {}) {
    this.#machine = machine
    this.#counting = {
      limit: 1667,
      phase: 4,
      reset: 'window_end',
      skew: 0,
      dateAhead: 0,
      latency: 4,
      others: () => 0,
      ...counting,
    }
  }

  /** The windows that were seen from beginning to end, after the first. */
  get full(): CountedWindow[] {
    return [...this.windows.values()].slice(1, -1)
  }

  /** One call with a permit that was already given, or is waited for. */
  async call(rateLimiter: RateLimiter, caller: object): Promise<Permit['waited']> {
    const options = { signal: undefined, until: Number.POSITIVE_INFINITY }
    const permit = await rateLimiter.acquire(caller, options)
    if ('refused' in permit) throw new Error(`refused: ${permit.refused}`)
    await this.answer(permit)
    return permit.waited
  }

  /** Sends a request, counts it and hands its answer to the permit. */
  async answer(permit: Permit): Promise<number> {
    const sentAt = this.#machine.now()
    await this.#pass()
    const { status, headers } = this.#count()
    await this.#pass()
    permit.done({ status, headers, sentAt, headAt: this.#machine.now() })
    return status
  }

  #count() {
    const { limit, phase, reset, skew, dateAhead, others } = this.#counting
    const now = this.#machine.exact() + skew
    const window = Math.floor((now - phase * 1000) / 10_000)
    const counted = this.windows.get(window) ?? { calls: 0, refused: 0 }
    this.windows.set(window, counted)
    counted.calls += 1
    const end = window * 10_000 + phase * 1000 + 10_000
    const left = limit - counted.calls - others(window, now - end + 10_000)
    if (left < 0) counted.refused += 1
    const told = reset === 'ahead' && end - now < 6_000 ? end + 10_000 : end
    const headers = {
      date: new Date(now + dateAhead).toUTCString(),
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, left)),
      'x-ratelimit-reset': String(told / 1000),
    }
    return { status: left < 0 ? 429 : 200, headers }
  }

  #pass(): Promise<void> {
    const { latency } = this.#counting
    const ms = typeof latency === 'number' ? latency : latency()
    return new Promise((resolve) => this.#machine.after(ms, resolve))
  }
}

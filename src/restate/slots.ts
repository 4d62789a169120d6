/** Calls that one worker makes at once; the pacing lets no more leave either. */
const most = 64
const least = 4
/** How long a call waits here for its turn before it is put to sleep in the engine, ms. */
const patienceMs = 2_000
/** How long after calls were late the next ones may make the turns fewer, ms. */
const forgetMs = 5_000

type Waiter = { count: number; go(): void }

/**
 * Turns of one worker: so many that what has been written down as begun does begin within moments. Where permits are
 * few, calls come late for a while, and the turns become fewer.
 */
export class Slots {
  #most = most
  #used = 0
  #waiting: Waiter[] = []
  #lateUntil = 0

  /** Waits for so many turns. False when there are none for a while: the engine can hold thousands, a process not. */
  async enter(count: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const waiter = { count, go: () => resolve(true) }
    const timer = setTimeout(() => {
      this.#waiting = this.#waiting.filter((one) => one !== waiter)
      resolve(false)
      this.#serve()
    }, patienceMs)
    this.#join(waiter)
    try {
      return await promise
    } finally {
      clearTimeout(timer)
    }
  }

  /** Waits for one turn, however long: all of them end with a deadline. */
  async wait(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#join({ count: 1, go: resolve })
    await promise
  }

  leave(count: number): void {
    this.#used -= count
    this.#serve()
  }

  /** Says whether a call got its permit in time. */
  note(late: boolean): void {
    if (!late) this.#most = Math.min(most, this.#most + 0.05)
    else if (performance.now() > this.#lateUntil) {
      this.#most = Math.max(least, this.#most / 2)
      this.#lateUntil = performance.now() + forgetMs
    }
  }

  #join(waiter: Waiter): void {
    this.#waiting.push(waiter)
    this.#serve()
  }

  /** Nobody overtakes; who wants more than there are has them when nobody else has any. */
  #serve(): void {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      if (this.#used > 0 && this.#used + next.count > this.#most) return
      this.#waiting.shift()
      this.#used += next.count
      next.go()
    }
  }
}

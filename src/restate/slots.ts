/** Calls that one worker makes at once; the pacing lets no more leave either. */
const most = 64
/** How long a call waits here for its turn before it is put to sleep in the engine, ms. */
const patienceMs = 2_000

type Waiter = { count: number; go(): void }

/** Turns of one worker, so that what has been written down as begun does begin within moments. */
export class Slots {
  #free = most
  #waiting: Waiter[] = []

  /** Waits for so many turns. False when there are none for a while: the engine can hold thousands, a process not. */
  async enter(count: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const waiter = { count: Math.min(count, most), go: () => resolve(true) }
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
    this.#free += Math.min(count, most)
    this.#serve()
  }

  #join(waiter: Waiter): void {
    this.#waiting.push(waiter)
    this.#serve()
  }

  #serve(): void {
    for (let next = this.#waiting[0]; next && next.count <= this.#free; next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#free -= next.count
      next.go()
    }
  }
}

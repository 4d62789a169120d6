/** Calls that one worker makes at once; the pacing lets no more leave either. */
const most = 64
/** How long a call waits here for its turn before it is put to sleep in the engine, ms. */
const patienceMs = 2_000

/** Turns of one worker, so that what has been written down as begun does begin within moments. */
export class Slots {
  #free = most
  #waiting: { count: number; go: (entered: boolean) => void }[] = []

  /** Waits for so many turns. False when there are none for a while: the engine can hold thousands, a process not. */
  async enter(count: number, waitMs = patienceMs): Promise<boolean> {
    const wanted = Math.min(count, most)
    if (this.#waiting.length === 0 && this.#free >= wanted) {
      this.#free -= wanted
      return true
    }
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const waiter = { count: wanted, go: resolve }
    this.#waiting.push(waiter)
    const timer = setTimeout(() => {
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
      resolve(false)
      this.#serve()
    }, waitMs)
    const entered = await promise
    clearTimeout(timer)
    return entered
  }

  leave(count: number): void {
    this.#free += Math.min(count, most)
    this.#serve()
  }

  #serve(): void {
    for (
      let next = this.#waiting[0];
      next !== undefined && next.count <= this.#free;
      next = this.#waiting[0]
    ) {
      this.#waiting.shift()
      this.#free -= next.count
      next.go(true)
    }
  }
}

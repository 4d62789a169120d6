/** Runs calls that share a key one at a time, in the order they came. */
export class KeyedMutex {
  /** When the last call of each key has ended; none rejects. */
  readonly #ended = new Map<string, Promise<unknown>>()

  /** Keys that a call holds or waits for. */
  get size(): number {
    return this.#ended.size
  }

  /**
   * Runs `act` when all earlier calls of each of the keys have ended, however; at once when there are none. `wait`
   * may reject, which gives the turn up: those behind still wait for those before.
   */
  async run<T>(
    keys: readonly string[],
    act: () => Promise<T>,
    wait: (turn: Promise<unknown>) => Promise<unknown> = (turn) => turn,
  ): Promise<T> {
    const before = keys.flatMap((key) => this.#ended.get(key) ?? [])
    const { promise: done, resolve: end } = Promise.withResolvers<void>()
    const turn = Promise.all(before)
    const ended = before.length === 0 ? done : turn.then(() => done)
    for (const key of keys) this.#ended.set(key, ended)
    try {
      if (before.length > 0) await wait(turn)
      return await act()
    } finally {
      end()
      // Not at once: one that gave up may have others before it.
      void ended.then(() => {
        for (const key of keys) if (this.#ended.get(key) === ended) this.#ended.delete(key)
      })
    }
  }
}

const ttlMs = 10 * 60_000
const maxEntries = 10_000

/** Texts by key, each for ten minutes: what a client knows and Intercom's lagging search may not show yet. */
export class Memory {
  readonly #entries = new Map<string, { value: string; until: number }>()

  get(key: string): string | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.until > performance.now()) return entry?.value
    this.#entries.delete(key)
    return undefined
  }

  /** Beyond 10,000 entries the oldest is dropped. */
  set(key: string, value: string): void {
    this.#entries.delete(key)
    this.#entries.set(key, { value, until: performance.now() + ttlMs })
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > maxEntries && oldest !== undefined) this.#entries.delete(oldest)
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }
}

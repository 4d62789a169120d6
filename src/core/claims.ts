import type { Item } from './verify.ts'

/** Seconds by which `created_at` may lie before the attempt: clocks and rounding. */
export const toleranceSeconds = 5
const ttlMs = 10 * 60_000
const maxKeys = 10_000
/** Only the newest items of an answer matter; a key keeps twice as many as Intercom shows of a conversation. */
const maxOfAnswer = 50
const maxKnown = 1000
const maxMissing = 1000

/** Items that are all accounted for: one is this send's. */
type Seen = { seen: Item; same: string[] }
/** What reading back shows: ours, nothing, or something else that allows no conclusion. */
export type Verdict = Seen | { seen: null; clear: boolean }

/** A send of this client whose item nobody has seen: it may still appear. */
type Missing = { words: readonly string[]; since: number; until: number }
type Ledger = { known: Set<string>; missing: Missing[]; until: number }

/**
 * Which items on Intercom's side belong to which send of this client, by key: an item serves one send only, and
 * one that is still missing keeps its own from being taken for a later send of the same words. Bounded: kept for
 * ten minutes, for 10,000 keys, 1,000 items and 1,000 missing sends of each.
 */
export class Claims {
  readonly #ledgers = new Map<string, Ledger>()

  /** Items that exist before a later send, or that a send has made; the newest last. */
  addKnown(key: string, ids: readonly string[]): void {
    this.#add(key, ids.slice(-maxOfAnswer))
  }

  /**
   * Judges what was read back for a send transmitted at `since`. Sends that share one of their `words` cannot be told
   * apart. Where `since` may be wrong by `doubtSeconds`, an item of the same words within that time leaves open whether
   * ours is there. It remembers nothing: `take` what was seen.
   */
  judge(
    key: string,
    items: readonly Item[],
    words: readonly string[],
    since: number,
    doubtSeconds = 0,
  ): Verdict {
    const ledger = this.#ledger(key)
    const missing = ledger.missing.filter((one) => overlap(one.words, words))
    const earliest = Math.min(since, ...missing.map((one) => one.since))
    const unknown = items.filter((item) => !ledger.known.has(item.id))
    const same = unknown.filter((item) => item.same && item.created_at >= earliest)
    const own = same
      .filter((item) => item.created_at >= since)
      .reduce<Item | undefined>((a, b) => (a !== undefined && a.created_at > b.created_at ? a : b), undefined)
    if (own !== undefined && same.length > missing.length)
      return { seen: own, same: same.map(({ id }) => id) }
    // An item without a time may be of now.
    const isOlder = ({ created_at, same }: Item) => created_at < since - (same ? doubtSeconds : 0)
    return { seen: null, clear: unknown.every(isOlder) }
  }

  /** No later send gets what was seen, and none of these words is missing any more. */
  take(key: string, { same }: Seen, words: readonly string[]): void {
    this.#add(key, same)
    const ledger = this.#ledger(key)
    ledger.missing = ledger.missing.filter((one) => !overlap(one.words, words))
  }

  /** Remembers a send whose item is not known: it may still appear. */
  addMissing(key: string, words: readonly string[], since: number): void {
    const { missing } = this.#ledger(key)
    missing.push({ words, since, until: performance.now() + ttlMs })
    if (missing.length > maxMissing) missing.shift()
  }

  #add(key: string, ids: readonly string[]): void {
    const { known } = this.#ledger(key)
    for (const id of ids) {
      known.delete(id)
      known.add(id)
    }
    for (const id of known) {
      if (known.size <= maxKnown) break
      known.delete(id)
    }
  }

  #ledger(key: string): Ledger {
    const found = this.#ledgers.get(key)
    const now = performance.now()
    const ledger =
      found !== undefined && found.until > now ? found : { known: new Set<string>(), missing: [], until: 0 }
    ledger.until = now + ttlMs
    if (ledger.missing[0] !== undefined && ledger.missing[0].until <= now)
      ledger.missing = ledger.missing.filter(({ until }) => until > now)
    this.#ledgers.delete(key)
    this.#ledgers.set(key, ledger)
    const [oldest] = this.#ledgers.keys()
    if (this.#ledgers.size > maxKeys && oldest !== undefined) this.#ledgers.delete(oldest)
    return ledger
  }
}

function overlap(some: readonly string[], others: readonly string[]): boolean {
  return some.some((one) => others.includes(one))
}

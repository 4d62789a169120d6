import type { Item } from './verify.ts'

/** Seconds by which `created_at` may lie before the attempt: clocks and rounding. */
export const toleranceSeconds = 5
const ttlMs = 10 * 60_000
const maxKeys = 10_000

/** What reading back comes to: ours, not there, or something else that forbids to conclude anything. */
export type Verdict = { seen: Item } | { seen: null; clear: boolean }

/** A send of this client that nobody has seen: it may still appear. */
type Missing = { print: string; since: number }
type Line = { known: Set<string>; missing: Missing[]; until: number }

/**
 * Which items on Intercom's side belong to which send of this client, by key: an item serves one send only, and
 * one that is still missing keeps its own from being taken for a later send of the same words.
 */
export class Claims {
  readonly #lines = new Map<string, Line>()

  /** Items that exist before a later send, or that a send has made. */
  know(key: string, ids: readonly string[]): void {
    const { known } = this.#line(key)
    for (const id of ids) known.add(id)
  }

  /** Judges what was read back for a send of the words `print` that left at `since`. */
  judge(key: string, items: readonly Item[], print: string, since: number): Verdict {
    const line = this.#line(key)
    const missing = line.missing.filter((one) => one.print === print)
    const earliest = Math.min(since, ...missing.map((one) => one.since))
    const unknown = items.filter((item) => !line.known.has(item.id))
    const same = unknown.filter((item) => item.same && item.created_at >= earliest)
    const mine = same.filter((item) => item.created_at >= since).at(-1)
    if (mine !== undefined && same.length > missing.length) {
      this.know(
        key,
        same.map((item) => item.id),
      )
      line.missing = line.missing.filter((one) => one.print !== print)
      return { seen: mine }
    }
    return { seen: null, clear: !unknown.some((item) => item.created_at >= since) }
  }

  /** Remembers a send that may still appear. */
  miss(key: string, print: string, since: number): void {
    this.#line(key).missing.push({ print, since })
  }

  #line(key: string): Line {
    const found = this.#lines.get(key)
    const now = performance.now()
    const line =
      found !== undefined && found.until > now ? found : { known: new Set<string>(), missing: [], until: 0 }
    line.until = now + ttlMs
    this.#lines.delete(key)
    this.#lines.set(key, line)
    const [oldest] = this.#lines.keys()
    if (this.#lines.size > maxKeys && oldest !== undefined) this.#lines.delete(oldest)
    return line
  }
}

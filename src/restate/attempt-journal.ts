import type { Acquired, AttemptResult, EarlierAttempt, Journal, Operation } from '../core/journal.ts'
import type { ClaimLookup } from './claims.ts'

/** An attempt while this process runs it. */
type RunningAttempt = {
  /** The key that the claims of all workers know the write by. */
  operation: string
  earlier: EarlierAttempt | null
  /** When Restate recorded that it begins, Unix ms. */
  begunAt?: number | undefined
  /** Items that belong to other operations, by the claims of all workers. */
  foreign: Set<string>
  /** Whether it may still send: Restate has not given it up, and its lease has not expired. */
  holdsLease(): boolean
  sentAt: number | null
  unknown: boolean
  claimed: string | null
  /** Items that may be another operation's: until that is known, nothing can be concluded. */
  unattributed: readonly string[]
  result: AttemptResult
}

/** The report of an attempt, for Restate's journal. */
export type AttemptReport = Pick<RunningAttempt, 'sentAt' | 'unknown' | 'claimed' | 'unattributed' | 'result'>

/**
 * The journal where Restate keeps it: Restate records who is about to send, and the result. This holds what
 * lies between, in memory, for one attempt. A key stands for one attempt.
 */
export class AttemptJournal implements Journal {
  readonly #running = new Map<string, RunningAttempt>()
  readonly #lookup: ClaimLookup

  /** `lookup` asks all workers; an item it does not know, or cannot tell about, is unattributed. */
  constructor(lookup: ClaimLookup) {
    this.#lookup = lookup
  }

  /** Runs an attempt; `key` must be the `idempotencyKey` of the call within. */
  async run<T>(
    key: string,
    given: Pick<RunningAttempt, 'operation' | 'earlier' | 'begunAt' | 'foreign' | 'holdsLease'>,
    call: () => Promise<T>,
  ): Promise<{ value: T; report: AttemptReport }> {
    const attempt: RunningAttempt = {
      ...given,
      sentAt: null,
      unknown: false,
      claimed: null,
      unattributed: [],
      result: 'unchanged', // of a call that is refused before it acquires its key
    }
    this.#running.set(key, attempt)
    try {
      const value = await call()
      const { sentAt, unknown, claimed, unattributed, result } = attempt
      return { value, report: { sentAt, unknown, claimed, unattributed, result } }
    } finally {
      this.#running.delete(key)
    }
  }

  async acquire({ key }: Operation): Promise<Acquired> {
    const attempt = this.#of(key)
    attempt.result = 'unknown'
    return { state: 'acquired', earlier: attempt.earlier, begun_at: attempt.begunAt }
  }

  async renew(): Promise<void> {}

  async recordSend(key: string, _owner: string, at: number): Promise<boolean> {
    const attempt = this.#of(key)
    if (!attempt.holdsLease()) return false
    attempt.sentAt = at
    return true
  }

  async recordUnknown(key: string): Promise<void> {
    this.#of(key).unknown = true
  }

  /** For this attempt; all workers are asked when it has ended. */
  async claim(item: string, key: string): Promise<boolean> {
    const attempt = this.#of(key)
    if (attempt.foreign.has(item)) return false
    attempt.claimed = item
    return true
  }

  /** What another is about to claim is not known yet: all workers are asked about it when the attempt has ended. */
  async claimedByOthers(items: readonly string[], key: string): Promise<readonly string[]> {
    const attempt = this.#of(key)
    const asked = items.filter((item) => !attempt.foreign.has(item))
    const known = await this.#lookup(asked, attempt.operation).catch(() => [])
    for (const item of known) attempt.foreign.add(item)
    attempt.unattributed = asked.filter((item) => !attempt.foreign.has(item))
    return items.filter((item) => attempt.foreign.has(item))
  }

  async finish(key: string, _owner: string, result: AttemptResult): Promise<void> {
    this.#of(key).result = result
  }

  close(): void {}

  #of(key: string): RunningAttempt {
    const attempt = this.#running.get(key)
    if (attempt === undefined) throw new Error('this attempt does not run here')
    return attempt
  }
}

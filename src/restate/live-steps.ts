import type { Acquired, AttemptResult, EarlierAttempt, Journal, Operation } from '../core/journal.ts'
import type { Others } from './claims.ts'

/** One step while this process runs it. */
type Live = {
  /** Of the intent, as the claims of all workers know it. */
  intent: string
  earlier: EarlierAttempt | null
  /** Items that another intent has by the claims of all workers. */
  others: Set<string>
  /** Whether the engine still takes this run for the one that has the step. */
  isOurs(): boolean
  begunAt: number | null
  unknown: boolean
  claimed: string | null
  /** Items that somebody else may have: until that is known, nothing can be concluded. */
  doubted: readonly string[]
  end: AttemptResult
}

/** What a step came to, for the engine's journal. */
export type Ended = Pick<Live, 'begunAt' | 'unknown' | 'claimed' | 'doubted' | 'end'>

/**
 * The journal of intents where Restate keeps it: the engine has written down, before a step began, who runs it, and
 * writes down what it came to. Here is what lies between, for the length of one run. An id stands for one run.
 */
export class LiveSteps implements Journal {
  readonly #live = new Map<string, Live>()
  readonly #others: Others

  /** `others` asks all workers at once; what it does not know, or cannot say, is doubted. */
  constructor(others: Others) {
    this.#others = others
  }

  /** Runs a step; `id` is to be the `idempotencyKey` of the call within. */
  async run<T>(
    id: string,
    given: Pick<Live, 'intent' | 'earlier' | 'others' | 'isOurs'>,
    call: () => Promise<T>,
  ): Promise<{ result: T; ended: Ended }> {
    const live: Live = {
      ...given,
      begunAt: null,
      unknown: false,
      claimed: null,
      doubted: [],
      end: 'unchanged', // what is refused before it is taken
    }
    this.#live.set(id, live)
    try {
      const result = await call()
      const { intent: _, earlier: __, others: ___, isOurs: ____, ...ended } = live
      return { result, ended }
    } finally {
      this.#live.delete(id)
    }
  }

  async acquire({ key }: Operation): Promise<Acquired> {
    const live = this.#of(key)
    live.end = 'unknown'
    return { state: 'acquired', earlier: live.earlier }
  }

  async renew(): Promise<void> {}

  async recordSend(id: string, _owner: string, at: number): Promise<boolean> {
    const live = this.#of(id)
    if (!live.isOurs()) return false
    live.begunAt = at
    return true
  }

  async recordUnknown(id: string): Promise<void> {
    this.#of(id).unknown = true
  }

  /** For this run; all workers are asked when it has ended. */
  async claim(item: string, id: string): Promise<boolean> {
    const live = this.#of(id)
    if (live.others.has(item)) return false
    live.claimed = item
    return true
  }

  /** Those that somebody is about to claim are not known yet: about these all workers are asked when it has ended. */
  async claimedByOthers(items: readonly string[], id: string): Promise<readonly string[]> {
    const live = this.#of(id)
    const asked = items.filter((item) => !live.others.has(item))
    for (const item of await this.#others(asked, live.intent).catch(() => [])) live.others.add(item)
    live.doubted = asked.filter((item) => !live.others.has(item))
    return items.filter((item) => live.others.has(item))
  }

  async finish(id: string, _owner: string, end: AttemptResult): Promise<void> {
    this.#of(id).end = end
  }

  close(): void {}

  #of(id: string): Live {
    const live = this.#live.get(id)
    if (live === undefined) throw new Error('this step does not run here')
    return live
  }
}

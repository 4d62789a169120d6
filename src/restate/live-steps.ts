import type { End, Left, Step, StepJournal, Taken } from '../core/journal.ts'

/** One step while this process runs it. */
type Live = {
  left: Left | null
  /** Items that another intent has by the claims of all workers. */
  others: ReadonlySet<string>
  /** Whether the engine still takes this run for the one that has the step. */
  isOurs(): boolean
  begunAt: number | null
  unclear: boolean
  claimed: string | null
  /** Items that somebody else may have: until that is known, nothing can be concluded. */
  doubted: readonly string[]
  end: End
}

/** What a step came to, for the engine's journal. */
export type Ended = Pick<Live, 'begunAt' | 'unclear' | 'claimed' | 'doubted' | 'end'>

/**
 * The journal of intents where Restate keeps it: the engine has written down, before a step began, who runs it, and
 * writes down what it came to. Here is what lies between, for the length of one run. An id stands for one run.
 */
export class LiveSteps implements StepJournal {
  readonly #live = new Map<string, Live>()

  /** Runs a step; `id` is to be the `intentId` of the call within. */
  async run<T>(
    id: string,
    given: Pick<Live, 'left' | 'others' | 'isOurs'>,
    call: () => Promise<T>,
  ): Promise<{ result: T; ended: Ended }> {
    const live: Live = {
      ...given,
      begunAt: null,
      unclear: false,
      claimed: null,
      doubted: [],
      end: 'as_found', // what is refused before it is taken
    }
    this.#live.set(id, live)
    try {
      const result = await call()
      const { left: _, others: __, isOurs: ___, ...ended } = live
      return { result, ended }
    } finally {
      this.#live.delete(id)
    }
  }

  async take({ id }: Step): Promise<Taken> {
    const live = this.#of(id)
    live.end = 'unclear'
    return { state: 'mine', left: live.left }
  }

  async renew(): Promise<void> {}

  async begin(id: string, _owner: string, at: number): Promise<boolean> {
    const live = this.#of(id)
    if (!live.isOurs()) return false
    live.begunAt = at
    return true
  }

  async unclear(id: string): Promise<void> {
    this.#of(id).unclear = true
  }

  /** For this run; all workers are asked when it has ended. */
  async claim(item: string, id: string): Promise<boolean> {
    const live = this.#of(id)
    if (live.others.has(item)) return false
    live.claimed = item
    return true
  }

  /** As far as this run knows; all workers are asked about the rest when it has ended. */
  async others(items: readonly string[], id: string): Promise<readonly string[]> {
    const live = this.#of(id)
    live.doubted = items.filter((item) => !live.others.has(item))
    return items.filter((item) => live.others.has(item))
  }

  async finish(id: string, _owner: string, end: End): Promise<void> {
    this.#of(id).end = end
  }

  close(): void {}

  #of(id: string): Live {
    const live = this.#live.get(id)
    if (live === undefined) throw new Error('this step does not run here')
    return live
  }
}

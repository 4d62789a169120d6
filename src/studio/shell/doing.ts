import { type ReadonlySignal, signal } from '@preact/signals'

export type Asked = {
  /** What makes it this thing: what is asked for again before it is over is one. */
  key: string
  /** Whose problem it takes away when it is asked for: that of an earlier try. Its key where it is not given. */
  slot?: string
  /** What it is for a person: `The reply`. */
  what: string
}
export type Problem = { slot: string; sentence: string }

/** What is asked for of one thing. All of it is done, in turn; two that differ can both go wrong, and both are told. */
export type Doings = {
  /** What is under way, and what waits for it. */
  pending: ReadonlySignal<readonly Asked[]>
  problems: ReadonlySignal<readonly Problem[]>
  /** Answers whether it worked; `sentenceOf` tells a person why not. */
  ask(asked: Asked, work: () => Promise<unknown>, sentenceOf: (error: unknown) => string): Promise<boolean>
  hide(problem: Problem): void
}

export function doings(): Doings {
  const pending = signal<readonly (Asked & { done: Promise<boolean> })[]>([])
  const problems = signal<readonly Problem[]>([])
  let last: Promise<unknown> = Promise.resolve()
  return {
    pending,
    problems,
    ask(asked, work, sentenceOf) {
      const same = pending.peek().find(({ key }) => key === asked.key)
      if (same !== undefined) return same.done
      const { slot = asked.key } = asked
      problems.value = problems.peek().filter((one) => one.slot !== slot)
      const done = last
        .then(work)
        .then(
          () => true,
          (error: unknown) => {
            problems.value = [...problems.peek(), { slot, sentence: sentenceOf(error) }]
            return false
          },
        )
        .finally(() => {
          pending.value = pending.peek().filter((one) => one.done !== done)
        })
      last = done
      pending.value = [...pending.peek(), { ...asked, done }]
      return done
    },
    hide(problem) {
      problems.value = problems.peek().filter((one) => one !== problem)
    },
  }
}

/** What is asked for of each of many things, by their keys. What nobody looks at is forgotten once it is over and told. */
export function doingsOfMany() {
  const known = new Map<string, { all: Doings; lookers: number }>()

  function of(key: string) {
    const own = known.get(key) ?? { all: doings(), lookers: 0 }
    known.set(key, own)
    return own
  }

  function forget(key: string): void {
    const { all, lookers } = of(key)
    if (lookers === 0 && all.pending.peek().length + all.problems.peek().length === 0) known.delete(key)
  }

  return {
    of: (key: string): Doings => of(key).all,
    isLookedAt: (key: string): boolean => (known.get(key)?.lookers ?? 0) > 0,
    /** Gives what ends it. */
    look(key: string): () => void {
      of(key).lookers += 1
      return () => {
        of(key).lookers -= 1
        forget(key)
      }
    },
    forget,
  }
}

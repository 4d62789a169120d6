/** What became of each operation that a client offers. */
export class Ledger {
  readonly worked = new Set<string>()
  readonly failed = new Map<string, string>()
  /** Operations that cannot work here, and why. */
  readonly left = new Map<string, string>()
  #reported: unknown

  /** Calls an operation and looks at its answer; what fails is kept, and ends the family. */
  async op<T>(name: string, call: () => PromiseLike<T>, holds?: (answer: T) => unknown): Promise<T> {
    try {
      const answer = await call()
      if (holds && !(await holds(answer)))
        throw new Error(`does not hold: ${holds}\n    of ${JSON.stringify(answer)?.slice(0, 800)}`)
      this.worked.add(name)
      return answer
    } catch (error) {
      this.#reported = error
      this.failed.set(name, String(error instanceof Error ? (error.stack ?? error) : JSON.stringify(error)))
      throw error
    }
  }

  /** Calls an operation that cannot work, which has to fail with an expected message. */
  async leave(name: string, why: string, call: () => PromiseLike<unknown>, message: RegExp): Promise<void> {
    try {
      await call()
      this.failed.set(name, `is left (${why}), but works`)
    } catch (error) {
      const said = `${error instanceof Error ? error.message : ''} ${JSON.stringify(error)}`
      if (message.test(said)) this.left.set(name, why)
      else this.failed.set(name, `is left (${why}), but says ${said.slice(0, 400)}`)
    }
  }

  /** Whether every call of an operation has. */
  hasWorked(name: string): boolean {
    return this.worked.has(name) && !this.failed.has(name)
  }

  isTried(name: string): boolean {
    return this.worked.has(name) || this.left.has(name) || this.failed.has(name)
  }

  /** Runs calls that build on each other; what one of them throws ends only them. */
  async family(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (error !== this.#reported)
        this.failed.set(`between calls: ${work.name}`, String(error instanceof Error ? error.stack : error))
    }
  }
}

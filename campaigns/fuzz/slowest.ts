/** Remembers the slowest of many calls. */
export class Slowest {
  ms = 0
  #what = ''

  saw(what: string, ms: number): void {
    if (ms <= this.ms) return
    this.ms = ms
    this.#what = what
  }

  toString(): string {
    return `${Math.round(this.ms)} ms (${this.#what})`
  }
}

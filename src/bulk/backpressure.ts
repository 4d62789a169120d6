/** Rows that have been read and not ended: so many may wait for others of their conversation. */
const maxRows = 2000
/** Characters of theirs. */
const maxText = 16 * 1024 * 1024

/** Bounds what is held in memory, and what is in flight. */
export interface Backpressure {
  /** Waits until there is room for a row of so many characters. */
  admit(size: number): Promise<void>
  release(size: number): void
  /** Runs something when fewer than `concurrency` are in flight. */
  run<T>(act: () => Promise<T>): Promise<T>
  /** Waits until all rows are released. */
  drained(): Promise<void>
}

export function openBackpressure(concurrency: number): Backpressure {
  let rows = 0
  let text = 0
  let inFlight = 0
  const waiting: (() => void)[] = []
  let released: (() => void) | undefined

  const release = () =>
    new Promise<void>((resolve) => {
      released = resolve
    })
  return {
    async admit(size) {
      while (rows > 0 && (rows >= maxRows || text + size > maxText)) await release()
      rows += 1
      text += size
    },
    release(size) {
      rows -= 1
      text -= size
      released?.()
    },
    async run(act) {
      if (inFlight >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve))
      else inFlight += 1
      try {
        return await act()
      } finally {
        const next = waiting.shift()
        if (next === undefined) inFlight -= 1
        else next()
      }
    },
    async drained() {
      while (rows > 0) await release()
    },
  }
}

/** Rows that have been read and not ended: so many may wait for their turn behind others of their conversation. */
const mostRows = 2000
/** Characters of theirs. */
const mostText = 16 * 1024 * 1024

/** Bounds what is held in memory, and what is under way at once. */
export interface Room {
  /** Waits until there is room for a row of so many characters. */
  enter(size: number): Promise<void>
  leave(size: number): void
  /** Runs something when fewer than the most are under way. */
  one<T>(act: () => Promise<T>): Promise<T>
  /** Waits until all have left. */
  empty(): Promise<void>
}

export function openRoom(atOnce: number): Room {
  let rows = 0
  let text = 0
  let underWay = 0
  const waiting: (() => void)[] = []
  let changed: (() => void) | undefined

  const change = () =>
    new Promise<void>((resolve) => {
      changed = resolve
    })
  return {
    async enter(size) {
      while (rows > 0 && (rows >= mostRows || text + size > mostText)) await change()
      rows += 1
      text += size
    },
    leave(size) {
      rows -= 1
      text -= size
      changed?.()
    },
    async one(act) {
      if (underWay >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
      else underWay += 1
      try {
        return await act()
      } finally {
        const next = waiting.shift()
        if (next === undefined) underWay -= 1
        else next()
      }
    },
    async empty() {
      while (rows > 0) await change()
    },
  }
}

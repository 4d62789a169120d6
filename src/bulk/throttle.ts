/** Lets so many pass a second, evenly, in the order they come: each call resolves when its turn has come. */
export function evenly(perSecond: number): () => Promise<void> {
  let next = 0
  return async () => {
    const now = performance.now()
    const turn = Math.max(now, next)
    next = turn + 1000 / perSecond
    if (turn > now) await new Promise((resolve) => setTimeout(resolve, turn - now))
  }
}

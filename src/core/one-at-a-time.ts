/** The calls that wait for each other, by key. */
export type Lines = Map<string, Promise<void>>

/**
 * Runs `act` when all earlier calls of the same key have ended. `wait` may reject, which leaves the line: the
 * next one still waits for those before.
 */
export async function oneAtATime<T>(
  lines: Lines,
  key: string,
  wait: (turn: Promise<void>) => Promise<void>,
  act: () => Promise<T>,
): Promise<T> {
  const before = lines.get(key)
  const { promise: mine, resolve: leave } = Promise.withResolvers<void>()
  const last = before === undefined ? mine : before.then(() => mine)
  lines.set(key, last)
  try {
    if (before !== undefined) await wait(before)
    return await act()
  } finally {
    leave()
    // Not at once: who leaves the line early may have others before it.
    void last.then(() => {
      if (lines.get(key) === last) lines.delete(key)
    })
  }
}

/** The last one of each key that has not ended. */
export type Lines = Map<string, Promise<void>>

/** Runs `act` when all earlier ones of each of the keys have ended, however. */
export function oneAfterAnother(
  lines: Lines,
  keys: readonly string[],
  act: () => Promise<void>,
): Promise<void> {
  const before = keys.flatMap((key) => lines.get(key) ?? [])
  const run = before.length === 0 ? act() : Promise.allSettled(before).then(act)
  for (const key of keys) lines.set(key, run)
  const leave = () => {
    for (const key of keys) if (lines.get(key) === run) lines.delete(key)
  }
  return run.finally(leave)
}

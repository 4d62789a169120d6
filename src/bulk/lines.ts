/** The last one of each key that has not ended. */
export type Lines = Map<string, Promise<void>>

/** Runs `act` when all earlier ones of the key have ended, however. */
export function oneAfterAnother(lines: Lines, key: string, act: () => Promise<void>): Promise<void> {
  const before = lines.get(key)
  const run = before === undefined ? act() : before.catch(() => {}).then(act)
  lines.set(key, run)
  const leave = () => {
    if (lines.get(key) === run) lines.delete(key)
  }
  return run.finally(leave)
}

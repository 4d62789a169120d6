import type { DatabaseSync } from 'node:sqlite'

const pollMs = 1000

/** Listeners of a file. */
export type Watch<Change> = {
  /** Returns what ends the listening. */
  listen(listener: (change: Change) => void): () => void
  tell(change: Change): void
  close(): void
}

/**
 * Checks a file once a second, while somebody listens, for what other processes have written. `changes`: what they have
 * written since a time, Unix ms, that lies a little before the last look.
 */
export function watched<Change>(
  db: DatabaseSync,
  changes: (since: number) => readonly Change[],
): Watch<Change> {
  const listeners = new Set<(change: Change) => void>()
  const version = db.prepare('PRAGMA data_version')
  let polling: NodeJS.Timeout | undefined
  let seen: unknown
  let seenAt = 0

  function tell(change: Change): void {
    for (const listener of listeners) listener(change)
  }

  function poll(): void {
    try {
      const since = seenAt - pollMs
      seenAt = Date.now()
      const found = version.get()?.['data_version']
      if (found === seen) return
      seen = found
      for (const change of changes(since)) tell(change)
    } catch {} // the next look will do
  }

  function stop(): void {
    clearInterval(polling)
    polling = undefined
  }

  return {
    tell,
    listen(listener) {
      if (polling === undefined) {
        poll() // tells nobody yet
        polling = setInterval(poll, pollMs).unref()
      }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) stop()
      }
    },
    close() {
      stop()
      listeners.clear()
    },
  }
}

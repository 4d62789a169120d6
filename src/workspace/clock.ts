/**
 * The one source of time of a workspace. Everything that Intercom would stamp reads it, so that a later
 * test clock can move snooze timers and whole-day searches without touching the machine's time.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
}

/** The machine's own time. */
export const systemClock: Clock = { now: () => Date.now() }

/** Intercom speaks whole Unix seconds everywhere (dossier 1.7). */
export function seconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000)
}

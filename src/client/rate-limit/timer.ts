/** The machine's clock, timers and random numbers; tests bring their own. */
export type Machine = {
  /** Milliseconds of `performance.now()`. */
  now(): number
  /** Unix milliseconds by the machine's clock. */
  wall(): number
  /** Runs something after some milliseconds, and keeps the process alive until then; returns a function that cancels it. */
  after(ms: number, run: () => void): () => void
  /** From 0 to 1. */
  random(): number
}

export const machine: Machine = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, 2 ** 31 - 1))
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
}

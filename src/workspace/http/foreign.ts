import { random } from '../seed/prng.ts'

/** A simulated consumer of the same limit, visible only in `X-RateLimit-Remaining` and 429s. */
export interface ForeignConsumer {
  /** The share of the app's limit that it takes, from 0 to 1: more in one window, as much less in the next. */
  readonly share: number
  /** Decides the calls of each window, by its number since the first call after the setting. */
  readonly seed: number
  /** The app whose limit it shares, besides the workspace's. */
  readonly app: string
}

const windowMs = 10_000
const slots = 100
/** Random streams apart from those of the seed and the faults: how much, and when. */
const streams = { much: 102, when: 103 }

/** The foreign calls of one window, as a function of the milliseconds that it has lasted. */
export type ForeignCalls = (ms: number) => number

/**
 * Draws one window: how much of `limit` is taken, between twice the share less one and twice the share, and when,
 * in bursts. The first and the second window take exactly the share together, as do the third and the fourth. It does
 * not depend on other calls.
 */
export function foreignCalls({ share, seed }: ForeignConsumer, window: number, limit: number): ForeignCalls {
  const ofPair = random(streams.much + Math.imul(seed, 1_000), Math.floor(window / 2))()
  const high = window % 2 === 0 ? ofPair : 1 - ofPair
  const low = Math.max(0, 2 * share - 1)
  const taken = (low + high * 2 * (share - low)) * limit
  const draw = random(streams.when + Math.imul(seed, 1_000), window)
  const upTo = [0]
  for (let slot = 0; slot < slots; slot++) upTo.push((upTo[slot] ?? 0) + draw() ** 3)
  const scale = taken / (upTo[slots] || 1)
  return (ms) => {
    const at = (Math.min(Math.max(ms, 0), windowMs) / windowMs) * slots
    const slot = Math.min(Math.floor(at), slots - 1)
    const [before = 0, after = 0] = upTo.slice(slot, slot + 2)
    return Math.round((before + (after - before) * (at - slot)) * scale)
  }
}

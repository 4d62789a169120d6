/** Intercom's clock as its `Date` headers show it. Local instants are those of `performance.now()`. */
export type ServerClock = {
  /** Learns from an answer: its `Date`, when its request left and when its head arrived. Nonsense is ignored. */
  observe(date: string | string[] | undefined, sentAt: number, headAt: number): void
  /** Unix milliseconds on Intercom's clock at a local instant; the machine's own time until a `Date` came. */
  at(local: number): number
}

/** `Date` has whole seconds, and servers keep the text of it for a moment (Node.js until a timer runs). */
const secondMs = 1_000
const staleMs = 200
/** How fast knowledge fades, ms per ms: clocks drift, and one answer that was held up must not count for ever. */
const fading = 0.005
/** Answers in a row that say the clock was set before that is believed. */
const convincing = 3

/** What (server time − local time) lies between, as of a local instant. */
type Bounds = { low: number; high: number; as_of: number }

/**
 * Each answer bounds the difference of the clocks: the server's time was within the second of `Date` at some
 * instant between sending and the head. What many answers bound together is exact to about a round trip.
 * `machine` tells the machine's Unix time less the local one, in ms.
 */
export function serverClock(machine: () => number): ServerClock {
  let known: Bounds | undefined
  let doubts = 0

  return {
    observe(date, sentAt, headAt) {
      const ms = typeof date === 'string' ? Date.parse(date) : Number.NaN
      if (!(Number.isFinite(ms) && sentAt <= headAt)) return
      const seen = { low: ms - headAt, high: ms + secondMs + staleMs - sentAt, as_of: headAt }
      const old = known && faded(known, headAt)
      // A `Date` may be late, never early: a later one shows that those before were late.
      if (old === undefined || (seen.low > old.high && seen.low < old.high + secondMs)) {
        known = seen
      } else if (seen.high < old.low || seen.low > old.high) {
        if (++doubts < convincing) return
        known = seen
      } else {
        known = {
          low: Math.max(old.low, seen.low),
          high: Math.min(old.high, seen.high),
          as_of: headAt,
        }
      }
      doubts = 0
    },
    at(local) {
      if (known === undefined) return local + machine()
      const { low, high } = known
      return local + low + Math.max(0, high - low - staleMs) / 2
    },
  }
}

function faded({ low, high, as_of }: Bounds, now: number): Bounds {
  const by = Math.max(0, now - as_of) * fading
  return { low: low - by, high: high + by, as_of: now }
}

/** Intercom's clock as its `Date` headers show it. Local instants are those of `performance.now()`. */
export type ServerClock = {
  /** Learns from an answer: its `Date`, when its request was transmitted and when its head arrived. Nonsense is ignored. */
  observe(date: string | string[] | undefined, sentAt: number, headAt: number): void
  /** Unix milliseconds on Intercom's clock at a local instant; the machine's own time until a `Date` came. */
  at(local: number): number
}

/** What (server time − a clock's time) lies between, ms, as it was known at an instant of that clock. */
type Bounds = { low: number; high: number; as_of: number }

/** A clock that tells how exact it is, and can put its knowledge together with that of another process. */
export type SharedClock = ServerClock & {
  /** By how much `at` may be off, ms; 0 while it is the machine's time. */
  doubt(): number
  /** Adds bounds of the local clock that somebody else found; gives what is known together. */
  merge(other: Bounds | undefined): Bounds | undefined
}

/** `Date` has whole seconds, and servers keep the text of it for a moment (Node.js until a timer runs). */
const secondMs = 1_000
const staleMs = 200
/** How fast knowledge fades, ms per ms: clocks drift, and one answer that was held up must not count for ever. */
const fading = 0.005
/** Answers in a row that say the clock was set before that is believed. */
const convincing = 3

/**
 * Each answer bounds the difference of the clocks: the server's time was within the second of `Date` at some instant
 * between sending and the head. What many answers bound together is exact to about a round trip. `machine` tells the
 * machine's Unix time less the local one, in ms.
 */
export function serverClock(machine: () => number): SharedClock {
  let known: Bounds | undefined
  let doubts = 0
  /** One text stands in all answers of a second. */
  let latest = { text: '', ms: Number.NaN }

  return {
    observe(date, sentAt, headAt) {
      if (typeof date !== 'string') return
      if (date !== latest.text) latest = { text: date, ms: Date.parse(date) }
      const { ms } = latest
      if (!(Number.isFinite(ms) && sentAt <= headAt)) return
      const seen = { low: ms - headAt, high: ms + secondMs + staleMs - sentAt, as_of: headAt }
      const old = known && faded(known, headAt)
      const both = old === undefined ? seen : overlap(old, seen)
      // A `Date` may be late, never early: one that is a little later shows that those before were late.
      const later = old !== undefined && seen.low > old.high && seen.low < old.high + secondMs
      if (both === undefined && !later && ++doubts < convincing) return
      known = both ?? seen
      doubts = 0
    },
    at(local) {
      if (known === undefined) return local + machine()
      return local + known.low + halfOf(known)
    },
    doubt: () => (known === undefined ? 0 : halfOf(known)),
    merge(other) {
      if (other === undefined || known === undefined) known ??= other
      else {
        const now = Math.max(known.as_of, other.as_of)
        const newer = known.as_of > other.as_of ? known : other
        known = overlap(faded(known, now), faded(other, now)) ?? newer
      }
      return known
    },
  }
}

/** Most texts are not late at all, so what is known exactly enough is at the lower end. */
function halfOf({ low, high }: Bounds): number {
  return Math.max(0, high - low - staleMs) / 2
}

function faded({ low, high, as_of }: Bounds, now: number): Bounds {
  const by = Math.max(0, now - as_of) * fading
  return { low: low - by, high: high + by, as_of: now }
}

function overlap(a: Bounds, b: Bounds): Bounds | undefined {
  const both = { low: Math.max(a.low, b.low), high: Math.min(a.high, b.high), as_of: b.as_of }
  return both.low > both.high ? undefined : both
}

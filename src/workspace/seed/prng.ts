/** Yields the next number in [0, 1). Exact in binary, so it is the same on every machine. */
export type Random = () => number

/** Names the independent streams, so that drawing more numbers for one thing leaves all others as they were. */
export const STREAM = {
  person: 1,
  company: 2,
  contact: 3,
  script: 4,
  text: 5,
  note: 6,
  subscription: 7,
  ticket: 8,
} as const

const SEED = 0x1bad5eed

/** Murmur3's finaliser: neighbouring inputs give unrelated outputs. */
function mix(value: number): number {
  let hash = value | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/**
 * An sfc32 generator for one item of one stream. Item `index` never depends on its neighbours, so a person can be
 * made again from the number alone instead of being kept in memory.
 */
export function random(stream: number, index: number): Random {
  let a = mix(SEED + Math.imul(stream, 0x9e3779b9))
  let b = mix(index ^ a)
  let c = mix(b + index)
  let counter = 1
  const next = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return (sum >>> 0) / 4294967296
  }
  for (let round = 0; round < 8; round++) next()
  return next
}

/** A whole number from 0 up to but not including `limit`. */
export function below(next: Random, limit: number): number {
  return Math.floor(next() * limit)
}

/** A whole number from `low` to `high`, both included. */
export function between(next: Random, low: number, high: number): number {
  return low + Math.floor(next() * (high - low + 1))
}

/** One member of a list that is not empty. */
export function pick<T>(next: Random, list: readonly T[]): T {
  return at(list, Math.floor(next() * list.length))
}

/** The member at `index`, counted round and round; an empty list is a mistake in the word lists and throws. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length]
  if (found === undefined) throw new RangeError('the list is empty')
  return found
}

/** True in the given share of cases. */
export function chance(next: Random, share: number): boolean {
  return next() < share
}

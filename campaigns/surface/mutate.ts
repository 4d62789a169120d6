import { longPatterns } from '../../test/support/hostile-calls.ts'

/** Choices of one seed. */
export type Chance = {
  /** 0 up to, but not including, a number. */
  below(most: number): number
  one<T>(values: readonly T[]): T
  /** True so many times in a hundred. */
  percent(times: number): boolean
}

/** The same choices for the same seed. */
export function chance(seed: number): Chance {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (most: number) => Math.floor(next() * most)
  return {
    below,
    one: <T>(values: readonly T[]) => values[below(values.length)] as T, // never empty
    percent: (times) => next() * 100 < times,
  }
}

const patterns = Object.values(longPatterns)

/** A text of some length that is dear to read. */
export function longText({ one, below }: Chance, most: number): string {
  const pattern = one(patterns)
  return pattern.repeat(1 + below(Math.ceil(most / pattern.length)))
}

/** Nested arrays or objects. */
export function deepJson({ percent, below }: Chance, most: number): string {
  const depth = 1 + below(most)
  const [open, close] = percent(50) ? ['[', ']'] : ['{"a":', '}']
  return `${open.repeat(depth)}${percent(80) ? `1${close.repeat(depth)}` : ''}`
}

/** An object or array with many members, of about so many bytes. */
export function wideJson({ percent, below }: Chance, bytes: number): string {
  const members = 1 + below(bytes / 10)
  if (percent(50)) return `{${Array.from({ length: members }, (_, at) => `"k${at}":1`).join()}}`
  return `{"email":[${'1,'.repeat(members)}1]}`
}

const values: readonly ((chance: Chance) => unknown)[] = [
  ({ one }) =>
    one([null, true, 0, -1, 1e308, 2 ** 53, '', '..', 'a/b', '\u0000', '\ud800', '\r\nX: y', '%2e%2e/']),
  ({ one }) =>
    one<unknown>([
      [],
      {},
      [null],
      [[]],
      { $ne: 1 },
      { toString: 1, valueOf: null },
      'user',
      'lead',
      'email',
      '=',
    ]),
  (chance) => longText(chance, 3000),
  (chance) =>
    JSON.parse(`[${chance.percent(50) ? '[1,[2]]' : '{"__proto__":{"polluted":true},"constructor":{}}'}]`),
  (chance) => Array.from({ length: chance.below(300) }, (_, at) => at),
]

/** A copy in which up to three parts are replaced, left out, or put under another name. */
export function mutatedJson(chance: Chance, json: unknown): unknown {
  const copy = structuredClone(json)
  for (let left = 1 + chance.below(3); left > 0; left--) {
    const slots: [holder: Record<string, unknown>, key: string][] = []
    const visit = (holder: unknown) => {
      if (typeof holder !== 'object' || holder === null) return
      for (const key of Object.keys(holder)) {
        slots.push([holder as Record<string, unknown>, key])
        visit((holder as Record<string, unknown>)[key])
      }
    }
    visit(copy)
    if (slots.length === 0) return chance.one(values)(chance)
    const [holder, key] = chance.one(slots)
    if (chance.percent(20)) delete holder[key]
    else if (chance.percent(15)) holder[`${key}${chance.one(['', '_', 'X', ' ', '\u200b'])}`] = holder[key]
    else holder[key] = chance.one(values)(chance)
  }
  return copy
}

/** A copy in which some bytes are changed, cut out, repeated or put in. */
export function mutatedBytes(chance: Chance, bytes: Buffer): Buffer {
  let copy = Buffer.from(bytes)
  for (let left = 1 + chance.below(4); left > 0; left--) {
    const at = chance.below(copy.length + 1)
    const to = Math.min(copy.length, at + 1 + chance.below(20))
    const put = chance.one([
      Buffer.alloc(0),
      Buffer.from([chance.below(256)]),
      Buffer.from(
        chance.one(['\r\n', '\r\n\r\n', '\n', ' ', '\0', ':', ',', '{', ']', '"', '\\u0000', '%', '\t']),
      ),
      Buffer.concat([copy.subarray(at, to), copy.subarray(at, to)]),
    ])
    copy = Buffer.concat([copy.subarray(0, at), put, copy.subarray(chance.percent(40) ? at : to)])
  }
  return copy
}

import fc from 'fast-check'

const surrogates = { from: 0xd800, count: 0x800 }

const character = fc.nat({ max: 0x10ffff - surrogates.count }).map(
  (n) => String.fromCodePoint(n < surrogates.from ? n : n + surrogates.count),
  (text) => {
    const point = typeof text === 'string' ? text.codePointAt(0) : undefined
    if (point === undefined || text !== String.fromCodePoint(point)) throw new Error('not a character')
    return point < surrogates.from ? point : point - surrogates.count
  },
)

/** The same texts as `fc.string({ unit: 'binary' })`, which first keeps a table of all characters: seconds of work. */
export const anyText = (constraints: { maxLength?: number } = {}) =>
  fc.string({ unit: character, ...constraints })

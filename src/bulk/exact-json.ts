/** Reads JSON, and refuses whole numbers that it would round: an id must not become its neighbour. */
export function exactJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('is not valid JSON')
  }
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g)) {
    if (!token.startsWith('"') && !isExact(token))
      throw new Error('holds a number that would be rounded; pass it as text')
  }
  return value
}

/** Whether a whole number, however it is written, keeps its value as a double; fractions may be rounded. */
export function isExact(text: string): boolean {
  const value = Number(text)
  if (!Number.isFinite(value)) return false
  const given = decimalOf(text)
  const sent = decimalOf(String(value))
  return given.power < 0 || (given.digits === sent.digits && given.power === sent.power)
}

/** A number as digits without zeros at either end, times a power of ten. */
function decimalOf(text: string): { digits: string; power: number } {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  let end = digits.length
  while (digits[end - 1] === '0') end -= 1
  if (end === 0) return { digits: '', power: 0 }
  return { digits: digits.slice(0, end), power: Number(exponent) - fraction.length + digits.length - end }
}

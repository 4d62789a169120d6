import { IntercomError, invalidInput } from '../errors.ts'

/** Why a number is refused: an id must not become its neighbour. */
export const roundedNumber = 'a number that would be rounded; send it as text'

/**
 * Reads JSON that a caller wrote. Throws an `IntercomError` that calls the text `what`: `invalid_json`, or
 * `invalid_input` for a whole number that JavaScript would round.
 */
export function exactJson(text: string, what: string): unknown {
  const hint = 'Nothing was sent.'
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new IntercomError(`${what} is not valid JSON`, { code: 'invalid_json', hint })
  }
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g)) {
    if (!token.startsWith('"') && !isExact(token))
      throw invalidInput(`${what} contains ${roundedNumber}`, hint)
  }
  return value
}

/** The value of a JSON text; a text that is no JSON as it is, for the action's own check to refuse. */
export function exactJsonOrText(text: string, what: string): unknown {
  try {
    return exactJson(text, what)
  } catch (error) {
    if (error instanceof IntercomError && error.code === 'invalid_json') return text
    throw error
  }
}

/** Whether a whole number in a value that others parsed may have been rounded; looks `levels` deep. */
export function mayBeRounded(value: unknown, levels = 20): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value)
  if (typeof value !== 'object' || value === null || levels === 0) return false
  return Object.values(value).some((item) => mayBeRounded(item, levels - 1))
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

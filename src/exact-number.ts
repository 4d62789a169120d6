/** Digits up to which a double holds every number as it is written. */
const safeDigits = 15

/** Strings and numbers of a JSON text that is valid. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g

/**
 * Reads JSON that Intercom wrote. A number that a double would change beyond 2^53 (a whole one, or a fraction's whole
 * part) is the text of its digits instead.
 */
export function parseExact(json: string): unknown {
  const value: unknown = JSON.parse(json)
  if (!hasLongNumber(json)) return value
  let changed = false
  const exact = json.replace(tokens, (token) => {
    if (token.startsWith('"') || isExact(token)) return token
    changed = true
    return `"${token}"`
  })
  return changed ? JSON.parse(exact) : value
}

/**
 * Whether more digits than a double holds may be a number's. Every such run covers a place that is looked at; one
 * between letters or quotes is of a text.
 */
function hasLongNumber(text: string): boolean {
  for (let at = safeDigits; at < text.length; at += safeDigits + 1) {
    if (!isDigit(text.charCodeAt(at))) continue
    let from = at
    let to = at + 1
    while (isDigit(text.charCodeAt(from - 1))) from -= 1
    while (isDigit(text.charCodeAt(to))) to += 1
    if (to - from > safeDigits && before.has(text[from - 1]) && after.has(text[to])) return true
    at = to // a run is read once, however long
  }
  return false
}

const before = new Set<string | undefined>([undefined, ...'[:,-+eE \t\r\n'])
const after = new Set<string | undefined>([undefined, ...']},eE \t\r\n'])

/** A digit, or the point of a fraction. */
function isDigit(code: number): boolean {
  return code <= 57 && code >= 46 && code !== 47
}

/** Whether the whole part of a number, however it is written, keeps its value as a double; the rest may be rounded. */
export function isExact(text: string): boolean {
  const value = Number(text)
  if (!Number.isFinite(value)) return false
  const given = decimalOf(text)
  if (given.power < 0) return Number.isSafeInteger(Math.trunc(value))
  const sent = decimalOf(String(value))
  return given.digits === sent.digits && given.power === sent.power
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

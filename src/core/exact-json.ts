import { IntercomError, invalidInput } from '../errors.ts'
import { isExact } from '../exact-number.ts'

/** Why a number is refused: an id must not become its neighbour. */
export const roundedNumber = 'a number that would be rounded; send it as text'

/** Strings (names with their colon), braces and numbers of a JSON text that is valid. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}]|-?\d[\d.eE+-]*/g

/**
 * Reads JSON that a caller wrote. Throws an `IntercomError` that calls it `what`: `invalid_json`, which bytes that are
 * not UTF-8 are too, or `invalid_input` where JavaScript would round a whole number, or keep one of two values of a name.
 */
export function exactJson(given: string | Uint8Array, what: string): unknown {
  const hint = 'Nothing was sent.'
  const text = typeof given === 'string' ? given : utf8(given, what)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new IntercomError(`${what} is not valid JSON`, { code: 'invalid_json', hint })
  }
  const open: Set<string>[] = []
  for (const [token, colon] of text.matchAll(tokens)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (colon !== undefined) {
      const written = token.slice(0, -colon.length)
      const name = written.includes('\\') ? JSON.stringify(JSON.parse(written)) : written
      const names = open.at(-1)
      if (names?.has(name)) throw invalidInput(`${what} gives ${name} twice`, hint)
      names?.add(name)
    } else if (!token.startsWith('"') && !isExact(token))
      throw invalidInput(`${what} contains ${roundedNumber}`, hint)
  }
  return value
}

/** Text that a caller encoded: letters of another encoding would otherwise become U+FFFD. */
export function utf8(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const hint = 'Nothing was sent. Encode it as UTF-8.'
    throw new IntercomError(`${what} is not UTF-8`, { code: 'invalid_json', hint })
  }
}

/** The value of a JSON text; a text that is not JSON as it is, for the action's own check to refuse. */
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

/** The value of JSON text, as JavaScript reads it; `undefined` where it is none. */
export function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

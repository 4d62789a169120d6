/** Any JSON object. */
export type Json = Record<string, unknown>

/** The budget of one compact result, in tokens as `tokensOf` estimates them. */
export const resultTokens = 4000

/**
 * Estimated tokens: one for 4.2 ASCII letters or blanks, 2.2 digits, 2 other ASCII characters, or 1 UTF-16 unit of
 * anything else. Of compact readings it says 90 to 115 % of what o200k counts.
 */
export function tokensOf(text: string): number {
  let tokens = 0
  for (let at = 0; at < text.length; at += 1) tokens += weight(text.charCodeAt(at))
  return Math.ceil(tokens)
}

/** How many UTF-16 units of a text, from its start, stay within the tokens once they stand in a line of JSON. */
export function lengthWithin(text: string, tokens: number): number {
  let spent = 0
  for (let at = 0; at < text.length; at += 1) {
    spent += weightInLine(text.charCodeAt(at))
    if (spent > tokens) return at
  }
  return text.length
}

/** A line break becomes `\\n> ` there, a quote or a backslash two characters. */
function weightInLine(unit: number): number {
  if (unit === 0x0a) return 1.5
  return unit === 0x22 || unit === 0x5c ? 1 : weight(unit)
}

function weight(unit: number): number {
  if (unit > 0x7f) return 1
  if (unit >= 0x30 && unit <= 0x39) return 1 / 2.2
  const letter = unit | 0x20
  return unit === 0x20 || (letter >= 0x61 && letter <= 0x7a) ? 1 / 4.2 : 1 / 2
}

/** Estimated tokens of a value as JSON. */
export function costOf(value: unknown): number {
  return tokensOf(JSON.stringify(value) ?? '')
}

/** What a reading may still spend, and the names of what it had to leave out. */
export type Allowance = { tokens: number; leftOut: string[] }

/** Takes a value's cost; false, and nothing is taken, when too little is left. */
export function take(allowance: Allowance, value: unknown): boolean {
  const cost = costOf(value)
  if (cost > allowance.tokens) return false
  allowance.tokens -= cost
  return true
}

/** Names for a person: the first few, and how many more. */
export function named(names: readonly string[], most = 12): string {
  if (names.length <= most) return names.join(', ')
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The objects of a list, wherever a value is not one. */
export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** A Unix time in seconds as ISO, without its seconds where they are 0, or `undefined` for what is none. */
export function iso(value: unknown): string | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1e8 || value > 1e11) return undefined
  return new Date(value * 1000).toISOString().replace(/(?::00)?\.000Z$/, 'Z')
}

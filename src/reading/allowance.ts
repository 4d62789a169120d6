/** Any JSON object. */
export type Json = Record<string, unknown>

/** The budget of one compact result, in tokens as `tokensOf` estimates them. */
export const resultTokens = 4000

/** Estimated tokens: a token for 3.5 ASCII characters, and one for each UTF-16 unit of any other. */
export function tokensOf(text: string): number {
  const other = text.match(/[^\0-\x7f]/g)?.length ?? 0
  return Math.ceil((text.length - other) / 3.5 + other)
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

/** A Unix time in seconds as ISO, or `undefined` for what is none. */
export function iso(value: unknown): string | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1e8 || value > 1e11) return undefined
  return new Date(value * 1000).toISOString().replace('.000Z', 'Z')
}

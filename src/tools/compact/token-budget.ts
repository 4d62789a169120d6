/** The budget of a compact result, in tokens as `estimateTokens` counts them. */
export const maxResultTokens = 4000

/**
 * Estimated tokens: one for 4.2 ASCII letters or spaces, 2.2 digits, 2 other ASCII characters, or 1 UTF-16 unit of
 * anything else. For compact results that is 90 to 115 % of what o200k counts.
 */
export function estimateTokens(text: string): number {
  let tokens = 0
  for (let at = 0; at < text.length; at += 1) tokens += weight(text.charCodeAt(at))
  return Math.ceil(tokens)
}

/** Estimated tokens of a value as JSON. */
export function estimateJsonTokens(value: unknown): number {
  return estimateTokens(JSON.stringify(value) ?? '')
}

/** How many UTF-16 units of a text, from its start, stay within `tokens` once they are in a JSON string. */
export function lengthWithin(text: string, tokens: number): number {
  let spent = 0
  for (let at = 0; at < text.length; at += 1) {
    spent += weightInJson(text.charCodeAt(at))
    if (spent > tokens) return at
  }
  return text.length
}

/** A line break becomes `\\n> ` there, a quote or a backslash two characters. */
function weightInJson(unit: number): number {
  if (unit === 0x0a) return 1.5
  return unit === 0x22 || unit === 0x5c ? 1 : weight(unit)
}

function weight(unit: number): number {
  if (unit > 0x7f) return 1
  if (unit >= 0x30 && unit <= 0x39) return 1 / 2.2
  const letter = unit | 0x20
  return unit === 0x20 || (letter >= 0x61 && letter <= 0x7a) ? 1 / 4.2 : 1 / 2
}

/** The tokens that are left, and the names of what did not fit. */
export type TokenBudget = { tokens: number; leftOut: string[] }

/** Subtracts what a value costs. False, and nothing is subtracted, when too little is left. */
export function spend(budget: TokenBudget, value: unknown): boolean {
  const cost = estimateJsonTokens(value)
  if (cost > budget.tokens) return false
  budget.tokens -= cost
  return true
}

/** The first few names, and how many more there are. */
export function listNames(names: readonly string[], most = 12): string {
  if (names.length <= most) return names.join(', ')
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`
}

/** Reads JSON, and refuses whole numbers that it would round: an id must not become its neighbour. */
export function exactJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('is not valid JSON')
  }
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g)) {
    if (!token.startsWith('"') && !isExact(token))
      throw new Error('holds a number that would be rounded; give it as text')
  }
  return value
}

/** Whether a number keeps its value: fractions are as exact as they are everywhere. */
export function isExact(text: string): boolean {
  const value = Number(text)
  return Number.isFinite(value) && (!/^-?\d+$/.test(text) || Number.isSafeInteger(value))
}

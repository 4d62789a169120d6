import { parseExact } from '../exact-number.ts'

const mark = '[access token removed]'
/** Shortest text treated as a secret: below it, a test's token such as `test` would forbid an ordinary word. */
const piece = 8

const slots = 2048

/** A letter, digit, `+`, `/`, `=` and the like written as a JSON escape, which would hide a token from a search. */
const escapedAscii = /\\(?:\/|u00(?!3c|3e|26|22|5c)[2-7])/i

/**
 * Removes access tokens from what leaves: whole, in pieces, and base64-decoded. A piece is 8 characters or
 * more in our own short texts; in Intercom's answers 15 or more are always found.
 */
export class Redactor {
  readonly #tokens = new Set<string>()
  readonly #secrets: string[] = []
  /** Where pieces of a secret may begin, by a hash of their first characters. */
  readonly #begins = new Uint8Array(slots)
  /** Every so many characters of a text are looked at: a long piece, and a whole secret, hold such a place. */
  #stride = piece

  constructor(accessToken: string) {
    this.add(accessToken)
  }

  /** Removes this token too from now on. False where it is known already. */
  add(accessToken: string): boolean {
    if (this.#tokens.has(accessToken)) return false
    this.#tokens.add(accessToken)
    const decoded = Buffer.from(accessToken, 'base64').toString('latin1')
    const readable = /^[\x20-\x7e]+$/.test(decoded)
    for (const secret of [accessToken, readable ? decoded : '']) {
      if (secret.length < piece) continue
      this.#secrets.push(secret)
      for (let at = 0; at <= secret.length - piece; at++) this.#begins[slot(secret, at)] = 1
      this.#stride = Math.min(this.#stride, secret.length - piece + 1)
    }
    return true
  }

  /** Whether a whole token, plain or decoded, stands in the text. */
  found(text: string): boolean {
    return this.#secrets.some((secret) => text.includes(secret))
  }

  /** Parses an answer, with the token removed from its strings and keys; the rest passes untouched. */
  parse(json: string): unknown {
    const value = parseExact(json)
    return (json.includes('\\') && escapedAscii.test(json)) || this.#suspect(json)
      ? this.#clean(value)
      : value
  }

  /** Removes pieces from a short text of ours. */
  message(text: string): string {
    return this.#secrets.reduce(removePieces, text)
  }

  /** In place, and without recursion: an answer may be nested deeper than the stack. */
  #clean(value: unknown): unknown {
    const root = { value }
    const left: object[] = [root]
    for (let node = left.pop(); node !== undefined; node = left.pop()) {
      for (const [key, item] of Object.entries(node)) {
        if (typeof item === 'object' && item !== null) left.push(item)
        const name = this.#masked(key)
        const shown = typeof item === 'string' ? this.#masked(item) : item
        if (name === key && shown === item) continue
        if (name !== key) Reflect.deleteProperty(node, key)
        Object.defineProperty(node, name, {
          value: shown,
          configurable: true,
          enumerable: true,
          writable: true,
        })
      }
    }
    return root.value
  }

  #suspect(text: string): boolean {
    for (let at = 0; at <= text.length - piece; at += this.#stride) {
      if (this.#begins[slot(text, at)] === 0) continue
      const found = text.slice(at, at + piece)
      if (this.#secrets.some((secret) => secret.includes(found))) return true
    }
    return false
  }

  #masked(text: string): string {
    return this.#suspect(text) ? this.message(text) : text
  }
}

/** Cheaper than a search for every piece, and other than an expression it shows a profiler nothing of the token. */
function slot(text: string, at: number): number {
  const ends = text.charCodeAt(at + 2) * 31 + text.charCodeAt(at + 3)
  return (text.charCodeAt(at) * 29_791 + text.charCodeAt(at + 1) * 961 + ends) % slots
}

function removePieces(text: string, secret: string): string {
  let clean = ''
  let at = 0
  while (at < text.length) {
    const length = matchLength(text, at, secret)
    clean += length === 0 ? text[at] : mark
    at += length || 1
  }
  return clean
}

/** How many characters from `at` on are a piece of the secret; 0 when fewer than a piece. */
function matchLength(text: string, at: number, secret: string): number {
  const found = text.length - at < piece ? -1 : secret.indexOf(text.slice(at, at + piece))
  if (found < 0) return 0
  let length = piece
  while (at + length < text.length && secret.includes(text.slice(at, at + length + 1))) length++
  return length
}

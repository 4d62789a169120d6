const mark = '[access token removed]'
/** Shortest text treated as a secret: below it, a test's token such as `test` would forbid an ordinary word. */
const piece = 8

/** A letter, digit, `+`, `/`, `=` and the like written as a JSON escape, which would hide a token from a search. */
const escapedAscii = /\\(?:\/|u00(?!3c|3e|26|22|5c)[2-7])/i

/**
 * Removes an access token from what leaves: whole, in pieces, and base64-decoded. A piece is 8 characters or
 * more in our own short texts; in Intercom's answers 15 or more are always found.
 */
export class Redactor {
  readonly #secrets: string[]
  /** Any block of a secret: one expression looks through a text several times as fast as a search for each. */
  readonly #block: RegExp

  constructor(accessToken: string) {
    const decoded = Buffer.from(accessToken, 'base64').toString('latin1')
    const readable = /^[\x20-\x7e]+$/.test(decoded)
    this.#secrets = [accessToken, readable ? decoded : ''].filter((secret) => secret.length >= piece)
    const blocks = this.#secrets.flatMap(blocksOf).map((block) => block.replace(/\W/g, '\\$&'))
    this.#block = new RegExp(blocks.length === 0 ? '(?!)' : blocks.join('|'))
  }

  /** Whether the whole token, plain or decoded, stands in the text. */
  found(text: string): boolean {
    return this.#secrets.some((secret) => text.includes(secret))
  }

  /** Parses an answer, with the token removed from its strings and keys; the rest passes untouched. */
  parse(json: string): unknown {
    const value: unknown = JSON.parse(json)
    return escapedAscii.test(json) || this.#block.test(json) ? this.#clean(value) : value
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

  #masked(text: string): string {
    return this.#block.test(text) ? this.message(text) : text
  }
}

/** The secret cut into consecutive blocks: 15 characters of it always hold a whole one. */
function blocksOf(secret: string): string[] {
  const count = Math.floor(secret.length / piece)
  return Array.from({ length: count }, (_, index) => secret.slice(index * piece, (index + 1) * piece))
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

const mark = '[access token removed]'
/** Shortest text treated as a secret: below it, a test's token such as `test` would forbid an ordinary word. */
const piece = 8

/** Removes an access token from texts: whole, in pieces of 8 characters or more, and base64-decoded. */
export class Redactor {
  readonly #secrets: string[]

  constructor(accessToken: string) {
    const decoded = Buffer.from(accessToken, 'base64').toString('latin1')
    const readable = /^[\x20-\x7e]+$/.test(decoded)
    this.#secrets = [accessToken, readable ? decoded : ''].filter((secret) => secret.length >= piece)
  }

  /** Whether the whole token, plain or decoded, stands in the text. */
  found(text: string): boolean {
    return this.#secrets.some((secret) => text.includes(secret))
  }

  /** Replaces whole tokens only: for Intercom's answers, where a short piece may be somebody's own word. */
  answer(text: string): string {
    return this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, mark), text)
  }

  /** Replaces pieces too: for our own short texts. */
  message(text: string): string {
    return this.#secrets.reduce(removePieces, text)
  }
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

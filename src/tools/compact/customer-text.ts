import { decodeHTMLAttribute } from 'entities/decode'
import { htmlToText } from './html-to-text.ts'
import { withMarkClosed, withMarkOpened } from './marked-text.ts'
import { neutralize, removeInvisible } from './sanitize.ts'
import { lengthWithin } from './token-budget.ts'

/** The tag around what customers wrote. */
export const tagName = 'customer-text'

/** Longer HTML is cut before it is read; messages are far shorter. */
const maxHtmlLength = 32_000

/**
 * What a customer wrote, as data: `<customer-text id="417">…</customer-text 417>`. The number is derived from the
 * text and does not occur in it, and nothing inside can pass for the tag. At most `tokens` by estimate; the rest is
 * counted.
 */
export function wrapCustomerText(html: string, tokens: number, words: readonly string[] = []): string {
  const text = readableText(html, tokens, words)
  const id = absentNumber(text)
  return `<${tagName} id="${id}">${text}</${tagName} ${id}>`
}

/**
 * What teammates wrote: sanitized like customers' text, without the tag. Where it is too long it begins near the first
 * of the `words` that it holds.
 */
export function readableText(html: string, tokens: number, words: readonly string[] = []): string {
  const notes: string[] = []
  const unread = Math.max(0, html.length - maxHtmlLength)
  const { text, removed } = removeInvisible(htmlToText(html.slice(0, maxHtmlLength)))
  const tidy = text
    .replace(/ {2,}/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .trim()
  const from = beginning(tidy, lengthWithin(tidy, tokens), words)
  const own = tidy.slice(from)
  const shown = cut(own, lengthWithin(own, tokens))
  const rest = tidy.length - shown.length
  if (rest > 0) notes.push(`[${rest} more characters left out]`)
  if (unread > 0) notes.push(`[${unread} characters of HTML left out]`)
  if (removed > 0) notes.push(`[${removed} invisible characters removed]`)
  return quoteLines(
    [
      neutralize(
        from === 0 ? withMarkClosed(shown) : withMarkClosed(`… ${withMarkOpened(tidy, from)}${shown}`),
      ),
      ...notes,
    ].join('\n'),
  )
}

/** Where to begin so that a word shows: at the start, or at a blank shortly before the first one. */
function beginning(text: string, room: number, words: readonly string[]): number {
  const folded = words.length === 0 ? '' : text.toLowerCase()
  const found = words.map((word) => folded.indexOf(word.toLowerCase())).filter((at) => at >= 0)
  const at = Math.min(...found)
  if (found.length === 0 || at + longestWord <= room) return 0
  const blank = text.lastIndexOf(' ', at - Math.min(longestWord, room / 3))
  return blank < 0 ? 0 : blank + 1
}

const longestWord = 30

/** A name, an address or another short value on one line: sanitized, at most `limit` characters, the rest counted. */
export function oneLine(value: string, limit = 120): string {
  const { text, removed } = removeInvisible(decodeHTMLAttribute(value.slice(0, maxHtmlLength)))
  const tidy = text.replace(/\s+/g, ' ').trim()
  const shown = cut(tidy, limit)
  const rest = tidy.length - shown.length + Math.max(0, value.length - maxHtmlLength)
  const notes: string[] = []
  if (rest > 0) notes.push(`${rest} more characters`)
  if (removed > 0) notes.push(`${removed} invisible characters removed`)
  return notes.length === 0 ? neutralize(shown) : `${neutralize(shown)} [${notes.join(', ')}]`.trim()
}

/** `Priya Raman (7431001)`, or what is known of the two. */
export function nameAndId(name: unknown, id: unknown): string {
  const known = id === undefined || id === null || id === '' ? undefined : String(id)
  if (typeof name !== 'string' || name === '') return oneLine(known ?? 'unknown', 40)
  return oneLine(known === undefined ? name : `${name} (${known})`)
}

/** A text of ours that may quote somebody, such as an error message. */
export function sanitizedText(text: string): string {
  return quoteLines(neutralize(removeInvisible(text).text))
}

/** A short value within a line: in quotes, unless it is one plain ASCII word such as an id, a time or an address. */
export function quoted(value: string): string {
  return /^[\w@.:+=/-]+$/.test(value) ? value : JSON.stringify(value)
}

/** Keeps lines of a text from passing for lines of the result. */
function quoteLines(text: string): string {
  return text.replaceAll('\n', '\n> ')
}

function cut(text: string, limit: number): string {
  if (text.length <= limit) return text
  return text
    .slice(0, limit)
    .toWellFormed()
    .replace(/\ufffd$/, '')
}

/** A number that does not occur in the text: its FNV-1a hash, with more digits while it does. */
function absentNumber(text: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0
  let id = String(100 + (hash % 900))
  while (text.includes(id)) {
    hash = Math.imul(hash ^ id.length, 0x01000193) >>> 0
    id += String(100 + (hash % 900))
  }
  return id
}

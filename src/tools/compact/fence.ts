import { decodeHTMLAttribute } from 'entities/decode'
import { lengthWithin } from './allowance.ts'
import { clean, disarm } from './clean.ts'
import { htmlToText } from './html-text.ts'

/** The element that encloses what customers wrote. */
export const fenceName = 'customer-text'

/** HTML is read up to here; a message is far shorter. */
const longestHtml = 200_000

/**
 * What a customer wrote, as data: `<customer-text id="417">…</customer-text 417>`. The number is derived from the
 * text and does not occur in it; nothing inside can pass for the fence. At most `tokens` of it
 * by estimate, the rest counted.
 */
export function fenced(html: string, tokens: number): string {
  const text = readable(html, tokens)
  const id = absentNumber(text)
  return `<${fenceName} id="${id}">${text}</${fenceName} ${id}>`
}

/** What teammates wrote: read and disarmed like customers' text, without a fence. */
export function readable(html: string, tokens: number): string {
  const notes: string[] = []
  const skipped = Math.max(0, html.length - longestHtml)
  const { text, removed } = clean(htmlToText(skipped === 0 ? html : html.slice(0, longestHtml)))
  const tidy = text
    .replace(/ {2,}/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .trim()
  const shown = cut(tidy, lengthWithin(tidy, tokens))
  const rest = tidy.length - shown.length
  if (rest > 0) notes.push(`[${rest} more characters left out]`)
  if (skipped > 0) notes.push(`[${skipped} characters of HTML left out]`)
  if (removed > 0) notes.push(`[${removed} invisible characters removed]`)
  return [disarm(shown), ...notes].join('\n').replaceAll('\n', '\n> ') // no line of it passes for a line of ours
}

/** A name, an address or another short value on one line: disarmed, at most `limit` characters, the rest counted. */
export function oneLine(value: string, limit = 120): string {
  const { text, removed } = clean(decodeHTMLAttribute(value.slice(0, longestHtml)))
  const tidy = text.replace(/\s+/g, ' ').trim()
  const shown = cut(tidy, limit)
  const rest = tidy.length - shown.length + Math.max(0, value.length - longestHtml)
  const notes = [
    rest > 0 && `${rest} more characters`,
    removed > 0 && `${removed} invisible characters removed`,
  ]
  const said = notes.filter((note) => note !== false)
  return said.length === 0 ? disarm(shown) : `${disarm(shown)} [${said.join(', ')}]`.trim()
}

/** A sentence of ours that may hold foreign words: disarmed, and no line of it passes for another's. */
export function plain(text: string): string {
  return disarm(clean(text).text).replaceAll('\n', '\n> ')
}

/** A short value in a line of text: quoted, unless it is one plain ASCII word such as an id, a time or an address. */
export function quoted(value: string): string {
  return /^[\w@.:+=/-]+$/.test(value) ? value : JSON.stringify(value)
}

function cut(text: string, limit: number): string {
  if (text.length <= limit) return text
  return text
    .slice(0, limit)
    .toWellFormed()
    .replace(/\ufffd$/, '')
}

/** A number that does not occur in the text: FNV-1a of it, with more digits while it does. */
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

import { decodeEntities, escapeText } from './entities.ts'
import { blocks, tokens } from './html-tokens.ts'
import { sanitize } from './sanitize.ts'

export { escapeText } from './entities.ts'

/** Plain text as Intercom stores it: `Hello` becomes `<p>Hello</p>` (docs/intercom-api.md 1.8). */
export function textToHtml(text: string): string {
  const paragraphs = text
    .replaceAll('\r\n', '\n')
    .split('\n\n')
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
  return paragraphs.map((paragraph) => `<p>${escapeText(paragraph).replaceAll('\n', '<br>')}</p>`).join('\n')
}

/** A message body: HTML is cleaned, anything else is taken as plain text. */
export function bodyToHtml(body: string): string {
  return looksLikeHtml.test(body) ? sanitize(body) : textToHtml(body)
}

/** HTML back to text, for `display_as=plaintext` and for search: tags gone, references resolved. */
export function plainText(html: string): string {
  if (!html.includes('<')) return decodeEntities(html).trim()
  let text = ''
  for (const token of tokens(html)) {
    if (token.name === undefined) text += decodeEntities(token.raw)
    else if (token.name === 'br' || (token.closing && blocks.has(token.name))) text += '\n'
  }
  return text.replaceAll(manyNewlines, '\n').trim()
}

const manyNewlines = /\n{2,}/g
const looksLikeHtml = /<\/?[a-z!][^<>]*>/i

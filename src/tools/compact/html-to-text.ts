import { decodeHTML, decodeHTMLAttribute } from 'entities/decode'
import { tokens } from '../../core/html-tokens.ts'

const blocks = new Set(
  'p div ul ol li h1 h2 h3 h4 h5 h6 blockquote pre table thead tbody tr hr section article header footer form dl dt dd'.split(
    ' ',
  ),
)
const voidElements = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))
const embedded = new Map([
  ['img', 'image'],
  ['video', 'video'],
  ['audio', 'audio'],
  ['iframe', 'frame'],
  ['embed', 'file'],
  ['object', 'file'],
  ['source', 'file'],
])
const hidingStyle =
  /display:none|visibility:hidden|opacity:0(?![.\d]*[1-9])|font-size:0(?![.\d]*[1-9])|max-height:0(?![.\d]*[1-9])/
const maxUrlLength = 300

type Link = { url: string; from: number }

/**
 * The text of HTML, in linear time: links as `text (url)`, images as `[image url]`, list items as `- item`. What a mail
 * program hides, and scripts, styles and comments, are left out and counted at the end.
 */
export function htmlToText(html: string): string {
  if (!/[<&]/.test(html)) return html
  const out: string[] = []
  let link: Link | undefined
  let unread = 0
  let hidden = 0
  let hiddenElement: { name: string; depth: number } | undefined
  for (const token of tokens(html)) {
    if (token.kind === 'comment') unread += token.text.length
    else if (token.kind === 'text') {
      const text = decodeHTML(token.text)
      if (hiddenElement !== undefined) hidden += text.length
      else out.push(text)
    } else if (hiddenElement !== undefined) {
      if (token.name === hiddenElement.name) hiddenElement.depth += token.kind === 'open' ? 1 : -1
      if (hiddenElement.depth === 0) hiddenElement = undefined
    } else if (token.kind === 'close') {
      if (token.name === 'a') {
        endLink(out, link)
        link = undefined
      } else if (blocks.has(token.name)) out.push('\n')
      else if (token.name === 'td' || token.name === 'th') out.push(' ')
    } else if (isHidden(token.attributes)) {
      if (!voidElements.has(token.name)) hiddenElement = { name: token.name, depth: 1 }
    } else if (token.name === 'a') {
      endLink(out, link) // links do not nest: a second one ends the first
      link = { url: shownUrl(token.attributes.get('href')), from: out.length }
    } else startElement(out, token.name, token.attributes)
  }
  endLink(out, link)
  if (hidden > 0) out.push(`\n[${hidden} characters of hidden text left out]`)
  if (unread > 0) out.push(`\n[${unread} characters of HTML comments and scripts left out]`)
  return out.join('')
}

function startElement(out: string[], name: string, attributes: Map<string, string>): void {
  if (name === 'li') out.push('\n- ')
  else if (name === 'br' || blocks.has(name)) out.push('\n')
  const kind = embedded.get(name)
  const source = kind && shownUrl(attributes.get('src') ?? attributes.get('data'))
  const alt = kind && decodeHTMLAttribute(attributes.get('alt') ?? '')
  if (kind && (source || alt))
    out.push(`[${[kind, alt && JSON.stringify(alt), source].filter(Boolean).join(' ')}]`)
}

/** Writes where a link leads, unless its text says the same. */
function endLink(out: string[], link: Link | undefined): void {
  if (link === undefined || link.url === '') return
  let text = ''
  for (let at = link.from; at < out.length && text.length <= maxUrlLength; at += 1) text += out[at]
  const same = (one: string) =>
    one
      .trim()
      .replace(/^(?:mailto:|tel:)/i, '')
      .replace(/\/$/, '')
  if (same(text) === same(link.url)) return
  out.push(text.trim() === '' ? link.url : ` (${link.url})`)
}

function shownUrl(value: string | undefined): string {
  const url = decodeHTMLAttribute(value ?? '').replace(/\s+/g, '')
  if (url.length <= maxUrlLength) return url
  return `${url.slice(0, maxUrlLength)}… ${url.length - maxUrlLength} more characters`
}

function isHidden(attributes: Map<string, string>): boolean {
  if (attributes.has('hidden')) return true
  const style = attributes.get('style')
  return (
    style !== undefined &&
    hidingStyle.test(
      decodeHTMLAttribute(style)
        .toLowerCase()
        .replace(/\s+|\/\*(?:.*?\*\/|.*$)/gs, ''),
    )
  )
}

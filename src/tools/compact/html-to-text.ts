import { decodeHTML, decodeHTMLAttribute } from 'entities/decode'
import { tokens } from '../../core/html-tokens.ts'
import { declarations, type Look, lookOf } from './css.ts'
import { endOf, linkText, maxUrlLength, shownUrl, startOf } from './element-text.ts'
import { elementsHide, isBoxHidden, legacyLook } from './hidden-elements.ts'
import { markedText } from './marked-text.ts'
import { isHidden, openElements, plain, type Shown, withLook } from './open-elements.ts'
import { keysOfElement, styleSheet } from './style-sheet.ts'

const words = (text: string) => new Set(text.split(' '))
const voidElements = words(
  'area base basefont bgsound br col embed frame hr img input link meta param source track wbr',
)
/** What stands in them is no HTML; in some, references to characters count. */
const rawElements = words('script style iframe noembed noframes plaintext xmp textarea title')
const decoded = words('textarea title')

/** Documents within documents (`srcdoc`). */
const deepest = 3

/**
 * The text of HTML, in linear time: links as `text (url)`, images as `[image url]`, list items as `- item`. What people
 * do not see, for its style or where it stands, is marked `⟦hidden: …⟧`; comments, scripts and styles are counted at
 * the end.
 */
export function htmlToText(html: string, depth = 0): string {
  const out = markedText()
  if (!/[<&]/.test(html)) {
    out.write(html, false)
    return out.text()
  }
  const sheet = styleSheet(/<style/i.test(html) ? sheetsOf(html) : '')
  const root = withLook(
    plain,
    sheet.look(['html', 'body', ':root'], () => false),
  )
  const open = openElements(root)
  let link: { url: string; from: number } | undefined
  const styles = new Map<string, Look>() // most mails repeat a few
  let unread = 0
  let raw: string | undefined

  function lookOfStyle(style: string): Look {
    const known = styles.get(style) ?? lookOf(declarations(style))
    styles.set(style, known)
    return known
  }

  function endLink(): void {
    if (link !== undefined) out.write(linkText(link.url, out.since(link.from, maxUrlLength)), open.hidden())
    link = undefined
  }

  function start(name: string, attributes: ReadonlyMap<string, string>): void {
    if (name === 'a') endLink() // links do not nest: a second one ends the first
    const parent = open.before(name)
    const keys = sheet === undefined ? [] : keysOfElement(name, attributes)
    const style = attributes.get('style')
    const looks = [legacyLook(name, attributes), sheet?.look(keys, open.has)]
    if (style !== undefined) looks.push(lookOfStyle(style))
    const own = looks.reduce<Shown>(withLook, open.shown())
    const box = open.hidden(own) || isBoxHidden(name, attributes)
    const shown = elementsHide(name, attributes, own, parent)
    out.write(startOf(name, attributes, parent), name === 'option' ? open.hidden(shown) : box)
    if (name === 'a') link = { url: shownUrl(attributes.get('href')), from: out.length() }
    const inner = name === 'iframe' && depth < deepest ? attributes.get('srcdoc') : undefined
    if (inner !== undefined) out.writeMarked(htmlToText(inner, depth + 1), box)
    open.push({ name, shown, hides: isHidden(looks.reduce<Shown>(withLook, root)), keys, items: 0 })
  }

  for (const token of tokens(html, rawElements)) {
    if (token.kind === 'text') out.write(decodeHTML(token.text), open.hidden())
    else if (token.kind === 'open') {
      const { name, text } = token
      start(name, decodedAttributes(token.attributes))
      if (voidElements.has(name) || (text.endsWith('/>') && open.shown().veil === 'svg')) open.close(name)
    } else if (token.kind === 'close') {
      if (token.name === 'a') endLink()
      out.write(endOf(token.name), open.hidden())
      open.close(token.name)
    } else if (raw === undefined || raw === 'script' || raw === 'style') unread += token.text.length
    else out.write(decoded.has(raw) ? decodeHTML(token.text) : token.text, open.hidden())
    raw = token.kind === 'open' && rawElements.has(token.name) ? token.name : undefined
  }
  endLink()
  const text = out.text()
  return unread > 0 ? `${text}\n[${unread} characters of HTML comments and scripts left out]` : text
}

function decodedAttributes(attributes: Map<string, string>): Map<string, string> {
  for (const [name, value] of attributes)
    if (value.includes('&')) attributes.set(name, decodeHTMLAttribute(value))
  return attributes
}

function sheetsOf(html: string): string {
  let css = ''
  let inStyle = false
  for (const token of tokens(html, rawElements)) {
    if (inStyle && token.kind === 'comment') css += `${token.text}\n`
    inStyle = token.kind === 'open' && token.name === 'style'
  }
  return css
}

/** A piece of HTML: a tag with its name, or text. */
export interface HtmlToken {
  raw: string
  name: string | undefined
  closing: boolean
}

/** Splits HTML into tags and text in one pass; what only looks like a tag is text. */
export function* tokens(html: string): Generator<HtmlToken> {
  let at = 0
  while (at < html.length) {
    const open = html.indexOf('<', at)
    if (open === -1) break
    if (open > at) yield { raw: html.slice(at, open), name: undefined, closing: false }
    if (html.startsWith('<!--', open)) {
      const end = html.indexOf('-->', open + 4)
      at = end === -1 ? html.length : end + 3
      continue
    }
    const name = tagName(html, open)
    if (name === '') {
      yield { raw: '<', name: undefined, closing: false }
      at = open + 1
    } else {
      const close = html.indexOf('>', open)
      // An unclosed tag at the end carries nothing that could be kept safely.
      if (close === -1) return
      yield { raw: html.slice(open, close + 1), name, closing: html[open + 1] === '/' }
      at = close + 1
    }
  }
  if (at < html.length) yield { raw: html.slice(at), name: undefined, closing: false }
}

const tag = /<\/?([a-z!][a-z0-9!]{0,19})/iy

function tagName(html: string, open: number): string {
  tag.lastIndex = open
  return tag.exec(html)?.[1]?.toLowerCase() ?? ''
}

/** Elements that stand on lines of their own. */
export const blocks = new Set(
  'p div ul ol li h1 h2 h3 h4 h5 h6 blockquote pre table thead tbody tr td th hr'.split(' '),
)

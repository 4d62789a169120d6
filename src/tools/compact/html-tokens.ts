/** A piece of HTML: a tag with its attributes, a comment, or text with its references unresolved. */
export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'comment'; length: number }
  | { kind: 'open'; name: string; attributes: Map<string, string> }
  | { kind: 'close'; name: string }

/** Elements whose content is not text. */
const raw = new Set(['script', 'style', 'title', 'template', 'noscript', 'iframe', 'svg'])

/**
 * Splits HTML into pieces in one pass, in time linear in its length. What only looks like a tag is text, and so is
 * everything from a tag on that never ends. The content of `script` and its like comes as a comment.
 */
export function* pieces(html: string): Generator<Piece> {
  let at = 0
  while (at < html.length) {
    const open = html.indexOf('<', at)
    if (open === -1) break
    if (open > at) yield { kind: 'text', text: html.slice(at, open) }
    const next = html[open + 1] ?? ''
    if (next === '!' || next === '?') {
      const comment = html.startsWith('<!--', open)
      const end = html.indexOf(comment ? '-->' : '>', comment ? open + 2 : open)
      at = end === -1 ? html.length : end + (comment ? 3 : 1)
      yield { kind: 'comment', length: at - open }
      continue
    }
    const start = next === '/' ? open + 2 : open + 1
    if (!/[a-z]/i.test(html[start] ?? '')) {
      yield { kind: 'text', text: '<' }
      at = open + 1
      continue
    }
    const tag = readTag(html, start)
    if (tag === undefined) {
      at = open
      break
    }
    at = tag.end
    if (next === '/') {
      yield { kind: 'close', name: tag.name }
      continue
    }
    yield { kind: 'open', name: tag.name, attributes: tag.attributes }
    if (!raw.has(tag.name)) continue
    const end = html.slice(at).search(new RegExp(`</${tag.name}`, 'i'))
    const length = end === -1 ? html.length - at : end
    if (length > 0) yield { kind: 'comment', length }
    at += length
  }
  if (at < html.length) yield { kind: 'text', text: html.slice(at) }
}

const name = /[^\s/>]+/y
const attribute = /[\s/]*(?:([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*))?)?|=)/y
const ending = /[\s/]*>/y

/** A tag from its name on, or `undefined` when it never ends. */
function readTag(html: string, start: number) {
  name.lastIndex = start
  const tag = (name.exec(html)?.[0] ?? '').toLowerCase()
  let at = start + tag.length
  const attributes = new Map<string, string>()
  for (;;) {
    ending.lastIndex = at
    if (ending.test(html)) return { name: tag, attributes, end: ending.lastIndex }
    attribute.lastIndex = at
    const found = attribute.exec(html)
    if (found === null) return undefined
    at = attribute.lastIndex
    const [, key, double, single, bare] = found
    if (key !== undefined && !attributes.has(key.toLowerCase())) {
      attributes.set(key.toLowerCase(), double ?? single ?? bare ?? '')
    }
  }
}

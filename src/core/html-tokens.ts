/** A token of HTML, with its text. Character references in text and in the values of attributes are not decoded. */
export type Token =
  | { kind: 'text'; text: string }
  /** A comment, a declaration, or the content of an element such as `script`; `closed` unless the HTML ended first. */
  | { kind: 'comment'; text: string; closed: boolean }
  /** `bare`: the attributes without a value. */
  | { kind: 'open'; text: string; name: string; attributes: Map<string, string>; bare: readonly string[] }
  | { kind: 'close'; text: string; name: string }

/** Elements whose content is not shown as text; sanitizers remove it with them. */
const removed: ReadonlySet<string> = new Set(
  'script style head title iframe object template noscript svg math'.split(' '),
)

/**
 * Splits HTML into tokens, in linear time. What only looks like a tag is text; from a tag that never ends on, all is.
 * The content of `raw` elements is one comment.
 */
export function* tokens(html: string, raw: ReadonlySet<string> = removed): Generator<Token> {
  let at = 0
  while (at < html.length) {
    const open = html.indexOf('<', at)
    if (open === -1) break
    if (open > at) yield { kind: 'text', text: html.slice(at, open) }
    const next = html[open + 1] ?? ''
    if (next === '!' || next === '?') {
      const comment = html.startsWith('<!--', open)
      const end = comment ? commentEnd : declarationEnd
      end.lastIndex = comment ? open + 2 : open
      const closed = end.test(html)
      at = closed ? end.lastIndex : html.length
      yield { kind: 'comment', text: html.slice(open, at), closed }
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
    const whole = html.slice(open, at)
    if (next === '/') {
      yield { kind: 'close', text: whole, name: tag.name }
      continue
    }
    const { attributes, bare } = tag
    yield { kind: 'open', text: whole, name: tag.name, attributes, bare }
    if (!raw.has(tag.name)) continue
    const length = html.slice(at).search(new RegExp(`</${tag.name}(?=[\\s/>])`, 'i'))
    const text = length === -1 ? html.slice(at) : html.slice(at, at + length)
    if (text !== '') yield { kind: 'comment', text, closed: length !== -1 }
    at += text.length
  }
  if (at < html.length) yield { kind: 'text', text: html.slice(at) }
}

const commentEnd = /--!?>/g
const declarationEnd = />/g
const name = /[^\s/>]+/y
const attribute = /[\s/]*(?:([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*))?)?|=)/y
const ending = /[\s/]*>/y

/** The tag whose name is at `start`, or `undefined` when it never ends. */
function readTag(html: string, start: number) {
  name.lastIndex = start
  const tag = (name.exec(html)?.[0] ?? '').toLowerCase()
  let at = start + tag.length
  const attributes = new Map<string, string>()
  const bare: string[] = []
  for (;;) {
    ending.lastIndex = at
    if (ending.test(html)) return { name: tag, attributes, bare, end: ending.lastIndex }
    attribute.lastIndex = at
    const found = attribute.exec(html)
    if (found === null) return undefined
    at = attribute.lastIndex
    const [, key, double, single, plain] = found
    const value = double ?? single ?? plain
    if (key !== undefined && value === undefined) bare.push(key.toLowerCase())
    if (key !== undefined && !attributes.has(key.toLowerCase()))
      attributes.set(key.toLowerCase(), value ?? '')
  }
}

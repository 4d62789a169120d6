const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const needsTextEscape = /[&<>]/g
const needsNameEscape = /[&<>"']/g
const entity = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi
const bareAmpersand = /&(?!#\d{1,7};|#x[0-9a-f]{1,6};|[a-z]{2,8};)/gi
const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

/** Text made safe to stand between tags. */
export function escapeText(text: string): string {
  return text.replace(needsTextEscape, (character) => escapes[character] ?? character)
}

/**
 * A name as Intercom answers it: HTML-escaped, a live quirk (dossier 1.8, REC `Phone &amp; SMS`). The five
 * characters are those of Rails' `html_escape`, hence `&#39;` for an apostrophe.
 */
export function escapeName(name: string | null): string | null {
  return name === null ? null : name.replace(needsNameEscape, (character) => escapes[character] ?? character)
}

/** Character references resolved; an unknown one stays as it is. */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(entity, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

/** Plain text as Intercom stores it: `Hello` becomes `<p>Hello</p>` (dossier 1.8). */
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
const blocks = new Set(
  'p div ul ol li h1 h2 h3 h4 h5 h6 blockquote pre table thead tbody tr td th hr'.split(' '),
)
const inlines = new Set('b strong i em u s code span a img br sub sup'.split(' '))
const voids = new Set(['br', 'img', 'hr'])
const swallowed = new Set([
  'script',
  'style',
  'head',
  'title',
  'iframe',
  'object',
  'template',
  'noscript',
  'svg',
  'math',
])
const opensLine = new Set(['ul', 'ol', 'table', 'thead', 'tbody', 'tr'])
const attributePattern = /([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi
const safeScheme = /^(?:https?:|mailto:|tel:)/i
const spaces = /\s+/g

interface Token {
  raw: string
  name: string | undefined
  closing: boolean
}

/** Splits HTML into tags and text in one pass; what only looks like a tag is text. */
function* tokens(html: string): Generator<Token> {
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

function tagName(html: string, open: number): string {
  let end = html[open + 1] === '/' ? open + 2 : open + 1
  const start = end
  while (end < html.length && end - start < 20 && /[a-z0-9!]/i.test(html[end] ?? '')) end += 1
  return /^[a-z!]/i.test(html[start] ?? '') ? html.slice(start, end).toLowerCase() : ''
}

/** Deeper nesting than this is dropped: no letter needs it, and hostile input must not cost more than it weighs. */
const maxDepth = 40

/** A longer tag loses its attributes: the pattern that reads them is only linear on short text. */
const longestTag = 4_096

/** Keeps an allow-list of tags and, of attributes, only safe links and images; one block element per line. */
function sanitize(html: string): string {
  const out = new Lines()
  const stack: string[] = []
  let skipping: string | undefined
  for (const { raw, name, closing } of tokens(html)) {
    if (skipping !== undefined) {
      if (closing && name === skipping) skipping = undefined
    } else if (name === undefined) {
      const collapsed = raw.replace(spaces, ' ')
      const text = out.atLineStart ? collapsed.trimStart() : collapsed
      if (text === '') continue
      if (!stack.some((tag) => blocks.has(tag))) {
        out.push('<p>')
        stack.push('p')
      }
      out.push(text.replace(bareAmpersand, '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'))
    } else if (swallowed.has(name)) {
      if (!closing) skipping = name
    } else if (blocks.has(name) || inlines.has(name)) {
      if (closing) close(out, stack, name)
      else open(out, stack, name, raw)
    }
  }
  out.trim()
  for (const tag of stack.reverse()) out.push(`</${tag}>`)
  return out.text()
}

function open(out: Lines, stack: string[], name: string, raw: string): void {
  if (stack.length >= maxDepth) return
  if (blocks.has(name)) {
    if (stack.at(-1) === 'p') close(out, stack, 'p')
    // A block after text starts a line; a block that opens its parent stays beside it.
    if (out.endsInText) out.newline()
  }
  out.push(`<${name}${attributes(name, raw)}>`)
  if (!voids.has(name)) stack.push(name)
  if (opensLine.has(name) || name === 'hr') out.newline()
}

function close(out: Lines, stack: string[], name: string): void {
  if (!stack.includes(name)) return
  let popped: string | undefined
  do {
    popped = stack.pop()
    if (popped === undefined) return
    if (blocks.has(popped)) out.trim()
    if (opensLine.has(popped)) out.newline()
    out.push(`</${popped}>`)
    if (blocks.has(popped)) out.newline()
  } while (popped !== name)
}

/** Output in pieces, so that trimming its end looks at one piece and not at the whole. */
class Lines {
  readonly #pieces: string[] = []

  get atLineStart(): boolean {
    const last = this.#pieces.at(-1)
    return last === undefined || last === '\n'
  }

  get endsInText(): boolean {
    const last = this.#pieces.at(-1)
    return last !== undefined && !last.endsWith('>') && last !== '\n'
  }

  push(piece: string): void {
    this.#pieces.push(piece)
  }

  newline(): void {
    if (!this.atLineStart) this.#pieces.push('\n')
  }

  /** Drops blanks and line ends that nothing follows. */
  trim(): void {
    for (;;) {
      const last = this.#pieces.pop()
      if (last === undefined) return
      const trimmed = last.trimEnd()
      if (trimmed === '') continue
      this.#pieces.push(trimmed)
      return
    }
  }

  text(): string {
    return this.#pieces.join('')
  }
}

function attributes(name: string, raw: string): string {
  if ((name !== 'a' && name !== 'img') || raw.length > longestTag) return ''
  let kept = ''
  for (const [, attribute, double, single, bare] of raw.matchAll(attributePattern)) {
    const value = decodeEntities(double ?? single ?? bare ?? '')
    const key = attribute?.toLowerCase()
    const isLink = (name === 'a' && key === 'href') || (name === 'img' && key === 'src')
    if (isLink ? safeScheme.test(value.trim()) : name === 'img' && key === 'alt') {
      kept += ` ${key}="${value.trim().replace(needsNameEscape, (c) => escapes[c] ?? c)}"`
    }
  }
  return kept
}

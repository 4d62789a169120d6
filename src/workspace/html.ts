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
export function decodeEntities(text: string): string {
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
    const close = html.indexOf('>', open)
    const name = tagName(html, open)
    if (name === '') {
      yield { raw: '<', name: undefined, closing: false }
      at = open + 1
    } else if (close === -1) {
      // An unclosed tag at the end carries nothing that could be kept safely.
      return
    } else {
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

/** Keeps an allow-list of tags and, of attributes, only safe links and images; one block element per line. */
function sanitize(html: string): string {
  const stack: string[] = []
  let out = ''
  let skipping: string | undefined
  const newline = () => {
    out = out.trimEnd()
    if (out !== '') out += '\n'
  }
  for (const { raw, name, closing } of tokens(html)) {
    if (skipping !== undefined) {
      if (closing && name === skipping) skipping = undefined
    } else if (name === undefined) {
      const text = raw.replace(spaces, ' ')
      const atLineStart = out === '' || out.endsWith('\n')
      const shown = atLineStart ? text.trimStart() : text
      if (shown !== '') {
        if (!stack.some((tag) => blocks.has(tag))) {
          out += '<p>'
          stack.push('p')
        }
        out += shown.replace(bareAmpersand, '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
      }
    } else if (swallowed.has(name)) {
      if (!closing) skipping = name
    } else if (blocks.has(name) || inlines.has(name)) {
      if (!closing) {
        if (blocks.has(name)) {
          if (stack.at(-1) === 'p') out = `${out.trimEnd()}</${stack.pop()}>`
          if (!out.endsWith('>') || out.endsWith('/p>')) newline()
        }
        out += `<${name}${attributes(name, raw)}>`
        if (!voids.has(name)) stack.push(name)
        if (opensLine.has(name) || name === 'hr') out += '\n'
      } else if (stack.includes(name)) {
        let popped: string | undefined
        do {
          popped = stack.pop()
          if (popped !== undefined && blocks.has(popped)) out = out.trimEnd()
          if (popped !== undefined && opensLine.has(popped)) out += '\n'
          out += `</${popped}>`
        } while (popped !== name)
        if (blocks.has(name)) out += '\n'
      }
    }
  }
  out = out.trimEnd()
  for (const tag of stack.reverse()) out += `</${tag}>`
  return out
}

function attributes(name: string, raw: string): string {
  if (name !== 'a' && name !== 'img') return ''
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

import { bareAmpersand, decodeEntities, escapeName } from './entities.ts'
import { blocks, tokens } from './html-tokens.ts'

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

/** Deeper nesting is dropped: no message needs it, and hostile input must stay cheap. */
const maxDepth = 40

/** A longer tag loses its attributes: the pattern that reads them is only linear on short text. */
const longestTag = 4_096

/** Keeps an allow-list of tags and, of attributes, only safe links and images; one block element per line. */
export function sanitize(html: string): string {
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
        // Around the inline elements that are open: none of them contains a paragraph.
        if (stack.length === 0) out.mark()
        out.wrap('<p>')
        stack.unshift('p')
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
    if (stack.includes('p')) close(out, stack, 'p')
    // A block after text starts a line; a block that opens its parent stays beside it.
    if (out.endsInText) out.newline()
  }
  if (stack.length === 0) out.mark()
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
  #marked = 0

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

  /** Here begins what {@link wrap} would be around. */
  mark(): void {
    this.#marked = this.#pieces.length
  }

  wrap(piece: string): void {
    this.#pieces.splice(this.#marked, 0, piece)
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
      kept += ` ${key}="${escapeName(value.trim())}"`
    }
  }
  return kept
}

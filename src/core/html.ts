import { decodeHTML } from 'entities/decode'
import { tokens } from './html-tokens.ts'

/** The text of HTML without its tags; a comment that never ends is text. */
export function plainText(html: string): string {
  let text = ''
  for (const token of tokens(html)) {
    if (token.kind === 'text' || (token.kind === 'comment' && !token.closed)) text += decodeHTML(token.text)
  }
  return text
}

/** How many characters of HTML `readableText` leaves out: comments, scripts, what is in `svg`. Others may show them. */
export function leftOut(html: string): number {
  if (!html.includes('<')) return 0
  let count = 0
  for (const token of tokens(html)) if (token.kind === 'comment' && token.closed) count += token.text.length
  return count
}

/** A text in which Intercom has escaped HTML, such as a name: `Ann &amp; Co`. */
export function unescaped(text: string): string {
  return decodeHTML(text)
}

/** Elements that begin and end a line. */
const blocks = new Set(
  `address article aside blockquote center dd details dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5
  h6 header hr legend li main menu nav ol p pre section summary table tr ul`.split(/\s+/),
)

/** The text of HTML as people read it: lines, items, and the addresses of links and images. A text without tags is itself. */
export function readableText(html: string): string {
  if (!html.includes('<')) return html.includes('&') ? decodeHTML(html) : html
  const lines = new Lines()
  let link: { url: string; words: string[] } | undefined
  let pre = 0
  const write = (text: string) => {
    lines.write(text)
    link?.words.push(text)
  }
  const endLink = () => {
    const { url = '', words = [] } = link ?? {}
    link = undefined
    if (url !== '' && words.join('').trim() !== url) write(` (${url})`)
  }
  for (const token of tokens(html)) {
    if (token.kind === 'comment' && token.closed) continue
    if (token.kind === 'text' || token.kind === 'comment') {
      const text = decodeHTML(token.text)
      const [first = '', ...others] = pre > 0 ? text.split('\n') : [text.replace(/[ \t\r\n\f]+/g, ' ')]
      write(pre === 0 && lines.endsBlank ? first.trimStart() : first)
      for (const other of others) {
        lines.end()
        write(other)
      }
      continue
    }
    const { name } = token
    if (name === 'a') endLink()
    if (name === 'pre') pre = token.kind === 'open' ? pre + 1 : Math.max(0, pre - 1)
    if (name === 'br' || (blocks.has(name) && lines.hasWords)) lines.end()
    if (token.kind === 'close') {
      if (name === 'td' || name === 'th') write(' ')
      continue
    }
    const address = decodeHTML(token.attributes.get(name === 'a' ? 'href' : 'src') ?? '').trim()
    if (name === 'a') link = { url: address, words: [] }
    if (name === 'li') lines.item()
    if (name === 'img') write(`[image ${address}]`)
  }
  endLink()
  return lines.text()
}

/** Lines that grow in linear time, whatever they are asked in between. */
class Lines {
  readonly #done: string[] = []
  #line: string[] = []
  /** Whether the line holds more than the mark of an item. */
  hasWords = false
  /** Whether a blank would follow another, or begin the line. */
  endsBlank = true

  write(text: string): void {
    if (text === '') return
    this.#line.push(text)
    this.hasWords ||= text.trim() !== ''
    this.endsBlank = text.endsWith(' ')
  }

  item(): void {
    this.#line.push('- ')
    this.endsBlank = true
  }

  end(): void {
    this.#done.push(this.#line.join('').trimEnd())
    this.#line = []
    this.hasWords = false
    this.endsBlank = true
  }

  text(): string {
    this.end()
    return this.#done.join('\n').trim()
  }
}

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
  const lines: string[] = []
  let line = ''
  let link: { url: string; text: string } | undefined
  let pre = 0
  const write = (text: string) => {
    line += text
    if (link !== undefined) link.text += text
  }
  const endLine = () => {
    lines.push(line.trimEnd())
    line = ''
  }
  const endLink = () => {
    const { url, text } = link ?? { url: '', text: '' }
    link = undefined
    if (url !== '' && text.trim() !== url) write(` (${url})`)
  }
  for (const token of tokens(html)) {
    if (token.kind === 'comment' && token.closed) continue
    if (token.kind === 'text' || token.kind === 'comment') {
      const [first = '', ...others] = decodeHTML(token.text).split('\n')
      const text = pre > 0 ? first : [first, ...others].join(' ').replace(/[ \t\r\f]+/g, ' ')
      write(pre === 0 && (line === '' || line.endsWith(' ')) ? text.trimStart() : text)
      if (pre === 0) continue
      for (const other of others) {
        endLine()
        write(other)
      }
      continue
    }
    const { name } = token
    if (name === 'a') endLink()
    if (name === 'pre') pre = token.kind === 'open' ? pre + 1 : Math.max(0, pre - 1)
    if (name === 'br' || (blocks.has(name) && !/^(?:- )?\s*$/.test(line))) endLine()
    if (token.kind === 'close') {
      if (name === 'td' || name === 'th') write(' ')
      continue
    }
    const address = decodeHTML(token.attributes.get(name === 'a' ? 'href' : 'src') ?? '').trim()
    if (name === 'a') link = { url: address, text: '' }
    if (name === 'li') write('- ')
    if (name === 'img') write(`[image ${address}]`)
  }
  endLink()
  endLine()
  return lines.join('\n').trim()
}

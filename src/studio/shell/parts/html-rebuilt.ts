/** Where a piece of HTML leads: `n` is the number that stands beside its words. */
export type HtmlLink = { n: number; url: string; host: string; what: 'link' | 'image' }

/** HTML as it is shown. */
export type Rebuilt = {
  /** Elements without attributes, and text. */
  markup: string
  links: HtmlLink[]
  /** Its paragraphs, where it is nothing but text. */
  paragraphs: string[] | null
}

const inline = 'b strong i em u s del ins code kbd sub sup small mark'
const block =
  'p div h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre table thead tbody tfoot tr td th hr br'
const kept = new Set(`${inline} ${block}`.split(' '))
const blocks = new Set(block.split(' '))
const voids = new Set(['hr', 'br'])
/** What they hold is no text for a reader. */
const dropped = new Set(
  'script style template noscript input iframe frame frameset object embed applet svg math head title select option datalist audio video canvas noframes noembed'.split(
    ' ',
  ),
)
/** Elements that are text with a line of its own at most. */
const plain = new Set(['p', 'div', 'br'])
/** Deeper nesting is shown as text. */
const maxDepth = 40
const maxLinks = 100

/**
 * HTML made anew from a parsed document or fragment in which nothing runs and loads: an allow-list of elements, no attribute of any,
 * and where links and images lead as text beside them. `textOf`: what a text or a value of an attribute stands for.
 */
export function rebuilt(body: ParentNode, textOf: (text: string) => string = (text) => text): Rebuilt {
  const links: HtmlLink[] = []
  let markup = ''
  let isPlain = true
  let lines: string[] = ['']

  function text(value: string): void {
    markup += escaped(value)
    lines.push(`${lines.pop() ?? ''}${value.replace(/\s+/g, ' ')}`)
  }

  function within(node: ParentNode, depth: number): void {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) text(textOf(child.nodeValue ?? ''))
      else if (child instanceof Element) element(child, depth)
    }
  }

  function element(one: Element, depth: number): void {
    const name = one.localName
    if (name === 'img') image(one)
    if (name === 'img' || dropped.has(name)) return
    if (name === 'br') lines.push(`${lines.pop() ?? ''}\n`)
    else if (blocks.has(name)) lines.push('')
    if (!kept.has(name) || depth > maxDepth) within(one, depth)
    else if (voids.has(name)) markup += `<${name}>`
    else {
      markup += `<${name}>`
      within(one, depth + 1)
      markup += `</${name}>`
    }
    if (kept.has(name) && !plain.has(name)) isPlain = false
    if (blocks.has(name) && name !== 'br') lines.push('')
    if (name === 'a' || name === 'area') beside(attribute(one, 'href'), 'link')
  }

  function attribute(one: Element, name: string): string {
    return textOf(one.getAttribute(name) ?? '')
  }

  function image(one: Element): void {
    const alt = attribute(one, 'alt').trim()
    isPlain = false
    markup += `<cite>[image${alt === '' ? '' : `: ${escaped(alt)}`}]</cite>`
    beside(attribute(one, 'src'), 'image')
  }

  /** The number and the host of where something leads, which nobody is led to. */
  function beside(address: string, what: HtmlLink['what']): void {
    if (address.trim() === '') return
    isPlain = false
    const target = targetOf(address)
    if (target === null) markup += ' <cite>[a link that is left out]</cite>'
    else if (links.length < maxLinks) {
      const n = links.push({ n: links.length + 1, what, ...target })
      markup += ` <cite>[${n}: ${escaped(target.host)}]</cite>`
    }
  }

  within(body, 0)
  lines = lines.map((line) => line.replace(/ ?\n ?/g, '\n').trim()).filter((line) => line !== '')
  return { markup, links, paragraphs: isPlain ? lines : null }
}

/** An address that a person may open: whole, and of a kind that runs nothing. */
export function targetOf(address: string): { url: string; host: string } | null {
  const url = URL.parse(address.trim())
  if (url === null) return null
  if (url.protocol === 'mailto:' || url.protocol === 'tel:') return { url: url.href, host: url.href }
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:'
  return isWeb ? { url: url.href, host: url.host } : null
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`)
}

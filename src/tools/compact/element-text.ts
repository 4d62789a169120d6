import type { OpenElement } from './open-elements.ts'

const blocks = new Set(
  `address article aside blockquote caption center details dialog dd dir div dl dt fieldset figcaption figure footer form h1
  h2 h3 h4 h5 h6 header hr legend li listing main marquee menu nav ol optgroup p plaintext pre search section select summary
  table tbody textarea tfoot thead tr ul xmp`.split(/\s+/),
)
const embedded = new Map([
  ['img', 'image'],
  ['area', 'area'],
  ['video', 'video'],
  ['audio', 'audio'],
  ['iframe', 'frame'],
  ['frame', 'frame'],
  ['embed', 'file'],
  ['object', 'file'],
  ['source', 'file'],
])
export const maxUrlLength = 300

type Attributes = ReadonlyMap<string, string>

/** What stands before an element's content, or in its place. */
export function startOf(name: string, attributes: Attributes, parent: OpenElement | undefined): string {
  if (name === 'li') return `\n${marker(parent)} `
  if (name === 'input') return inputText(attributes)
  if (name === 'meter' || name === 'progress')
    return `[${[name, attributes.get('value'), ...(attributes.has('max') ? ['of', attributes.get('max')] : [])].filter(Boolean).join(' ')}]`
  if (name === 'textarea') return `\n${attributes.get('placeholder') ?? ''}\n`
  if (name === 'option' || name === 'optgroup') return `\n${attributes.get('label') ?? ''} `
  return (name === 'br' || blocks.has(name) ? '\n' : '') + embeddedText(name, attributes)
}

/** What stands after it. */
export function endOf(name: string): string {
  if (blocks.has(name) || name === 'br') return '\n'
  return name === 'td' || name === 'th' || name === 'option' || name === 'button' ? ' ' : ''
}

function marker(parent: OpenElement | undefined): string {
  if (parent?.name !== 'ol') return '-'
  parent.items += 1
  return `${parent.items}.`
}

const unwritten = new Set('color file hidden image password range'.split(' '))

function inputText(attributes: Attributes): string {
  const type = (attributes.get('type') ?? 'text').trim().toLowerCase()
  if (type === 'checkbox' || type === 'radio') return attributes.has('checked') ? '[x] ' : '[ ] '
  if (type === 'image') return embeddedText('img', attributes)
  const value = attributes.get('value') || attributes.get('placeholder')
  return unwritten.has(type) || !value ? '' : ` ${value} `
}

function embeddedText(name: string, attributes: Attributes): string {
  const kind = embedded.get(name)
  if (kind === undefined) return ''
  const urls = ['src', 'data', 'href', 'poster'].map((attribute) => shownUrl(attributes.get(attribute)))
  const alt = attributes.get('alt')
  const parts = [alt && JSON.stringify(alt), ...urls].filter(Boolean)
  return parts.length === 0 ? '' : `[${[kind, ...parts].join(' ')}]`
}

/** Where a link leads, unless its text says the same. */
export function linkText(url: string, text: string): string {
  const same = (one: string) =>
    one
      .trim()
      .replace(/^(?:mailto:|tel:)/i, '')
      .replace(/\/$/, '')
  if (url === '' || same(text) === same(url)) return ''
  return text.trim() === '' ? url : ` (${url})`
}

export function shownUrl(value = ''): string {
  const url = value.replace(/\s+/g, '')
  if (url.length <= maxUrlLength) return url
  return `${url.slice(0, maxUrlLength)}… ${url.length - maxUrlLength} more characters`
}

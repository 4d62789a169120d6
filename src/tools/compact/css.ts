import { colorOf } from './color.ts'

/** What style says about whether people see an element's text; what it does not say is inherited. */
export type Look = {
  /** It and all within it are not seen. */
  gone?: true
  /** Inherited, until an element within says otherwise. */
  visible?: boolean
  tiny?: boolean
  color?: string
  background?: string
}

const piece =
  /\\(?:([\da-f]{1,6})\s?|([\s\S]))|"[^"\\]*(?:\\[\s\S][^"\\]*)*"?|'[^'\\]*(?:\\[\s\S][^'\\]*)*'?|\/\*[\s\S]*?(?:\*\/|$)|[();:]|[^\\"'/();:]+|[\s\S]/gi

/** Longer values hide nothing, except in what moves or covers. */
const longestValue = 300
const covers = /^(?:transform|translate|(?:-webkit-)?(?:filter|clip-path|mask(?:-image)?))$/

/** The declarations of a style, in lower case, without comments, escapes and `!important`. Strings are left out. */
export function declarations(style: string): [name: string, value: string][] {
  const found: [string, string][] = []
  let [name, text, depth] = ['', '', 0]
  const end = () => {
    const value = text.replace(/\s+/g, ' ').replace('! ', '!').toLowerCase().replace('!important', '').trim()
    if (name !== '') found.push([name, value.slice(0, longestValue + 1)])
    ;[name, text] = ['', '']
  }
  for (const [token, hex, escaped] of style.matchAll(piece)) {
    if (hex !== undefined) text += String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff))
    else if (escaped !== undefined) text += escaped
    else if (token.startsWith('/*')) text += ' '
    else if (token.startsWith('"') || token.startsWith("'")) continue
    else if (token === ';' && depth === 0) end()
    else if (token === ':' && name === '' && depth === 0) [name, text] = [text.trim().toLowerCase(), '']
    else {
      if (token === '(') depth += 1
      if (token === ')') depth = Math.max(0, depth - 1)
      text += token
    }
  }
  end()
  return withVariables(found)
}

function withVariables(all: [string, string][]): [string, string][] {
  const variables = new Map(all.filter(([name, value]) => name.startsWith('--') && value.length < 40))
  return all.map(([name, value]) => [
    name,
    value.replace(
      /var\(\s*(--[^\s,)]{1,60})[^)]{0,40}\)/g,
      (whole, variable: string) => variables.get(variable) ?? whole,
    ),
  ])
}

/**
 * Whoever declares something twice, once so that it hides, hides it: browsers drop values that they do not know, and
 * which they know is not known here.
 */
export function lookOf(all: readonly [name: string, value: string][]): Look {
  const look: Look = {}
  const clips = all.some(([name, value]) => /^overflow/.test(name) && !/visible/.test(value))
  for (const [name, value] of all) {
    if (hides(name, value, clips)) look.gone = true
    if (name === 'visibility') look.visible = look.visible !== false && !/hidden|collapse/.test(value)
    const size = name === 'font' ? sizeInFont(value) : name === 'font-size' ? value : undefined
    const tiny = size === undefined ? undefined : isTiny(size)
    if (tiny !== undefined) look.tiny = look.tiny === true || tiny
    if (name === 'color' || name === '-webkit-text-fill-color') look.color = colorOf(value)
    if (name === 'background' || name === 'background-color') look.background = backgroundOf(value)
  }
  return look
}

/** A gradient or an image may have any color. */
function backgroundOf(value: string): string {
  return /gradient\(|url\(|image/.test(value) ? 'unknown' : colorOf(value)
}

function sizeInFont(value: string): string {
  return value.split(/[\s/]+/).find((word) => /^[-+.]?\d/.test(word) && !/^[1-9]00$/.test(word)) ?? 'medium'
}

/** Of three pixels at most. A relative size says nothing where the text around it is tiny. */
function isTiny(size: string): boolean | undefined {
  const [pixels, unit] = pixelsOf(size)[0] ?? [Number.NaN, '']
  if (Number.isNaN(pixels))
    return /^(?:inherit|unset|smaller|larger|revert|var)/.test(size) ? undefined : false
  if (pixels < 3) return true
  return unit === 'em' || unit === '%' || unit === 'ex' ? undefined : false
}

const units: Record<string, number> = {
  '': 1,
  px: 1,
  pt: 4 / 3,
  pc: 16,
  in: 96,
  cm: 38,
  mm: 3.8,
  q: 1,
  em: 16,
}
for (const unit of ['rem', 'ex', 'ch', 'lh', 'vw', 'vh']) units[unit] = 10

/** The lengths in a value, in pixels; a part of 100 % counts as one of 16 pixels. Of a calculation the result, as a sum of products. */
function pixelsOf(value: string): [pixels: number, unit: string][] {
  const [, sum] = /^calc\(([^()]{1,200})\)$/.exec(value) ?? []
  if (sum !== undefined) {
    const terms = sum.replace(/\s-\s/g, ' + -1 * ').split(/\s\+\s/)
    const product = (term: string) =>
      term.split('*').reduce((all, part) => all * (pixelsOf(part.trim())[0]?.[0] ?? Number.NaN), 1)
    return [[terms.reduce((all, term) => all + product(term), 0), 'px']]
  }
  const found = value.matchAll(/(?<![\w.#-])([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(%|[a-z]*)/g)
  return [...found].map(([, number = '', unit = '']) => [
    Number(number) * (unit === '%' ? 0.16 : (units[unit] ?? 1)),
    unit,
  ])
}

const sizes = /^(?:max-)?(?:height|width|block-size|inline-size)$|^line-height$/
const places = /^(?:left|right|top|bottom|inset|margin|text-indent|translate|transform)(?:-[a-z-]+)?$/

function hides(name: string, value: string, clips: boolean): boolean {
  const lengths = pixelsOf(value).map(([pixels]) => pixels)
  const [first = Number.NaN] = lengths
  if (value.length > longestValue && covers.test(name)) return true
  switch (name) {
    case 'display':
      return /\bnone\b/.test(value)
    case 'opacity':
    case 'zoom':
    case 'scale':
      return (value.includes('%') ? first / 16 : first) <= 0.1
    case 'content-visibility':
      return value === 'hidden'
    case 'mso-hide':
      return value === 'all'
    case 'z-index':
      return first < 0
    case 'letter-spacing':
      return first <= -5
    case 'clip':
      return /rect/.test(value) && lengths.length > 0 && lengths.every((one) => one <= 1)
    case 'clip-path':
    case '-webkit-clip-path':
      if (/inset\(/.test(value)) return lengths.some((one) => one >= 8 - 1e-6)
      return /circle|ellipse|polygon|rect/.test(value) && lengths.filter((one) => one > 0.2).length === 0
    case 'filter':
    case '-webkit-filter':
      return /opacity\(\s*[-+]?(?:0*\.?0*\d?%|0*\.?0+)\s*\)|blur\(\s*\d{2}/.test(value)
    case 'mask':
    case 'mask-image':
    case '-webkit-mask':
    case '-webkit-mask-image':
      return /transparent/.test(value)
    case 'max-height':
    case 'max-width':
      if (first <= 0) return true
  }
  if (sizes.test(name)) return clips && first <= 1 && !value.includes('calc')
  if (!places.test(name)) return false
  if (name === 'text-indent' && clips && first >= 16 && value.includes('%')) return true
  if (/scale[xy]?(?:3d)?\(\s*[-+]?0*\.?0*(?:[,)]|$)|matrix\(\s*0+\s*,|rotate[xy]\(\s*-?90deg/.test(value))
    return true
  return lengths.some((one) => Math.abs(one) >= 900)
}

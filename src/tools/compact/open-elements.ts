import { looksLike } from './color.ts'
import type { Look } from './css.ts'

/** What an element and those around it say about the text in it. */
export type Shown = {
  gone: boolean
  visible: boolean
  tiny: boolean
  color: string
  background: string
  /** Whether the two look alike. */
  blank: boolean
  /** Within a drawing, or closed details: only what stands in certain elements of it is seen. */
  veil: 'svg' | 'details' | null
}

export const plain: Shown = {
  gone: false,
  visible: true,
  tiny: false,
  color: '0 0 0',
  background: '255 255 255',
  blank: false,
  veil: null,
}

const noLook: Look = {}

/** Whether people see no text there. */
export function isHidden({ gone, visible, tiny, blank, veil }: Shown): boolean {
  return gone || !visible || tiny || blank || veil !== null
}

export function withLook(shown: Shown, look: Look = noLook): Shown {
  if (look === noLook) return shown
  const color = said(look.color) ?? shown.color
  const ground = look.background === 'transparent' || look.background === 'none' ? undefined : look.background
  const background = said(ground) ?? shown.background
  const same = color === shown.color && background === shown.background
  return {
    gone: shown.gone || look.gone === true,
    visible: look.visible ?? shown.visible,
    tiny: look.tiny ?? shown.tiny,
    color,
    background,
    blank: same ? shown.blank : color === 'transparent' || looksLike(color, background),
    veil: shown.veil,
  }
}

function said(color: string | undefined): string | undefined {
  return color !== undefined && /^(?:inherit|currentcolor|var\b)/.test(color) ? undefined : color
}

/** An element that is open. */
export type OpenElement = {
  name: string
  shown: Shown
  /** Whether it hides by its own style. */
  hides: boolean
  keys: readonly string[]
  /** List items or options that it has had. */
  items: number
}

const words = (text: string) => new Set(text.split(/\s+/))
const formatting = words('a b big code em font i nobr s small strike strong tt u')
/** An end tag of another element does not reach over these. */
const special = words(
  `address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption figure
  footer form h1 h2 h3 h4 h5 h6 header hgroup html li main marquee menu nav object ol p pre section select summary table
  tbody td template tfoot th thead tr ul xmp listing`,
)
/** No end tag reaches over these, except those of a table's own parts. */
const bounds = words('caption html marquee object table td template th')
const cells = words('caption marquee object td template th')
const ofTables = words('caption table tbody td tfoot th thead tr')
const closesParagraph = words(
  `address article aside blockquote center details dialog dir div dl dd dt fieldset figcaption figure footer form h1 h2 h3
  h4 h5 h6 header hgroup hr li listing main menu nav ol p plaintext pre search section summary table ul xmp`,
)
/** The elements that a new one ends, unless one of the others stands between. */
const ends = new Map(
  [
    ['li', 'li', 'ul ol menu dir table td'],
    ['dt dd', 'dt dd', 'dl table td'],
    ['option', 'option', 'select datalist'],
    ['optgroup', 'option optgroup', 'select datalist'],
    ['td th', 'td th caption', 'table'],
    ['tr', 'tr caption', 'table'],
    ['tbody thead tfoot', 'tbody thead tfoot caption', 'table'],
    ['rt rp', 'rt rp', 'ruby'],
  ].flatMap(([names = '', ended = '', within = '']) =>
    names.split(' ').map((name) => [name, { ended: ended.split(' '), within: within.split(' ') }] as const),
  ),
)

/**
 * The elements that are open, by the main rules with which browsers repair HTML (https://html.spec.whatwg.org/#parsing).
 * Each step takes constant time on average.
 */
export function openElements(root: Shown) {
  const stack: OpenElement[] = []
  const places = new Map<string, number[]>() // where in the stack the elements of a name are
  const keys = new Map<string, number>()
  const specials: number[] = []
  const limits: number[] = []
  const left = [{ all: 0, names: new Map<string, number>() }] // hiding elements like <font> go on after the block they began in, up to a cell's end

  const last = (name: string) => places.get(name)?.at(-1) ?? -1
  const lastOf = (names: readonly string[]) => Math.max(...names.map(last))

  function count(name: string, more: number): void {
    const own = left.at(-1)
    if (own === undefined) return
    own.all += more
    own.names.set(name, (own.names.get(name) ?? 0) + more)
  }

  function popTo(length: number, ended?: string): void {
    while (stack.length > length) {
      const { name, hides, keys: own } = stack.pop() as OpenElement
      places.get(name)?.pop()
      if (specials.at(-1) === stack.length) specials.pop()
      if (limits.at(-1) === stack.length) limits.pop()
      for (const key of own) keys.set(key, (keys.get(key) ?? 1) - 1)
      if (cells.has(name)) left.pop()
      if (formatting.has(name) && hides && (name !== ended || stack.length > length)) count(name, 1)
    }
  }

  return {
    /** Ends what a new element of this name ends; answers what it will stand in. */
    before(name: string): OpenElement | undefined {
      if (name === 'a' || name === 'button' || name === 'nobr') this.close(name)
      if (closesParagraph.has(name) && last('p') > (limits.at(-1) ?? -1) && last('p') > last('button'))
        popTo(last('p'))
      const { ended, within } = ends.get(name) ?? { ended: [], within: [] }
      const limit = lastOf(within)
      if (lastOf(ended) > limit) popTo(Math.min(...ended.map(last).filter((at) => at > limit)))
      return stack.at(-1)
    },
    push(element: OpenElement): void {
      const { name } = element
      const at = places.get(name)
      if (at === undefined) places.set(name, [stack.length])
      else at.push(stack.length)
      if (special.has(name)) specials.push(stack.length)
      if (bounds.has(name)) limits.push(stack.length)
      if (cells.has(name)) left.push({ all: 0, names: new Map() })
      for (const key of element.keys) keys.set(key, (keys.get(key) ?? 0) + 1)
      stack.push(element)
    },
    close(name: string): void {
      if (name === 'body' || name === 'html') return
      const at = last(name)
      const limit = ofTables.has(name)
        ? last('table') - 1
        : ((special.has(name) ? limits : specials).at(-1) ?? -1)
      if (at >= 0 && (at > limit || (at === limit && bounds.has(name)))) popTo(at, name)
      else if ((left.at(-1)?.names.get(name) ?? 0) > 0) count(name, -1)
    },
    has: (key: string) => (keys.get(key) ?? 0) > 0,
    shown: () => stack.at(-1)?.shown ?? root,
    /** Whether people see no text in the open element, or in a new one within it that looks so. */
    hidden(shown: Shown = stack.at(-1)?.shown ?? root): boolean {
      return isHidden(shown) || (left.at(-1)?.all ?? 0) > 0
    },
  }
}

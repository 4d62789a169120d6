import { colorOf } from './color.ts'
import type { Look } from './css.ts'
import type { OpenElement, Shown } from './open-elements.ts'

const words = (text: string) => new Set(text.split(/\s+/))
/** What stands in them is for programs, or for browsers that lack the element. */
const unseen = words(
  'annotation annotation-xml applet audio canvas datalist iframe meter noembed noframes progress rp template title video',
)
const unseenInDrawings = words(
  'clippath defs desc filter lineargradient marker mask metadata pattern radialgradient symbol',
)
const inDrawings = words('text foreignobject')
const colored = words('font basefont body')
const boxes = words('canvas embed iframe marquee object svg video')

/** What people see of the text in an element, given its kind. `shown`: given its style. */
export function elementsHide(
  name: string,
  attributes: ReadonlyMap<string, string>,
  shown: Shown,
  parent: OpenElement | undefined,
): Shown {
  const has = (attribute: string) => attributes.has(attribute)
  const veils = opensVeil(name, attributes)
  const gone =
    isBoxHidden(name, attributes) ||
    unseen.has(name) ||
    (name === 'object' && has('data')) ||
    (name === 'option' && isUnchosen(attributes, parent)) ||
    (shown.veil === 'svg' && unseenInDrawings.has(name)) ||
    (shown.veil !== null && veils)
  if (!gone && !veils && shown.veil === null) return shown
  return { ...shown, gone: shown.gone || gone, veil: veilOf(name, attributes, shown, parent) }
}

/** Whether an element is not seen, whatever it holds. */
export function isBoxHidden(name: string, attributes: ReadonlyMap<string, string>): boolean {
  const tiny = ['width', 'height'].some((side) => /^\s*[01](?:px|%)?\s*$/.test(attributes.get(side) ?? ''))
  return (
    attributes.has('hidden') ||
    attributes.has('popover') ||
    (name === 'dialog' && !attributes.has('open')) ||
    (boxes.has(name) && tiny)
  )
}

function opensVeil(name: string, attributes: ReadonlyMap<string, string>): boolean {
  return name === 'svg' || (name === 'details' && !attributes.has('open'))
}

function veilOf(
  name: string,
  attributes: ReadonlyMap<string, string>,
  { veil }: Shown,
  parent: OpenElement | undefined,
): Shown['veil'] {
  if (opensVeil(name, attributes)) return name === 'svg' ? 'svg' : 'details'
  if (veil === 'svg') return inDrawings.has(name) ? null : veil
  const isSummary =
    veil === 'details' && name === 'summary' && parent?.name === 'details' && parent.items === 0
  if (!isSummary) return veil
  parent.items += 1
  return null
}

/** A list that is not open shows one option: the one that is selected, or the first. */
function isUnchosen(attributes: ReadonlyMap<string, string>, parent: OpenElement | undefined): boolean {
  if (parent?.name !== 'select') return parent?.name === 'optgroup'
  parent.items += 1
  const list = parent.keys.some((key) => key === '[multiple]' || key === '[size]')
  return !list && parent.items > 1 && !attributes.has('selected')
}

/** What the attributes of older HTML say, like `<font color>`. */
export function legacyLook(name: string, attributes: ReadonlyMap<string, string>): Look | undefined {
  const text = attributes.get(name === 'body' ? 'text' : 'color')
  const ground = attributes.get('bgcolor')
  const look: Look = {}
  if (text !== undefined && colored.has(name)) look.color = colorOf(text.trim().toLowerCase())
  if (ground !== undefined) look.background = colorOf(ground.trim().toLowerCase())
  if (attributes.has('background')) look.background = 'unknown'
  return Object.keys(look).length > 0 ? look : undefined
}

import { element } from './element.ts'
import { pieces, unseenCount } from './unseen.ts'

/** A text as nodes: what a reader would not see stands out by its name. */
export function seen(text: string): Node[] {
  return pieces(text).map((piece) =>
    piece.isUnseen ? element('span', { class: 'unseen' }, piece.text) : document.createTextNode(piece.text),
  )
}

/** A text of its own paragraphs, in its own direction, which nothing around it shares. */
export function words(text: string, kind = 'words'): HTMLElement {
  return element('div', { class: kind, dir: 'auto' }, seen(text))
}

/** A name or the like within a line. */
export function inline(text: string): HTMLElement {
  return element('bdi', {}, seen(text))
}

/** `312 characters, 2 of them not visible`. */
export function lengthOf(text: string): string {
  const hidden = unseenCount(text)
  const length = [...text].length
  const all = `${length.toLocaleString('en')} character${length === 1 ? '' : 's'}`
  return hidden === 0 ? all : `${all}, ${hidden.toLocaleString('en')} of them not visible`
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' })

/** `4 minutes ago`, `in 23 hours`. */
function fromNow(at: number, now = Date.now()): string {
  const [unit, size] = units.find(([, ms]) => Math.abs(at - now) >= ms) ?? ['second', 1000]
  if (unit === 'second') return at <= now ? 'just now' : 'in less than a minute'
  return relative.format(Math.round((at - now) / size), unit)
}

/** A moment, kept up to date by `tick`. */
export function moment(at: number): HTMLTimeElement {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return element('time', {}, 'at an unknown time')
  const title = date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
  return element('time', { datetime: date.toISOString(), title }, fromNow(at))
}

/** Brings the moments of a page up to date. */
export function tick(root: ParentNode): void {
  for (const one of root.querySelectorAll<HTMLTimeElement>('time[datetime]')) {
    const text = fromNow(Date.parse(one.dateTime))
    if (one.textContent !== text) one.textContent = text
  }
}

import { loadHtmlReader } from '../../core/same-text.ts'
import { shortened } from '../../errors.ts'

/** What a person is shown of a name, a subject, and a message; and how much HTML is read for it. */
const [maxName, maxMessage, maxHtml] = [200, 2000, 32_000]

/** A text of Intercom's answer, which may hold anything in its place. */
export function textIn(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? shortened(value, maxName) : null
}

/** A name, in which Intercom escapes HTML (docs/intercom-api.md 1.8). */
export async function nameIn(value: unknown): Promise<string | null> {
  const text = textIn(value)
  return text === null ? null : (await loadHtmlReader()).unescaped(text)
}

/** A message of Intercom's as people read it, shortened. */
export async function messageIn(html: unknown): Promise<string> {
  if (typeof html !== 'string') return ''
  const { readableText } = await loadHtmlReader()
  return shortened(readableText(html.slice(0, maxHtml)), maxMessage)
}

/** A text that will be sent as HTML, as it will be seen; `null` where that is the same. */
export async function shownAs(html: string): Promise<string | null> {
  const { leftOut, readableText } = await loadHtmlReader()
  const read = html.slice(0, maxShown)
  const hidden = leftOut(read)
  const mark = hidden === 0 ? '' : `\n[${hidden} characters of HTML left out here: comments and the like]`
  const shown = `${readableText(read)}${mark}`
  const rest = html.length - maxShown
  if (rest > 0) return `${shown}\n[… ${rest} more characters of HTML]`
  return shown === html.trim() ? null : shown
}

const maxShown = 200_000

import { type Allowance, costOf, isObject, type Json, named, resultTokens } from './allowance.ts'
import { listedContact } from './contact.ts'
import { listedConversation } from './conversation.ts'
import { compactedObject } from './generic.ts'

/** For `pages`, the notes and the envelope's own keys. */
const reserve = 250
/** The most that one item may cost. */
const itemTokens = 500

const readers = { contacts: listedContact, conversations: listedConversation } as const
const whole = { contacts: 'get_contact', conversations: 'get_conversation' } as const

/**
 * The list and the `pages` of an envelope that lists contacts or conversations; `undefined` for any other. When not all fit, each
 * is shown by what names it; when they still do not, the rest are counted and the way to them is told in `pages`.
 */
export function compactLists(own: Json): Json | undefined {
  const key = (['contacts', 'conversations'] as const).find((one) => Array.isArray(own[one]))
  if (key === undefined) return undefined
  const items = (own[key] as unknown[]).map((item) => (isObject(item) ? item : { value: item }))
  const long = fit(items, (item, allowance) => readers[key](item, allowance, false))
  const brief = long.length < items.length
  const shown = brief ? fit(items, (item, allowance) => readers[key](item, allowance, true)) : long
  const missing = items.length - shown.length
  const notes: string[] = []
  if (items.length > 0)
    notes.push(`${brief ? 'all but the names' : 'details'} of each: ${whole[key]} has them`)
  if (missing > 0) {
    const again = `repeat this call with per_page ${shown.length}, then follow its cursor`
    notes.push(`the last ${missing} of ${items.length} on this page: ${again}`)
  }
  const pages = pagesOf(own['pages'], missing > 0)
  const left_out = notes.join('; ')
  return { [key]: shown, pages: left_out === '' ? pages : { ...pages, left_out } }
}

function fit(items: readonly Json[], read: (item: Json, allowance: Allowance) => Json): Json[] {
  const shown: Json[] = []
  let left = resultTokens - reserve
  for (const item of items) {
    const allowance: Allowance = { tokens: itemTokens, leftOut: [] }
    const one = read(item, allowance)
    const { leftOut } = allowance
    if (leftOut.length > 0) one['left_out'] = named(leftOut, 3)
    left -= costOf(one)
    if (left < 0) break
    shown.push(one)
  }
  return shown
}

/** Without the cursor when items are missing: it would skip them. */
function pagesOf(pages: unknown, cut: boolean): Json | null {
  if (!isObject(pages)) return null
  const { page, total_pages, next } = pages
  const starting_after = isObject(next) && !cut ? next['starting_after'] : undefined
  const cursor = typeof starting_after === 'string' ? { next: { starting_after } } : {}
  return { ...compactedObject({ page, total_pages }, { tokens: 100, leftOut: [] }), ...cursor }
}

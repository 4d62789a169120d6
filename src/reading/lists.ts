import { type Allowance, costOf, isObject, type Json, objects, resultTokens } from './allowance.ts'
import { compactedObject } from './anything.ts'
import { listedContact } from './contact.ts'
import { listedConversation } from './conversation.ts'

/** For `pages`, the notes and the envelope's own keys. */
const reserve = 250

const kinds = { contacts: listedContact, conversations: listedConversation } as const
const more = { contacts: 'get_contact', conversations: 'get_conversation' } as const

/** The own keys of an envelope that lists contacts or conversations; `undefined` for any other. */
export function compactLists(own: Json): Json | undefined {
  const key = (['contacts', 'conversations'] as const).find((one) => Array.isArray(own[one]))
  if (key === undefined) return undefined
  const items = objects(own[key])
  const long = fit(items, (item, allowance) => kinds[key](item, allowance, false))
  const { shown, brief } =
    long.length === items.length
      ? { shown: long, brief: false }
      : { shown: fit(items, (item, allowance) => kinds[key](item, allowance, true)), brief: true }
  const missing = items.length - shown.length
  const notes = [
    items.length > 0 && `${brief ? 'only what names them' : 'the rest of each'}: ${more[key]} has it`,
    missing > 0 &&
      `${missing} of ${items.length} on this page: repeat the call with per_page ${Math.max(1, shown.length)}, then follow its cursor`,
  ]
  const pages = pagesOf(own['pages'], missing > 0)
  const left_out = notes.filter((note) => note !== false).join('; ')
  const full = left_out === '' ? pages : { ...pages, left_out }
  return { ...own, [key]: shown, pages: full }
}

function fit(items: readonly Json[], read: (item: Json, allowance: Allowance) => Json): Json[] {
  const shown: Json[] = []
  let left = resultTokens - reserve
  for (const item of items) {
    const one = read(item, { tokens: 600, leftOut: [] })
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
  const cursor = starting_after === undefined ? {} : { next: { starting_after } }
  return { ...compactedObject({ page, total_pages }, { tokens: 100, leftOut: [] }), ...cursor }
}

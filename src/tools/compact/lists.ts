import type { Sought } from '../../core/action.ts'
import { cursorWithin, type PagePart } from '../../core/page-part.ts'
import { listedArticle } from './article.ts'
import { listedContact } from './contact.ts'
import { actedConversation, listedConversation } from './conversation.ts'
import { compactObject, isObject, type Json } from './json.ts'
import type { Steps } from './steps.ts'
import { listedTicket } from './ticket.ts'
import { estimateJsonTokens, listNames, maxResultTokens, type TokenBudget } from './token-budget.ts'

/** Tokens for `pages`, the notes and the envelope's own keys. */
const reservedTokens = 250
const maxItemTokens = 500

const nothing: Sought = { fields: [], words: [] }

const lists = {
  contacts: { listed: listedContact, action: 'get_contact' },
  conversations: { listed: listedConversation, action: 'get_conversation' },
  tickets: { listed: listedTicket, action: 'get_ticket' },
  articles: { listed: listedArticle, action: 'get_article' },
} as const

/**
 * The list and the `pages` of an envelope that lists contacts or conversations; `undefined` for any other. When not
 * all items fit, each is shown briefly; when they still do not, the rest are counted, and `pages` goes on with them.
 */
export function* compactPage(own: Json, part?: PagePart, sought: Sought = nothing): Steps<Json | undefined> {
  const key = (Object.keys(lists) as (keyof typeof lists)[]).find((one) => Array.isArray(own[one]))
  if (key === undefined) return undefined
  const { listed, action } = lists[key]
  const items = (own[key] as unknown[]).map((item) => (isObject(item) ? item : { value: item }))
  const detailed = yield* fitItems(items, (item, budget) => listed(item, budget, false, sought))
  const brief = detailed.length < items.length
  const acted =
    brief && key === 'conversations'
      ? yield* fitItems(items, (item, budget) => actedConversation(item, budget, sought))
      : []
  const shown = !brief
    ? detailed
    : acted.length === items.length
      ? acted
      : yield* fitItems(items, (item, budget) => listed(item, budget, true, sought))
  const missing = items.length - shown.length
  const notes: string[] = []
  if (items.length > 0) notes.push(`${brief ? 'all but the names' : 'details'} of each: ${action} has them`)
  const cursor = part && missing > 0 ? cursorWithin(part, shown.length) : undefined
  if (missing > 0) {
    const again = `repeat this call with per_page ${shown.length}, then follow its cursor`
    const how = cursor === undefined ? again : 'pages.next goes on there'
    notes.push(`the last ${missing} of ${items.length} on this page: ${how}`)
  }
  const pages = pagesOf(own['pages'], missing > 0, cursor)
  const left_out = notes.join('; ')
  return { [key]: shown, pages: left_out === '' ? pages : { ...pages, left_out } }
}

function* fitItems(
  items: readonly Json[],
  compact: (item: Json, budget: TokenBudget) => Json,
): Steps<Json[]> {
  const shown: Json[] = []
  let left = maxResultTokens - reservedTokens
  for (const item of items) {
    yield
    const budget: TokenBudget = { tokens: maxItemTokens, leftOut: [] }
    const one = compact(item, budget)
    if (budget.leftOut.length > 0) one['left_out'] = listNames(budget.leftOut, 3)
    left -= estimateJsonTokens(one)
    if (left < 0) break
    shown.push(one)
  }
  return shown
}

/** Without Intercom's cursor when items are missing: it would skip them. */
function pagesOf(pages: unknown, cut: boolean, within: string | undefined): Json | null {
  if (!isObject(pages)) return within === undefined ? null : { next: { starting_after: within } }
  const { page, total_pages, next } = pages
  const starting_after = within ?? (isObject(next) && !cut ? next['starting_after'] : undefined)
  const cursor = typeof starting_after === 'string' ? { next: { starting_after } } : {}
  return { ...compactObject({ page, total_pages }, { tokens: 100, leftOut: [] }), ...cursor }
}

import type { Sought } from '../../core/action.ts'
import { cursorWithin, type NumberedPage, type PagePart, pageBehind } from '../../core/page-part.ts'
import { listedArticle } from './article.ts'
import { listedContact } from './contact.ts'
import { actedConversation, listedConversation } from './conversation.ts'
import { compactObject, isObject, type Json, pick } from './json.ts'
import { listedNote } from './message.ts'
import type { Steps } from './steps.ts'
import { listedTicket } from './ticket.ts'
import { estimateJsonTokens, listNames, maxResultTokens, type TokenBudget } from './token-budget.ts'

/** Tokens for `pages`, the notes and the envelope's own keys. */
const reservedTokens = 250
const maxItemTokens = 500

/** How to get what nothing else shows. */
export const onlyFull = 'only the full output, which the operator sets, has them'

const nothing: Sought = { fields: [], words: [] }

type Listed = (item: Json, budget: TokenBudget, brief: boolean, sought: Sought) => Json

type List = {
  listed: Listed
  /** Has the details of one: where there is none, rows are never shown briefly. */
  action?: string
  /** What the parameter and the key of a cursor is called, of a list that has one; others have numbered pages. */
  cursor?: 'starting_after' | 'before'
}

const lists: Readonly<Record<string, List>> = {
  contacts: { listed: listedContact, action: 'get_contact', cursor: 'starting_after' },
  conversations: { listed: listedConversation, action: 'get_conversation', cursor: 'starting_after' },
  tickets: { listed: listedTicket, action: 'get_ticket', cursor: 'starting_after' },
  articles: { listed: listedArticle, action: 'get_article' },
  companies: { listed: listedCompany, action: 'get_company' },
  notes: { listed: listedNote },
  collections: { listed: listedAsItIs },
  events: { listed: listedAsItIs, cursor: 'before' },
}

function listedCompany(company: Json, budget: TokenBudget, brief: boolean): Json {
  return brief ? pick(company, ['id', 'company_id', 'name'], budget) : listedAsItIs(company, budget)
}

function listedAsItIs(item: Json, budget: TokenBudget): Json {
  return compactObject(item, budget) ?? {}
}

/**
 * The list and the `pages` of an envelope that lists things in pages; `undefined` for any other. When not all items fit,
 * each is shown briefly; when they still do not, the rest are counted, and `pages` goes on with them.
 */
export function* compactPage(
  own: Json,
  part?: PagePart | NumberedPage,
  sought: Sought = nothing,
): Steps<Json | undefined> {
  const key = Object.keys(lists).find((one) => Array.isArray(own[one]))
  const list = key === undefined ? undefined : lists[key]
  if (key === undefined || list === undefined) return undefined
  const { listed, action, cursor = '' } = list
  const items = (own[key] as unknown[]).map((item) => (isObject(item) ? item : { value: item }))
  const detailed = yield* fitItems(items, (item, budget) => listed(item, budget, false, sought))
  const brief = detailed.length < items.length && action !== undefined
  const acted =
    brief && key === 'conversations'
      ? yield* fitItems(items, (item, budget) => actedConversation(item, budget, sought))
      : []
  const fitting = !brief
    ? detailed
    : acted.length === items.length
      ? acted
      : yield* fitItems(items, (item, budget) => listed(item, budget, true, sought))
  const behind = fitting.length < items.length ? goesOn(part, items.length, fitting.length, cursor) : null
  const shown = fitting.slice(0, behind?.rows)
  const missing = items.length - shown.length
  const notes: string[] = []
  if (items.length > 0 && action !== undefined)
    notes.push(`${brief ? 'all but the names' : 'details'} of each: ${action} has them`)
  if (missing > 0) {
    const again = `repeat this call with per_page ${shown.length}, then follow its cursor`
    const how = behind ? 'pages.next goes on there' : cursor === 'starting_after' ? again : onlyFull
    notes.push(`the last ${missing} of ${items.length} on this page: ${how}`)
  }
  const pages = pagesOf(own['pages'], part, cursor, missing > 0 ? { next: behind?.next } : undefined)
  const left_out = notes.join('; ')
  return { [key]: shown, pages: left_out === '' ? pages : { ...pages, left_out } }
}

/** Where a page goes on of which only so many rows fit, and how many rows come before that. */
function goesOn(part: PagePart | NumberedPage | undefined, all: number, fit: number, cursor: string) {
  if (part === undefined || fit === 0) return null
  if ('request' in part) {
    const within = cursorWithin(part, fit)
    return within === undefined ? null : { rows: fit, next: { [cursor]: within } }
  }
  return all > part.per_page ? null : pageBehind(part, fit) // more than was asked for: Intercom does not count by it
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

/** `cut`: where the rows that are missing begin; Intercom's own next page would skip them. */
function pagesOf(
  pages: unknown,
  part: PagePart | NumberedPage | undefined,
  cursor: string,
  cut: { next: Json | undefined } | undefined,
): Json | null {
  const { page, total_pages, next } = isObject(pages) ? pages : {}
  const follows = cut === undefined ? following(part, { total_pages, next }, cursor) : cut.next
  if (!isObject(pages)) return follows === undefined ? null : { next: follows }
  const numbers = compactObject({ page, total_pages }, { tokens: 100, leftOut: [] })
  return { ...numbers, ...(follows === undefined ? {} : { next: follows }) }
}

/** Intercom's own next page: by its number where pages have one, since its link is not followed. */
function following(part: PagePart | NumberedPage | undefined, pages: Json, cursor: string): Json | undefined {
  const { total_pages, next } = pages
  if (part !== undefined && 'page' in part)
    return typeof total_pages === 'number' && part.page < total_pages
      ? { page: part.page + 1, per_page: part.per_page }
      : undefined
  const after = isObject(next) ? next[cursor] : undefined
  return typeof after === 'string' ? { [cursor]: after } : undefined
}

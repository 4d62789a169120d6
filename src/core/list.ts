import { IntercomError } from '../errors.ts'

/** Intercom's answer to a list or a search, as far as it says it. */
export type ListAnswer = Record<string, unknown>

/**
 * The items of a list answer. An answer that has no list and does not say it is empty is a failure: it must not
 * look like "nothing found".
 */
export function itemsOf<Item>(answer: ListAnswer, ...keys: string[]): Item[] {
  const list = keys.map((key) => answer[key]).find(Array.isArray)
  if (list !== undefined) return list as Item[] // the caller names Intercom's type
  if (answer['total_count'] === 0 && !keys.some((key) => key in answer)) return []
  throw new IntercomError(`Intercom's answer has no list "${keys[0]}"`, {
    code: 'unreadable_answer',
    outcome: 'rejected',
    retryable: true,
    hint: 'Nothing was changed. This does not mean that nothing was found.',
  })
}

/** The items whose name contains a text, in any case; all without one. */
export function withName<Item extends { name: string }>(items: Item[], text: string | undefined): Item[] {
  if (text === undefined) return items
  const part = text.toLowerCase()
  return items.filter((item) => typeof item?.name === 'string' && item.name.toLowerCase().includes(part))
}

/** All matches, not only this page's; the page's own number where Intercom does not say. */
export function totalOf(answer: ListAnswer, items: unknown[]): number {
  const total = answer['total_count']
  return typeof total === 'number' && Number.isInteger(total) ? total : items.length
}

/** Where the list goes on. */
export function pagesOf<Pages>(answer: ListAnswer): Pages | null {
  const pages = answer['pages']
  return typeof pages === 'object' && pages !== null && !Array.isArray(pages) ? (pages as Pages) : null
}

/** The id of something in an answer, as text; '' where it has none. `String` of what is nested deeply throws. */
export function idIn(one: { id?: unknown } | null | undefined): string {
  const id = one?.id
  return typeof id === 'string' || typeof id === 'number' ? String(id) : ''
}

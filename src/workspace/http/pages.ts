import { invalid } from './api-error.ts'
import { toId } from './input.ts'

/** Intercom's largest page size (docs/intercom-api.md 1.6). */
const maxPerPage = 150

/** Where a cursor page starts: after the row with this sort value and id. */
export interface Cursor {
  readonly sort: number | string
  readonly id: string
  readonly page: number
}

const base64 = /^[A-Za-z0-9+/_-]+={0,2}$/

/** Base64 of `[sort value, id, next page]`, as Intercom's own cursors decode (docs/intercom-api.md 1.6). */
export function encodeCursor(cursor: Cursor): string {
  const id = toId(cursor.id) ?? cursor.id
  return Buffer.from(JSON.stringify([cursor.sort, id, cursor.page])).toString('base64')
}

/**
 * Parses a cursor, padded or not. Any other text is a 400 (docs/intercom-api.md 1.6; the message is ours).
 */
export function decodeCursor(text: string): Cursor {
  try {
    if (!base64.test(text)) throw new SyntaxError('not base64')
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'))
    if (Array.isArray(parsed) && parsed.length === 3) {
      const [sort, id, page]: unknown[] = parsed
      const validSort = typeof sort === 'string' || (typeof sort === 'number' && Number.isFinite(sort))
      const validId = typeof id === 'string' || (typeof id === 'number' && Number.isSafeInteger(id))
      if (validSort && validId && typeof page === 'number' && Number.isSafeInteger(page) && page > 0) {
        return { sort, id: String(id), page }
      }
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw invalid('Starting After is invalid')
}

/** A page size from a query string or a body. Out of 1..150 is a 400 (docs/intercom-api.md 1.6). */
export function perPage(value: unknown, fallback: number): number {
  if (value === undefined || value === null || value === '') return fallback
  const size = typeof value === 'string' ? Number(value) : value
  if (typeof size !== 'number' || !Number.isInteger(size)) throw invalid('Per Page is invalid')
  if (size > maxPerPage) throw invalid('Per Page is too big')
  if (size <= 0) throw invalid('Per Page is too small')
  return size
}

/** A page number from a query string; 1 when absent. */
export function pageNumber(value: string | null): number {
  if (value === null || value === '') return 1
  const page = toId(value)
  if (page === undefined || page < 1 || page > 1_000_000_000) throw invalid('Page is invalid')
  return page
}

/** The `pages` of a cursor list: `next` is absent on the last page (docs/intercom-api.md 1.6). */
export function cursorPages(page: number, size: number, total: number, next: string | undefined) {
  return {
    type: 'pages',
    ...(next === undefined ? {} : { next: { page: page + 1, starting_after: next } }),
    page,
    per_page: size,
    total_pages: Math.ceil(total / size),
  }
}

/** The `pages` of an offset list: `next` is a link, or null on the last page (docs/intercom-api.md 1.6). */
export function offsetPages(page: number, size: number, total: number, link: string) {
  const last = Math.ceil(total / size)
  const next = page < last ? `${link}?per_page=${size}&page=${page + 1}` : null
  return { type: 'pages', next, page, per_page: size, total_pages: last }
}

/**
 * The `pages` of a page list: `next` is a link with the query of the request, absent on the last page
 * (docs/intercom-api.md 1.6).
 */
export function pagesOf(
  { origin, path, query }: { origin: string; path: string; query: URLSearchParams },
  page: number,
  size: number,
  total: number,
) {
  const last = Math.ceil(total / size)
  const params = new URLSearchParams(query)
  params.set('per_page', String(size))
  params.set('page', String(page + 1))
  const next = page < last && { next: `${origin}${path}?${params}` }
  return { type: 'pages', page, ...next, per_page: size, total_pages: last }
}

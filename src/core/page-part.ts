/** A page by its number, which Intercom counts in pages of the size that is asked for. */
export type NumberedPage = { page: number; per_page: number }

/**
 * Rows of one of Intercom's pages: `skip` of them are left out, at most `take` are given. `request` is what asks for
 * the page.
 */
export type PagePart = {
  request: { per_page: number; starting_after?: string }
  skip: number
  take: number
}

/** Where a list goes on within a page: Intercom's own cursors are base64, which has no colon. */
const ours = /^skip(\d+)of(\d+)(?::(.*))?$/s
const mostRows = 150

/** What is wrong with a cursor that looks like one of ours. */
export function cursorProblem(cursor: string): string | null {
  return ours.test(cursor) && readCursor(cursor) === null
    ? 'is not a cursor that a response gave; leave it out for the first page'
    : null
}

/** The part that a page size and a cursor ask for: after one of ours the rest of its page, else a whole page. */
export function pagePart(input: { per_page: number; starting_after?: string | undefined }): PagePart {
  const { per_page, starting_after } = input
  const within = starting_after === undefined ? null : readCursor(starting_after)
  if (within !== null) return { ...within, take: per_page }
  const request = starting_after === undefined ? { per_page } : { per_page, starting_after }
  return { request, skip: 0, take: per_page }
}

function readCursor(cursor: string): Omit<PagePart, 'take'> | null {
  const [, skipped = '', rows = '', after] = ours.exec(cursor) ?? []
  const [skip, per_page] = [Number(skipped), Number(rows)]
  if (!(skip >= 1 && skip < per_page && per_page <= mostRows)) return null
  if (after === undefined) return { request: { per_page }, skip }
  if (after.trim() === '' || ours.test(after)) return null
  return { request: { per_page, starting_after: after }, skip }
}

/** Goes on after the first `given` rows of a part; `undefined` where none of its page are left. */
export function cursorWithin({ request, skip }: PagePart, given: number): string | undefined {
  const { per_page, starting_after } = request
  if (given < 1 || skip + given >= per_page) return undefined
  return `skip${skip + given}of${per_page}${starting_after === undefined ? '' : `:${starting_after}`}`
}

/** The rows of a part, and the cursor within its page while rows of it are left. */
export function rowsOfPart<Row>(
  rows: readonly Row[],
  part: PagePart,
): { rows: Row[]; within: string | undefined } {
  const end = part.skip + part.take
  if (end >= part.request.per_page || rows.length <= end)
    return { rows: rows.slice(part.skip), within: undefined }
  const given = rows.slice(part.skip, end)
  return { rows: given, within: cursorWithin(part, given.length) }
}

/** The rows of a part and where the list goes on: within the page while rows of it are left. */
export function partOfPage<Row, Pages extends object>(
  all: readonly Row[],
  pages: Pages | null,
  part: PagePart,
): { rows: Row[]; pages: Pages | null } {
  const { rows, within: starting_after } = rowsOfPart(all, part)
  if (starting_after === undefined) return { rows, pages }
  const { page } = { page: 1, ...pages }
  return { rows, pages: { ...(pages as Pages), next: { page, starting_after } } }
}

/**
 * The page that begins right behind the first rows of one, of which at most `fit` can be shown: a smaller page, and how
 * many rows come before it.
 */
export function pageBehind(
  { page, per_page }: NumberedPage,
  fit: number,
): { rows: number; next: NumberedPage } {
  const before = (page - 1) * per_page
  for (let rows = fit; rows > 1; rows--) {
    const end = before + rows
    for (let size = fit; size > fit / 2; size--)
      if (end % size === 0) return { rows, next: { page: end / size + 1, per_page: size } }
  }
  return { rows: 1, next: { page: before + 2, per_page: 1 } }
}

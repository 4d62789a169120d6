/**
 * Where a list goes on (docs/intercom-api.md 1.6): pass `next.starting_after` to get the next page. `next` is
 * absent on the last one.
 */
export type CursorPages = {
  type: 'pages'
  page: number
  per_page: number
  /** 0 when nothing was found. */
  total_pages: number
  next?: { page: number; starting_after: string } | null
}

/** Intercom's lists inside objects hold at most 10 items; `has_more` tells. */
export type ObjectList<Item> = {
  type: 'list'
  data: Item[]
  url: string
  total_count: number
  has_more: boolean
}

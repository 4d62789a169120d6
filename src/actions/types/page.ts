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

/** Pages by number (docs/intercom-api.md 1.6): there are more while `page` is less than `total_pages`. */
export type LinkPages = {
  type: 'pages'
  page: number
  per_page: number
  total_pages: number
  /** The URL of the next page; null or absent on the last one. */
  next?: string | null
}

/** Intercom's lists inside objects hold at most 10 items; `has_more` tells. */
export type ObjectList<Item> = {
  type: 'list'
  data: Item[]
  url: string
  total_count: number
  has_more: boolean
}

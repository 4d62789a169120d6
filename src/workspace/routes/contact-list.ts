import type { RouteCall } from '../http/call.ts'
import { decodeCursor, perPage } from '../http/pages.ts'
import { contactFields } from '../search/contact-fields.ts'
import { exactTimes, searchesExactly, withUnset } from '../search/later-versions.ts'
import { listedContacts, listPage, type Order } from '../search/list.ts'
import { readSearch } from '../search/search.ts'
import { searchPage } from '../search/search-page.ts'
import { contact } from '../shapes/contact.ts'
import type { ContactRow } from '../store/contact-tables.ts'

/** Archived, deleted and merged contacts are in no list (docs/intercom-api.md 3.2). */
const listable = {
  sql: `standing = 'active'`,
  hidden: `standing < 'active' OR standing > 'active'`,
  values: [],
}

/** GET /contacts: oldest first, 10 a page as live (docs/intercom-api.md 1.6, 3.2). */
const oldestFirst: Order = {
  sql: 'created_at',
  values: [],
  descending: false,
  keyDescending: false,
  isTime: true,
}

/**
 * Search: last seen first, then by id; `last_request_at` is Intercom's older name for it
 * (docs/intercom-api.md 4).
 */
const lastSeenFirst: Order = {
  sql: 'ifnull(last_seen_at, 0)',
  values: [],
  descending: true,
  keyDescending: false,
  isTime: true,
}

/** GET /contacts; it lags as searches do (docs/intercom-api.md 1.9). */
export function contactList({ store: { searched }, query }: RouteCall) {
  const after = query.get('starting_after')
  const { rows, total, pages } = listPage<ContactRow>(
    searched.db,
    listedContacts,
    listable,
    oldestFirst,
    after ? decodeCursor(after) : undefined,
    perPage(query.get('per_page'), 10),
  )
  return { type: 'list', data: rows.map((row) => contact(searched, row)), total_count: total, pages }
}

/** POST /contacts/search, 50 a page (docs/intercom-api.md 1.6). */
export function searchContacts({ store, body, version }: RouteCall) {
  const exact = searchesExactly(version)
  const zone = { wholeDays: true, timezone: exact ? 'UTC' : store.app.timezone, listed: listedContacts }
  const find = exact ? exactTimes(contactFields(store)) : contactFields(store)
  const { searched } = store
  const { query: asked, order = lastSeenFirst, after, size } = readSearch(body, find, zone, 50)
  const query = exact ? withUnset(asked) : asked
  const { rows, total, pages } = searchPage<ContactRow>(searched.db, listedContacts, {
    query,
    zone,
    visible: listable,
    order,
    cursor: after === undefined ? undefined : decodeCursor(after),
    size,
  })
  return { type: 'list', data: rows.map((row) => contact(searched, row)), total_count: total, pages }
}

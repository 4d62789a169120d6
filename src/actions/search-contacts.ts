import { z } from 'zod'
import { path } from '../client/path.ts'
import { defineAction } from '../core/action.ts'
import { envelope, passedThrough } from '../core/envelope.ts'
import { itemsOf, pagesOf, totalOf } from '../core/list.ts'
import { outcomeOf } from '../core/outcome.ts'
import { partOfPage } from '../core/page-part.ts'
import { datedQuery, explainQuery } from './attributes/query.ts'
import { type ContactField, contactSearch } from './search/fields.ts'
import { searchFromHost } from './search/host.ts'
import { searchInput } from './search/input.ts'
import { searchedFor, soughtBy } from './search/searched.ts'
import { noonOf } from './search/value.ts'
import type { Contact } from './types/contact.ts'
import { searchNames } from './types/other-names.ts'
import type { CursorPages } from './types/page.ts'

/** POST /contacts/search (docs/intercom-api.md 4). A read: repeating it changes nothing. */
export const searchContacts = defineAction({
  name: 'search_contacts',
  title: 'Search contacts',
  description:
    'Find contacts (users and leads) by one field, or by several with query_operator AND or OR. Several may share an e-mail. New ones may be missing for minutes. total_count counts all matches; to go on, pass pages.next.starting_after, all else alike.',
  effect: 'read',
  input: searchInput<ContactField>(
    contactSearch,
    { field: 'email', operator: '=', perPage: 50 },
    {
      field:
        'Field to search by (email, name, phone, role, external_id, etc.) (Default: email). Also tag_id, owner_id, created_at, last_seen_at, location.country, custom_attributes.<name>',
      operator:
        'Query operator (=, !=, >, <, ~, !~, IN, NIN) (Default: =). ~ contains (parts of words too), ^ starts with, $ ends with. Dates take = > < only and mean whole days of the workspace’s time zone. AND or OR combine several filters',
      value:
        'Value to search for, spelt as stored: accents and scripts count, case does not. Dates as Unix seconds or ISO (2026-01-31). IN and NIN: comma-separated, or a JSON array. AND and OR: the JSON array of filters, such as [{"field":"role","operator":"=","value":"lead"}], groups nested at most once',
      perPage: 'Results per page (max 150) (Default: 50)',
      order: 'last request',
    },
  ),
  otherNames: searchNames,
  host: searchFromHost,
  part: ({ part }) => part,
  sought: soughtBy,
  searched: ({ query }) => searchedFor('contact', query),
  output: envelope({
    contacts: z.array(passedThrough<Contact>()).default([]),
    total_count: z.int().default(0),
    pages: passedThrough<CursorPages>().nullable().default(null),
  }),
  run: async (intercom, { query: given, sort, part, count_only }, memory) => {
    const query = await datedQuery(intercom, given, memory, 'contact', noonOf(contactSearch))
    const search = { query, pagination: part.request, ...(sort && { sort }) }
    const searched = await outcomeOf(intercom.post(path`/contacts/search`, search, { semantics: 'safe' }))
    if ('failure' in searched) return explainQuery(searched.failure, intercom, query, memory, 'contact')
    const answer = searched.value
    const rows = itemsOf<Contact>(answer, 'data', 'contacts')
    const total_count = totalOf(answer, rows)
    if (count_only) return { contacts: [], total_count, pages: null }
    const page = partOfPage(rows, pagesOf<CursorPages>(answer), part)
    return { contacts: page.rows, total_count, pages: page.pages }
  },
})

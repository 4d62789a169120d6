import { z } from 'zod'
import { path } from '../client/path.ts'
import { defineAction } from '../core/action.ts'
import { envelope, passedThrough } from '../core/envelope.ts'
import { itemsOf, pagesOf, totalOf } from '../core/list.ts'
import { outcomeOf } from '../core/outcome.ts'
import { datedQuery, explainQuery } from './attributes/query.ts'
import { type ContactField, contactSearch } from './search/fields.ts'
import { searchFromHost } from './search/host.ts'
import { searchInput } from './search/input.ts'
import { searchedFor } from './search/searched.ts'
import { noonOf } from './search/value.ts'
import type { Contact } from './types/contact.ts'
import { searchNames } from './types/other-names.ts'
import type { CursorPages } from './types/page.ts'

/** POST /contacts/search (docs/intercom-api.md 4). A read: repeating it changes nothing. */
export const searchContacts = defineAction({
  name: 'search_contacts',
  title: 'Search contacts',
  description:
    'Find contacts (users and leads) by one field, or by several with query_operator AND or OR. Several contacts may share an e-mail. Contacts created in the last minutes may be missing. total_count counts all matches; to go on, pass pages.next.starting_after.',
  effect: 'read',
  input: searchInput<ContactField>(
    contactSearch,
    { field: 'email', operator: '=', perPage: 50 },
    {
      field:
        'Field to search by (email, name, phone, role, external_id, etc.) (Default: email). Also tag_id, owner_id, created_at, last_seen_at, location.country, custom_attributes.<name>',
      operator:
        'Query operator (=, !=, >, <, ~, !~, IN, NIN) (Default: =). ~ is contains, ^ starts with, $ ends with. Dates take = > < only and mean whole days. AND or OR combine several filters',
      value:
        'Value to search for. Dates as Unix seconds or ISO (2026-01-31). IN and NIN: comma-separated, or a JSON array. AND and OR: the JSON array of filters, such as [{"field":"role","operator":"=","value":"lead"}], groups nested at most once',
      perPage: 'Results per page (max 150) (Default: 50)',
    },
  ),
  otherNames: searchNames,
  host: searchFromHost,
  searched: ({ query }) => searchedFor('contact', query),
  output: envelope({
    contacts: z.array(passedThrough<Contact>()).default([]),
    total_count: z.int().default(0),
    pages: passedThrough<CursorPages>().nullable().default(null),
  }),
  run: async (intercom, { query: given, pagination }, memory) => {
    const query = await datedQuery(intercom, given, memory, 'contact', noonOf(contactSearch))
    const search = { query, pagination }
    const searched = await outcomeOf(intercom.post(path`/contacts/search`, search, { semantics: 'safe' }))
    if ('failure' in searched) return explainQuery(searched.failure, intercom, query, memory, 'contact')
    const answer = searched.value
    const contacts = itemsOf<Contact>(answer, 'data', 'contacts')
    return { contacts, total_count: totalOf(answer, contacts), pages: pagesOf<CursorPages>(answer) }
  },
})

import { z } from 'zod'
import { path, withQuery } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { listOf } from '../../core/envelope.ts'
import { itemsOf, pagesOf, totalOf } from '../../core/list.ts'
import { pagePart, partOfPage } from '../../core/page-part.ts'
import type { Contact } from '../types/contact.ts'
import { companyId, cursor, perPage } from '../types/input.ts'
import { pageNames } from '../types/other-names.ts'
import type { CursorPages } from '../types/page.ts'

/** GET /companies/{id}/contacts (docs/intercom-api.md 3.7). */
export const listCompanyContacts = defineAction({
  name: 'list_company_contacts',
  title: 'List company contacts',
  description: 'List the people of a company. To go on, pass pages.next.starting_after.',
  effect: 'read',
  input: z
    .strictObject({
      id: companyId(),
      per_page: perPage(50, 'Results per page (max 150) (Default: 50)'),
      starting_after: cursor('Pagination cursor: pages.next.starting_after of the previous response'),
    })
    .transform(({ id, ...page }) => ({ id, part: pagePart(page) })),
  part: ({ part }) => part,
  otherNames: { ...pageNames, company_id: 'id', company: 'id' },
  output: listOf<Contact, CursorPages, 'contacts'>('contacts'),
  hints: { 404: 'Find the id with get_company or list_companies.' },
  run: async (intercom, { id, part }) => {
    const answer = await intercom.get(withQuery(path`/companies/${id}/contacts`, part.request))
    const rows = itemsOf<Contact>(answer, 'data', 'contacts')
    const page = partOfPage(rows, pagesOf<CursorPages>(answer), part)
    return { contacts: page.rows, total_count: totalOf(answer, rows), pages: page.pages }
  },
})

import { z } from 'zod'
import { path, withQuery } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { listOf } from '../../core/envelope.ts'
import { itemsOf, pagesOf, totalOf } from '../../core/list.ts'
import type { Company } from '../types/company.ts'
import { contactId, id, page, perPage } from '../types/input.ts'
import { contactIdNames } from '../types/other-names.ts'
import type { LinkPages } from '../types/page.ts'

const filters = ['contact_id', 'tag_id', 'segment_id'] as const
const { id: _, ...otherNames } = contactIdNames

/**
 * POST /companies/list, GET /companies with a filter, or GET /contacts/{id}/companies: pages by number, 10,000 companies
 * in all of them (docs/intercom-api.md 3.7).
 */
export const listCompanies = defineAction({
  name: 'list_companies',
  title: 'List companies',
  description:
    'List companies, the most recently active first, or those of a contact, a tag or a segment (one of them). Companies without people are not listed: get_company finds them.',
  effect: 'read',
  input: z
    .strictObject({
      contact_id: contactId('Only those of this contact').optional(),
      tag_id: id('Only those with this tag').optional(),
      segment_id: id('Only those in this segment').optional(),
      per_page: perPage(15, 'Results per page (max 60) (Default: 15)', 60),
      page: page(),
    })
    .refine((given) => filters.filter((name) => given[name] !== undefined).length <= 1, {
      message: 'goes with neither tag_id nor segment_id: give one of the three at most',
      path: ['contact_id'],
    }),
  otherNames: { ...otherNames, tag: 'tag_id', segment: 'segment_id' },
  part: ({ page, per_page }) => ({ page, per_page }),
  output: listOf<Company, LinkPages, 'companies'>('companies'),
  hints: {
    400: 'Intercom lists 10,000 companies at most: give a filter.',
    404: 'Check the id of the contact, the tag or the segment.',
  },
  run: async (intercom, { contact_id, tag_id, segment_id, per_page, page }) => {
    const query = { per_page, page }
    const read = () => {
      if (contact_id !== undefined)
        return intercom.get(withQuery(path`/contacts/${contact_id}/companies`, query))
      if (tag_id !== undefined || segment_id !== undefined)
        return intercom.get(withQuery(path`/companies`, { tag_id, segment_id, ...query }))
      return intercom.post(withQuery(path`/companies/list`, query), undefined, { semantics: 'safe' })
    }
    const answer = await read()
    const companies = itemsOf<Company>(answer, 'data', 'companies')
    return { companies, total_count: totalOf(answer, companies), pages: pagesOf<LinkPages>(answer) }
  },
})

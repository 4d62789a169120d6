import { z } from 'zod'
import { path, withQuery } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { itemsOf } from '../../core/list.ts'
import { refuse } from '../../core/outcome.ts'
import type { Company } from '../types/company.ts'
import { filledText, id } from '../types/input.ts'

/**
 * GET /companies/{id}, or GET /companies?company_id= or ?name=, which answers one company, though the description shows
 * a list (docs/intercom-api.md 3.7): both are taken.
 */
export const getCompany = defineAction({
  name: 'get_company',
  title: 'Get company',
  description:
    'Get one company by Intercom’s id, by your own company_id, or by its exact name: give one of the three. Its people: list_company_contacts.',
  effect: 'read',
  input: z
    .strictObject({
      id: id('Intercom’s id (24 digits)').optional(),
      company_id: id('The id from your system').optional(),
      name: filledText('The exact name').optional(),
    })
    .refine((given) => Object.values(given).filter((value) => value !== undefined).length === 1, {
      message: 'or company_id or name is needed, and only one of the three',
      path: ['id'],
    }),
  otherNames: { company: 'name', external_id: 'company_id' },
  output: oneResult<Company>(),
  hints: { 404: 'No company has it. list_companies lists those with people.' },
  run: async (intercom, { id, ...query }) => {
    if (id !== undefined) return { result: await intercom.get<Company>(path`/companies/${id}`) }
    const answer = await intercom.get(withQuery(path`/companies`, query))
    const isList = ['data', 'companies', 'total_count'].some((key) => key in answer)
    if (answer['type'] === 'company' || !isList) return { result: answer as Company }
    const list = itemsOf<Company | null>(answer, 'data', 'companies').filter(
      (one) => typeof one === 'object' && one !== null && 'id' in one,
    )
    const [company, ...more] = list
    if (company === undefined) refuse('not_found', 'no company has it', 'Nothing was changed.')
    if (more.length > 0)
      refuse(
        'ambiguous',
        `${list.length} companies have it: ${list.map(({ id }) => id).join(', ')}`,
        'Give one id.',
      )
    return { result: company }
  },
})

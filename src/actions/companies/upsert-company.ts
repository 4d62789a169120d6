import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { oneResult } from '../../core/envelope.ts'
import { outcomeOf } from '../../core/outcome.ts'
import { checkAttributes, datedAttributes, explainAttributes } from '../attributes/values.ts'
import type { Company } from '../types/company.ts'
import { filledText, id } from '../types/input.ts'
import { attributesToSet } from '../upsert/fields.ts'

const words = (description: string) => filledText(description).optional()
/** Larger numbers and fractions are cut by Intercom (docs/intercom-api.md 3.7). */
const whole = (description: string) =>
  z
    .int()
    .refine((value) => value >= 0, 'is less than 0')
    .refine((value) => value < 2 ** 31, 'is more than 2147483647, which Intercom would cut')
    .optional()
    .describe(description)

/** POST /companies: keyed by company_id, so that twice is the same as once (docs/intercom-api.md 3.7). */
export const upsertCompany = defineAction({
  name: 'upsert_company',
  title: 'Create or update company',
  description:
    'Create or update the company with this company_id; only the given fields change. It shows in Intercom once it has people: add_contact_to_company.',
  effect: 'update',
  input: z.strictObject({
    company_id: id('The id from your system; cannot be changed later'),
    name: words('The company’s name'),
    plan: words('Name of its plan'),
    size: whole('Number of employees'),
    website: words('Its web site'),
    industry: words('Its industry'),
    monthly_spend: whole('Revenue per month, a whole number'),
    custom_attributes: attributesToSet('Custom attributes by name; dates as Unix seconds or ISO'),
  }),
  otherNames: {
    external_id: 'company_id',
    id: 'company_id',
    company: 'name',
    company_name: 'name',
    employees: 'size',
    url: 'website',
    domain: 'website',
    revenue: 'monthly_spend',
    attributes: 'custom_attributes',
  },
  output: oneResult<Company>(),
  check: (intercom, { custom_attributes = {} }, memory) =>
    checkAttributes(intercom, custom_attributes, memory, 'company'),
  run: async (intercom, { custom_attributes: given, ...fields }, memory) => {
    const dated = given && (await datedAttributes(intercom, given, memory, 'company'))
    const body = { ...fields, ...(dated === undefined ? {} : { custom_attributes: dated }) }
    const upserted = await outcomeOf(
      intercom.post<Company>(path`/companies`, body, { semantics: 'idempotent' }),
    )
    if ('value' in upserted) return { result: upserted.value }
    return await explainAttributes(upserted.failure, intercom, given ?? {}, memory, 'company')
  },
})

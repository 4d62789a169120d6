import { insertCompany, planNamed } from '../store/companies.ts'
import type { Store } from '../store/store.ts'
import { DAY, FIRST_CONTACT } from './calendar.ts'
import { companyOf } from './companies.ts'
import { below, between, chance, pick, random, STREAM } from './prng.ts'
import type { Amounts } from './size.ts'

const PLANS = ['Solo', 'Studio', 'Business'] as const

/** Stores all companies and gives the key of the first; the others follow it without a gap. They are older than their people. */
export function seedCompanies(store: Store, amounts: Amounts): number {
  let first = 0
  const plans = PLANS.map((name) => planNamed(store, name))
  for (let index = 0; index < amounts.companies; index++) {
    const { name, domain, industry } = companyOf(index)
    const next = random(STREAM.company, ~index)
    const spends = chance(next, 0.7)
    const created_at = FIRST_CONTACT - below(next, 30 * DAY)
    const { seq } = insertCompany(store, {
      company_id: `qbc-${1001 + index}`,
      name,
      created_at,
      updated_at: created_at,
      remote_created_at: created_at - between(next, 0, 900) * DAY,
      size: between(next, 1, 60),
      website: `https://${domain}`,
      industry,
      monthly_spend: spends ? between(next, 9, 480) : 0,
      session_count: between(next, 1, 4000),
      plan_id: spends ? pick(next, plans) : null,
    })
    if (index === 0) first = seq
  }
  return first
}

/** What follows from the people of the companies, once they are all there: how many, and when last seen. */
export function settleCompanies(store: Store): void {
  store.db.run(
    `UPDATE companies SET user_count = people.count, last_request_at = people.seen FROM
       (SELECT company_seq, count(*) AS count, max(last_seen_at) AS seen
        FROM contact_companies JOIN contacts ON contacts.seq = contact_seq GROUP BY company_seq) AS people
     WHERE people.company_seq = companies.seq`,
  )
}

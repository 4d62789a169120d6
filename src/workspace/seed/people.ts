import { FIRST_CONTACT, LAST_CONTACT } from './calendar.ts'
import { companyOf } from './companies.ts'
import { NATIONS, type Name, type Nation, nationOf } from './name-lists.ts'
import { at, below, chance, pick, type Random, random, STREAM } from './prng.ts'
import type { Amounts } from './size.ts'
import { SPECIAL_PEOPLE } from './special-people.ts'
import { MAIL_DOMAINS } from './words/companies.ts'

/** Who somebody is, as far as a conversation needs to know. Made from the number alone, never kept. */
export type Person = {
  index: number
  role: 'user' | 'lead'
  name: string | null
  /** How an admin addresses them. */
  first: string
  email: string | null
  created_at: number
  nation: Nation
  /** The number of the company they work for; null for somebody on their own. */
  company: number | null
}

const USERS = 0.7
const SPAN = LAST_CONTACT - FIRST_CONTACT

/** How many contacts exist at a moment; those have the numbers below it. */
export function contactsAt(moment: number, amounts: Amounts): number {
  return Math.max(1, Math.floor(((moment - FIRST_CONTACT) * amounts.contacts) / SPAN))
}

/** Contact number `index` of a workspace with these amounts. Numbers rise with `created_at`. */
export function personOf(index: number, amounts: Amounts): Person {
  const next = random(STREAM.person, index)
  const share = next()
  // The first contact is there from the beginning, since somebody has to write the first conversation.
  const place = index === 0 ? 0 : index + share
  const created_at = FIRST_CONTACT + Math.floor((place * SPAN) / amounts.contacts)
  const special = SPECIAL_PEOPLE[index]
  if (special !== undefined) {
    const first = special.name === null ? 'there' : firstWord(special.name)
    return { index, ...special, first, created_at, nation: nationOf(special.country), company: null }
  }
  const role = chance(next, USERS) ? 'user' : 'lead'
  return { index, role, created_at, ...identity(next, index, role, amounts) }
}

function identity(next: Random, index: number, role: 'user' | 'lead', amounts: Amounts) {
  const inCompany = chance(next, 0.6)
  const number = inCompany ? index % amounts.companies : null
  const company = number === null ? undefined : companyOf(number)
  const nation = company?.nation ?? pick(next, NATIONS)
  // Colleagues take their first names in turn, so that no two of a company share an address.
  const turn =
    company === undefined ? below(next, 1000) : company.turn + Math.floor(index / amounts.companies)
  const given = at(nation.given, turn)
  const family = pick(next, nation.family)
  const domain = company?.domain ?? pick(next, MAIL_DOMAINS)
  const local = `${given.latin}.${family.latin}`
  const email = `${company === undefined ? local + index : local}@${domain}`
  const unnamed = role === 'lead' && chance(next, 0.2)
  const withoutEmail = role === 'lead' && chance(next, 0.15)
  return {
    nation,
    company: number,
    name: unnamed ? null : fullName(given, family, nation),
    first: unnamed ? 'there' : given.text,
    email: withoutEmail ? null : email,
  }
}

function fullName(given: Name, family: Name, nation: Nation): string {
  return nation.familyFirst ? family.text + given.text : `${given.text} ${family.text}`
}

function firstWord(name: string): string {
  return name.split(' ')[0] ?? name
}

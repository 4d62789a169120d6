import { escapeText } from '../html.ts'
import type { NewContact, NewNote } from '../store/contact-tables.ts'
import type { Activity } from './activity.ts'
import { DAY, END, HOUR } from './calendar.ts'
import { type Person, personOf } from './people.ts'
import { fill } from './phrasing.ts'
import { at, below, between, chance, pick, type Random, random, STREAM } from './prng.ts'
import type { Amounts } from './size.ts'
import { type Staff, tagId } from './staff.ts'
import { slotsFor } from './wording.ts'
import { CONTACT_NOTES } from './words/phrases.ts'

/** A contact with what hangs on it; `contact_seq` of tags and notes is known once the contact is stored. */
export type ContactRecord = {
  contact: NewContact
  tags: { tag_id: number; applied_at: number; applied_by: number }[]
  notes: Omit<NewNote, 'contact_seq'>[]
  /** The number of their company, if any. */
  company: number | null
  /** What they opted out of or into: places in the list of subscription types. */
  subscriptions: number[]
}

/**
 * What we call the contact in the invented company's own database; leads have a UUID, as in Intercom
 * (recorded).
 */
export function externalIdOf(person: Person): string {
  if (person.role === 'user') return `qb-${10_001 + person.index}`
  const next = random(STREAM.contact, ~person.index)
  const hex = () =>
    Math.floor(next() * 65_536)
      .toString(16)
      .padStart(4, '0')
  return `${hex()}${hex()}-${hex()}-4${hex().slice(1)}-${pick(next, ['8', '9', 'a', 'b'])}${hex().slice(1)}-${hex()}${hex()}${hex()}`
}

/** All contacts in the order of their creation. */
export function* contactRecords(
  amounts: Amounts,
  activity: Activity,
  staff: Staff,
): Generator<ContactRecord> {
  for (let index = 0; index < amounts.contacts; index++) {
    const person = personOf(index, amounts)
    const next = random(STREAM.contact, index)
    const replied = activity.replied[index] || null
    const contacted = activity.contacted[index] || null
    const custom = person.role === 'user' ? subscription(next) : {}
    const contact: NewContact = {
      role: person.role,
      external_id: externalIdOf(person),
      email: person.email,
      name: person.name,
      phone: phone(next, person),
      owner_id: chance(next, 0.2) ? at(staff.admins, below(next, 3)) : null,
      unsubscribed_from_emails: chance(next, 0.06),
      has_hard_bounced: chance(next, 0.02),
      ...moments(next, person, replied, contacted),
      ...device(next, person),
      ...location(next, person),
      details: origin(next, person),
      custom_attributes: custom,
    }
    yield {
      contact,
      tags: tags(next, person, custom, staff),
      notes: notes(next, person, staff),
      company: person.company,
      subscriptions: choices(index),
    }
  }
}

/** Few people say what they want to be sent: one in twelve refuses something, one in ten asks for something. */
function choices(index: number): number[] {
  const next = random(STREAM.subscription, index)
  const shares = [1 / 12, 1 / 10, 1 / 30]
  return shares.flatMap((share, type) => (chance(next, share) ? [type] : []))
}

/** Times that agree with each other and with the conversations: nobody was seen before they wrote. */
function moments(next: Random, person: Person, replied: number | null, contacted: number | null) {
  const { created_at, role, email } = person
  const within = (from: number, span: number): number => {
    const draw = next()
    return from + Math.floor(draw * Math.min(span, END - from))
  }
  const opens = email !== null && contacted !== null && chance(next, 0.5)
  const opened = opens ? within(contacted, 2 * DAY) : null
  const clicked = opened !== null && chance(next, 0.3) ? within(opened, HOUR) : null
  const lately = chance(next, 0.5) ? within(created_at, END - created_at) : within(created_at, 3 * DAY)
  const seen = role === 'user' || replied !== null ? Math.max(lately, replied ?? 0) : null
  return {
    created_at,
    signed_up_at: role === 'user' ? created_at : null,
    last_seen_at: seen,
    last_replied_at: replied,
    last_contacted_at: contacted,
    last_email_opened_at: opened,
    last_email_clicked_at: clicked,
    updated_at: Math.max(created_at, seen ?? 0, replied ?? 0, contacted ?? 0, opened ?? 0, clicked ?? 0),
  }
}

const PLANS = ['Free', 'Free', 'Solo', 'Solo', 'Solo', 'Studio', 'Studio', 'Business'] as const

/** Custom attributes of a user; somebody on the free plan has no renewal. */
function subscription(next: Random): Record<string, string | number | boolean> {
  const plan = pick(next, PLANS)
  const seats =
    plan === 'Free' || plan === 'Solo' ? 1 : plan === 'Studio' ? between(next, 2, 8) : between(next, 9, 40)
  const vip = plan === 'Business' && chance(next, 0.5)
  const base = vip ? { plan, seats, vip } : { plan, seats }
  return plan === 'Free' ? base : { ...base, renewal_date: END + between(next, 1, 360) * DAY }
}

function phone(next: Random, person: Person): string | null {
  const { phone } = person.nation.place
  // Somebody without a name or an address has called or sent a text.
  if (phone === null || !(person.email === null || chance(next, 0.4))) return null
  return phone.replaceAll('#', () => String(below(next, 10)))
}

const BROWSERS = ['chrome', 'chrome', 'chrome', 'safari', 'safari', 'firefox', 'edge'] as const
const DESKTOPS = ['Windows', 'Windows', 'OS X', 'Linux'] as const

function device(next: Random, person: Person) {
  const browser = pick(next, BROWSERS)
  const os =
    browser === 'safari' ? pick(next, ['OS X', 'iOS']) : browser === 'edge' ? 'Windows' : pick(next, DESKTOPS)
  const newest = browser === 'safari' ? 26 : 142
  return {
    browser,
    browser_version: `${newest - below(next, 9)}.0`,
    browser_language: person.nation.place.language,
    os,
    language_override: chance(next, 0.05) ? 'en' : null,
  }
}

function location(next: Random, person: Person) {
  const { place, code } = person.nation
  // The square leans to the front of the list, where the bigger groups are.
  const draw = next()
  const [region = null, city = null] = at(place.cities, Math.floor(draw * draw * place.cities.length)).split(
    '/',
  )
  return { country: place.country, country_code: code, continent_code: place.continent, region, city }
}

const SOURCES = ['newsletter', 'google', 'partner', 'trade-fair'] as const

function origin(next: Random, person: Person): Record<string, string> {
  if (person.role === 'user' || !chance(next, 0.5)) return {}
  const referrer = `https://quillbook.example/${pick(next, ['pricing', 'features', 'blog/no-shows', 'help'])}`
  return { utm_source: pick(next, SOURCES), referrer }
}

function tags(
  next: Random,
  person: Person,
  custom: Record<string, unknown>,
  staff: Staff,
): ContactRecord['tags'] {
  const names: string[] = custom['vip'] === true ? ['VIP'] : []
  if (chance(next, 0.08)) names.push('Beta tester')
  if (chance(next, 0.07)) names.push('Churn risk')
  if (END - person.created_at < 60 * DAY && chance(next, 0.6)) names.push('Onboarding')
  return names.map((name) => ({
    tag_id: tagId(staff, name),
    applied_at: person.created_at + Math.floor(next() * (END - person.created_at)),
    applied_by: at(staff.admins, below(next, 3)),
  }))
}

function notes(next: Random, person: Person, staff: Staff): ContactRecord['notes'] {
  const found: ContactRecord['notes'] = []
  let moment = person.created_at
  for (let count = chance(next, 0.18) ? between(next, 1, 3) : 0; count > 0; count--) {
    moment += Math.floor((next() * (END - moment)) / 2)
    const words = random(STREAM.note, person.index * 4 + count)
    const text = fill(at(CONTACT_NOTES, person.index + count), slotsFor(words, person, moment), words)
    found.push({
      author_id: at(staff.admins, below(next, 3)),
      body: `<p>${escapeText(text)}</p>`,
      created_at: moment,
    })
  }
  return found
}

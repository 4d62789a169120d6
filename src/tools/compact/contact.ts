import { type Allowance, isObject, type Json, objects } from './allowance.ts'
import { oneLine } from './fence.ts'
import { attributes, compactedObject } from './generic.ts'

/** What a list shows of a contact, in this order. */
const first = ['id', 'role', 'external_id', 'name', 'email', 'phone', 'owner_id']
const times = ['created_at', 'last_seen_at', 'last_replied_at', 'last_contacted_at']
const flags = ['has_hard_bounced', 'marked_email_as_spam', 'unsubscribed_from_emails']
const told = [...first, ...times, ...flags, 'location', 'custom_attributes', 'tags', 'companies', 'notes']

/** One contact with everything that is not empty; flags only where they are true, tags and companies by id. */
export function wholeContact(contact: Json, allowance: Allowance): Json {
  const { location, tags, companies, notes, ...rest } = contact
  const others = Object.entries(rest).filter(
    ([key, value]) => !told.includes(key) && value !== false && !isEmptyList(value),
  )
  return {
    ...picked(contact, [...first, ...times, ...flags], allowance),
    ...defined({
      location: place(location),
      tags: idsOf(tags),
      companies: idsOf(companies),
      notes: countOf(notes),
    }),
    ...compactedObject({ custom_attributes: attributes(rest['custom_attributes']) }, allowance),
    ...compactedObject(Object.fromEntries(others), allowance),
  }
}

/** A contact in a list: what tells it from others. `brief` holds only what names it. */
export function listedContact(contact: Json, allowance: Allowance, brief: boolean): Json {
  if (brief) return picked(contact, ['id', 'role', 'external_id', 'name', 'email'], allowance)
  const { location, tags } = contact
  return {
    ...picked(contact, [...first, 'last_seen_at', ...flags], allowance),
    ...defined({ location: place(location), tags: idsOf(tags) }),
    ...compactedObject({ custom_attributes: attributes(contact['custom_attributes']) }, allowance),
  }
}

/** The named fields, without empty ones and flags that are false. */
export function picked(thing: Json, keys: readonly string[], allowance: Allowance): Json {
  const found = keys.filter((key) => thing[key] !== false).map((key) => [key, thing[key]] as const)
  return compactedObject(Object.fromEntries(found), allowance) ?? {}
}

/** An object without its undefined values. */
function defined(fields: Json): Json {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function place(location: unknown): string | undefined {
  if (!isObject(location)) return undefined
  const words = ['city', 'region', 'country'].map((key) => location[key])
  const said = words.filter((word) => typeof word === 'string' && word !== '')
  return said.length === 0 ? undefined : oneLine(said.join(', '), 120)
}

/** Ids of one of Intercom's short lists, which hold at most 10; more are counted. */
function idsOf(list: unknown): string[] | undefined {
  if (!isObject(list)) return undefined
  const ids = objects(list['data'])
    .slice(0, 10)
    .map(({ id }) => oneLine(String(id), 40))
  const total = countOf(list) ?? ids.length
  if (ids.length === 0) return undefined
  return total > ids.length ? [...ids, `${total - ids.length} more`] : ids
}

function countOf(list: unknown): number | undefined {
  const total = isObject(list) ? list['total_count'] : undefined
  return typeof total === 'number' && total > 0 ? total : undefined
}

function isEmptyList(value: unknown): boolean {
  return isObject(value) && Array.isArray(value['data']) && value['data'].length === 0
}

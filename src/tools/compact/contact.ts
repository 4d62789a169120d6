import type { Sought } from '../../core/action.ts'
import { nameAndId, oneLine } from './customer-text.ts'
import { compactObject, isObject, isoTime, type Json, objectsIn, pick, withDates } from './json.ts'
import { withSought } from './sought.ts'
import type { TokenBudget } from './token-budget.ts'

const identity = ['id', 'role', 'external_id', 'name', 'email', 'phone', 'owner_id', 'owner']
const times = ['created_at', 'last_seen_at', 'last_replied_at', 'last_contacted_at']
const flags = ['has_hard_bounced', 'marked_email_as_spam', 'unsubscribed_from_emails']
const ordered = [...identity, ...times, ...flags]
const known = new Set([...ordered, 'location', 'custom_attributes', 'tags', 'companies', 'notes'])

/** One contact with everything that is not empty; flags only where they are true. */
export function compactContact(contact: Json, budget: TokenBudget): Json {
  const { location, tags, companies, notes, custom_attributes } = contact
  const others = Object.entries(contact).filter(
    ([key, value]) => !known.has(key) && value !== false && !isEmptyList(value),
  )
  return {
    ...pick(contact, ordered, budget),
    ...withoutUndefined({
      location: locationOf(location),
      tags: idsOf(tags),
      companies: idsOf(companies),
      notes: countOf(notes),
    }),
    ...compactObject({ custom_attributes: withDates(custom_attributes) }, budget),
    ...compactObject(Object.fromEntries(others), budget),
  }
}

/** A contact in a list: what tells it from others. `brief`: only what names it. */
export function listedContact(contact: Json, budget: TokenBudget, brief: boolean, { fields }: Sought): Json {
  const brieflyShown = () => ({
    ...pick(contact, ['id', 'role', 'external_id', 'name', 'email'], budget),
    ...(fields.includes('tag_id') ? withoutUndefined({ tags: idsOf(contact['tags']) }) : {}),
  })
  if (brief) return withSought(brieflyShown(), contact, fields, budget)
  const { location, tags, custom_attributes } = contact
  const row = {
    ...pick(contact, identity, budget),
    ...withoutUndefined({ created_at: isoTime(contact['created_at'])?.slice(0, 10) }),
    ...pick(contact, ['last_seen_at', 'last_replied_at', ...flags], budget),
    ...withoutUndefined({ location: locationOf(location), tags: idsOf(tags) }),
    ...compactObject({ custom_attributes: withDates(custom_attributes) }, budget),
  }
  return withSought(row, contact, fields, budget)
}

function withoutUndefined(fields: Json): Json {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function locationOf(location: unknown): string | undefined {
  if (!isObject(location)) return undefined
  const words = ['city', 'region', 'country'].map((key) => location[key])
  const given = words.filter((word) => typeof word === 'string' && word !== '')
  return given.length === 0 ? undefined : oneLine(given.join(', '), 120)
}

/** Ids of one of Intercom's short lists, with names where they are known; they hold at most 10, more are counted. */
function idsOf(list: unknown): string[] | undefined {
  if (!isObject(list)) return undefined
  const ids = objectsIn(list['data'])
    .slice(0, 10)
    .map(({ id, name }) => nameAndId(name, id))
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

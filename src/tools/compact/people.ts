import { isObject, type Json, objects } from './allowance.ts'
import { oneLine } from './fence.ts'

/** Who speaks in one conversation, under names a transcript can use. */
export type People = {
  contacts: Json[]
  /** `customer`, `customer 2`, a teammate's name, or the kind of author. */
  nameOf(author: unknown): string
  /** The teammate or team an assignment names by id. */
  assignee(id: unknown, kind: string): string
}

const customers = new Set(['user', 'lead', 'contact', 'visitor'])
/** A bot’s name is ours, its words may repeat a customer’s. */
const ours = new Set(['admin', 'team', 'bot'])

/** Gathers the contacts and the teammates that a conversation names. */
export function peopleOf(conversation: Json, speakers: readonly Json[]): People {
  const contacts = new Map<string, Json>()
  const teammates = new Map<string, string>()
  const list = isObject(conversation['contacts']) ? conversation['contacts']['contacts'] : undefined
  for (const { id } of objects(list)) contacts.set(String(id), {})
  for (const { author } of speakers) {
    if (!isObject(author)) continue
    const id = String(author['id'])
    if (customers.has(String(author['type']))) {
      contacts.set(id, {
        ...contacts.get(id),
        ...field('name', author['name']),
        ...field('email', author['email']),
      })
    } else if (ours.has(String(author['type'])) && author['name']) {
      teammates.set(id, oneLine(String(author['name']), 60))
    }
  }
  const order = [...contacts.keys()]
  return {
    contacts: order.map((id) => ({ id: oneLine(id, 60), ...contacts.get(id) })),
    nameOf(author) {
      if (!isObject(author)) return 'unknown'
      const type = String(author['type'])
      if (!customers.has(type)) return teammates.get(String(author['id'])) ?? term(type, 'unknown')
      const at = order.indexOf(String(author['id']))
      return order.length > 1 ? `customer ${at + 1}` : 'customer'
    },
    assignee: (id, kind) => teammates.get(String(id)) ?? oneLine(`${kind} ${id}`, 60),
  }
}

/** Whether what an author wrote is a teammate's own words. */
export function isTeammate(author: unknown): boolean {
  return isObject(author) && ['admin', 'team'].includes(String(author['type']))
}

function field(key: string, value: unknown): Json {
  return typeof value === 'string' && value !== '' ? { [key]: oneLine(value, 120) } : {}
}

/** One of Intercom's own words, such as `timer_unsnooze`, for a reading; anything else is not said. */
export function term(value: unknown, otherwise: string): string {
  return typeof value === 'string' && /^[a-z_]{1,60}$/.test(value) ? value.replaceAll('_', ' ') : otherwise
}

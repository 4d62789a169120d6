import { oneLine } from './customer-text.ts'
import { isObject, type Json, objectsIn } from './json.ts'

/** Who takes part in a conversation, by the names that a transcript uses. */
export type Participants = {
  contacts: Json[]
  /** `customer`, `customer 2`, a teammate's name, or the type of author. */
  nameOf(author: unknown): string
  /** The teammate or team that an assignment gives by id. */
  assignee(id: unknown, type: string): string
}

const customerTypes = new Set(['user', 'lead', 'contact', 'visitor'])
/** A bot's name is the workspace's own, though its words may repeat a customer's. */
const staffTypes = new Set(['admin', 'team', 'bot'])

/** The contacts and teammates of a conversation whose messages are `messages`. */
export function participantsOf(conversation: Json, messages: readonly Json[]): Participants {
  const contacts = new Map<string, Json>()
  const teammates = new Map<string, string>()
  const list = isObject(conversation['contacts']) ? conversation['contacts']['contacts'] : undefined
  for (const { id } of objectsIn(list)) contacts.set(String(id), {})
  for (const { author } of messages) {
    if (!isObject(author)) continue
    const id = String(author['id'])
    if (customerTypes.has(String(author['type']))) {
      contacts.set(id, {
        ...contacts.get(id),
        ...field('name', author['name']),
        ...field('email', author['email']),
      })
    } else if (staffTypes.has(String(author['type'])) && author['name']) {
      teammates.set(id, oneLine(String(author['name']), 60))
    }
  }
  const numbers = new Map([...contacts.keys()].map((id, index) => [id, index + 1]))
  return {
    contacts: [...contacts].map(([id, contact]) => ({ id: oneLine(id, 60), ...contact })),
    nameOf(author) {
      if (!isObject(author)) return 'unknown'
      const id = String(author['id'])
      const type = String(author['type'])
      if (!customerTypes.has(type)) return teammates.get(id) ?? asWords(type, 'unknown')
      return numbers.size > 1 ? `customer ${numbers.get(id) ?? 0}` : 'customer'
    },
    assignee: (id, type) => teammates.get(String(id)) ?? oneLine(`${type} ${id}`, 60),
  }
}

/** Whether an author's text is a teammate's own words. */
export function isTeammate(author: unknown): boolean {
  return isObject(author) && ['admin', 'team'].includes(String(author['type']))
}

function field(key: string, value: unknown): Json {
  return typeof value === 'string' && value !== '' ? { [key]: oneLine(value, 120) } : {}
}

/** One of Intercom's identifiers as words: `timer unsnooze`. Anything else is not shown. */
export function asWords(identifier: unknown, fallback: string): string {
  const isOne = typeof identifier === 'string' && /^[a-z_]{1,60}$/.test(identifier)
  return isOne ? identifier.replaceAll('_', ' ') : fallback
}

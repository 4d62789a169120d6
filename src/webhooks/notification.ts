import { createHash } from 'node:crypto'
import type { Items, Topic } from './topics.ts'

/**
 * A notification as Intercom sent it, of any topic or of one. Times are Unix seconds. What customers wrote in it is
 * theirs: data, never an instruction.
 */
export type Notification<T extends Topic = Topic> = T extends Topic
  ? {
      type: 'notification_event'
      /** `notif_<uuid>`; a ping has none. */
      id: string | null
      topic: T
      app_id: string | null
      data: { type: 'notification_event_data'; item: Items[T] }
      /** When it happened; several within one second are in no order. */
      created_at: number
      first_sent_at?: number
      delivery_attempts?: number
    }
  : never

/** What the inbox needs to know of an event. */
export type Event = {
  /** Whoever has the same id has the same event. */
  id: string
  topic: string
  /** Whose events run one at a time: `conversation:123`. `null` where the item has no id. */
  subject: string | null
  /** Unix seconds. */
  createdAt: number
  /** The JSON as it came. */
  body: string
}

/** Reads a body that was sent as a notification; `null` when it is none. Only what is used is asked for. */
export function eventOf(bytes: Uint8Array): Event | null {
  try {
    const body = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return read(JSON.parse(body), body)
  } catch {
    return null
  }
}

function read(given: unknown, body: string): Event | null {
  if (!isObject(given) || given['type'] !== 'notification_event') return null
  const { topic, data, created_at: createdAt } = given
  const id =
    given['id'] ?? (topic === 'ping' ? `ping_${createHash('sha256').update(body).digest('hex')}` : null)
  if (typeof id !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(id)) return null
  if (typeof topic !== 'string' || !/^[\w.]{1,200}$/.test(topic)) return null
  if (typeof createdAt !== 'number' || !Number.isFinite(createdAt)) return null
  if (!isObject(data) || !isObject(data['item'])) return null
  return { id, topic, subject: subjectOf(data['item']), createdAt: Math.floor(createdAt), body }
}

/** What an item is about. A tag that was put on a contact is about the contact. */
function subjectOf(item: Record<string, unknown>): string | null {
  const { type, id, contact } = item
  if (type === 'contact_tag' && isObject(contact)) return subjectOf({ ...contact, type: 'contact' })
  if (typeof type !== 'string' || (typeof id !== 'string' && typeof id !== 'number')) return null
  return `${type}:${id}`.slice(0, 300)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

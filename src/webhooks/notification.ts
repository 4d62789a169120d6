import { createHash } from 'node:crypto'
import { isObject } from '../check-options.ts'
import { parseExact } from '../exact-number.ts'
import type { Topic, TopicItems } from './topics.ts'

/**
 * A notification as Intercom sent it, of any topic or of one, but that all times are Unix seconds: in contacts Intercom
 * sends ISO text (docs/intercom-api.md 6). Text that customers wrote is data, never an instruction.
 */
export type Notification<T extends Topic = Topic> = T extends Topic
  ? {
      type: 'notification_event'
      /** `notif_<uuid>`; a ping has none. */
      id: string | null
      topic: T
      app_id: string | null
      data: { type: 'notification_event_data'; item: TopicItems[T] }
      /** When it happened. Events of the same second are in no order. */
      created_at: number
      first_sent_at?: number
      delivery_attempts?: number
      /** `retry` from the second attempt on; null for a ping. */
      delivery_status?: string | null
    }
  : never

/** What the inbox stores of a notification. */
export type InboxEvent = {
  /** Notifications with the same id are the same event. */
  id: string
  topic: string
  /** Events with the same subject (`conversation:123`) are handled one at a time. `null` if the item has no id. */
  subject: string | null
  /** Unix seconds. */
  createdAt: number
  /** The JSON as it was received. */
  body: string
}

/** Unix seconds of a far future: milliseconds and what no file can hold lie beyond. */
const latest = 1e11

/** Parses a body; `null` if it is not a notification. Only the fields that are used are checked. */
export function parseEvent(bytes: Uint8Array): InboxEvent | null {
  try {
    const body = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return eventOf(parseExact(body), body)
  } catch {
    return null
  }
}

function eventOf(notification: unknown, body: string): InboxEvent | null {
  if (!isObject(notification) || notification['type'] !== 'notification_event') return null
  const { topic, data } = notification
  const createdAt = secondsOf(notification['created_at'])
  const id =
    notification['id'] ??
    (topic === 'ping' ? `ping_${createHash('sha256').update(body).digest('hex')}` : null)
  if (typeof id !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(id)) return null
  if (typeof topic !== 'string' || !/^[\w.]{1,200}$/.test(topic)) return null
  if (typeof createdAt !== 'number' || !(Math.abs(createdAt) < latest)) return null
  if (!isObject(data) || !isObject(data['item'])) return null
  return { id, topic, subject: subjectOf(data['item']), createdAt: Math.floor(createdAt), body }
}

/** A stored body as handlers get it. */
export function readNotification(body: string): Notification {
  return inSeconds(parseExact(body)) as Notification // checked when it was received
}

/** What users of the workspace named themselves is not ours to change. */
const foreign = new Set(['custom_attributes', 'metadata', 'ticket_attributes'])

function inSeconds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inSeconds)
  if (!isObject(value)) return value
  const members = Object.entries(value).map(([key, held]) => {
    if (foreign.has(key)) return [key, held]
    return [key, key.endsWith('_at') ? secondsOf(held) : inSeconds(held)]
  })
  return Object.fromEntries(members)
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/

/** ISO text as Unix seconds; anything else as it is. */
function secondsOf(value: unknown): unknown {
  if (typeof value !== 'string' || !isoTime.test(value)) return value
  const ms = Date.parse(value)
  return Number.isNaN(ms) ? value : Math.floor(ms / 1000)
}

/** A tag on a contact, its subscription and the like have the contact as their subject. */
function subjectOf(item: Record<string, unknown>): string | null {
  const { type, id, contact } = item
  if (id === undefined && isObject(contact)) return subjectOf({ ...contact, type: 'contact' })
  if (typeof type !== 'string' || (typeof id !== 'string' && typeof id !== 'number')) return null
  return `${type}:${id}`.slice(0, 300)
}

import { isLoopback } from '../client/credentials.ts'
import { fetch } from '../client/fetch.ts'
import { type IntercomError, invalidInput } from '../errors.ts'
import type { NotificationHandler } from './router.ts'

/** How long the target may take to answer, ms. */
const answerMs = 30_000

const placeholders = /\{([^{}]*)\}/g

/**
 * A handler that POSTs each notification unchanged to a URL, with its key as `Idempotency-Key`. Any status but 2xx is a
 * failure, and the event is retried. `{item.id}`, `{id}` and `{topic}` in the path or query are replaced by the event's
 * own, encoded. Restate's workflows reject the header, since their key is in the path: it is not sent to
 * `…{…}/run/send`. Pings are not forwarded. Throws an `IntercomError`, which never quotes the URL, if it is invalid.
 */
export function forwardTo(template: string): NotificationHandler {
  checkTemplate(template)
  const { origin } = new URL(template)
  const sendsKey = !/\}\/run\/send\/?$/.test(template.split('?', 1)[0] ?? '')
  return async (notification, { key, signal, body }) => {
    if (notification.topic === 'ping') return
    // Not validated. A tag or a choice of a contact is about the contact.
    const item = notification.data.item as { id?: unknown; contact?: { id?: unknown } | null }
    const id = item.id ?? item.contact?.id
    const url = fill(template, { id: key, topic: notification.topic, 'item.id': id })
    if (new URL(url).origin !== origin) throw new Error('the event would change the host of the forward URL')
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(sendsKey ? { 'Idempotency-Key': key } : {}) },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
    })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`the forward URL answered ${response.status}`)
  }
}

function checkTemplate(template: string): void {
  const url = URL.parse(template.replaceAll(placeholders, 'x'))
  if (url === null) throw invalidUrl('is not a URL')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    throw invalidUrl('must be https, or http on this machine: notifications hold customer data')
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    throw invalidUrl('must have no user name, password or fragment')
  const names = [...template.matchAll(placeholders)].map(([, name]) => name ?? '')
  if (names.some((name) => !['id', 'topic', 'item.id'].includes(name)))
    throw invalidUrl('may contain only {item.id}, {id} and {topic}')
  // A URL parser takes https:/x, https:x and https:\\x as well, and would read the host from what an event says.
  if (!/^https?:\/\/[\w.:[\]-]+([/?]|$)/i.test(template))
    throw invalidUrl('must start with https:// and a host, and may contain {…} only in its path and query')
}

function fill(template: string, values: Record<string, unknown>): string {
  return template.replaceAll(placeholders, (_, name: string) => {
    const value = values[name]
    const text = typeof value === 'number' ? String(value) : value
    // `.` and `..` would change the path, even encoded.
    if (typeof text !== 'string' || /^\.{0,2}$/.test(text) || !text.isWellFormed() || text.length > 200)
      throw new Error(`the event has no ${name} that fits in a URL`)
    return encodeURIComponent(text)
  })
}

function invalidUrl(message: string): IntercomError {
  return invalidInput(`the forward URL ${message}`)
}

import { IntercomError } from '../errors.ts'
import type { Handler } from './router.ts'

/** How long the other side may take to answer, ms. */
const answerMs = 30_000

const placeholders = /\{([^{}]*)\}/g

/**
 * A handler that POSTs each notification, byte for byte, to a URL, with its key as `Idempotency-Key`; 2xx is done,
 * everything else throws. `{item.id}`, `{id}` and `{topic}` in path or query stand for the event's own, encoded.
 * Restate's workflows refuse the header, since their key is in the path: to `…{…}/run/send` it is not sent. Pings are
 * not passed on. Throws an `IntercomError` on a URL that cannot be used; it is never quoted.
 */
export function forwardTo(template: string): Handler {
  checkTemplate(template)
  const keyed = !/\}\/run\/send\/?$/.test(template.split('?', 1)[0] ?? '')
  return async (notification, { key, signal, body }) => {
    if (notification.topic === 'ping') return
    const { id } = notification.data.item as { id?: unknown } // whatever came
    const url = filled(template, { id: key, topic: notification.topic, 'item.id': id })
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(keyed ? { 'Idempotency-Key': key } : {}) },
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
  if (url === null) throw refused('is no URL')
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw refused('must be https, or http on this machine: notifications hold what customers wrote')
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    throw refused('takes no user, password or #')
  const names = [...template.matchAll(placeholders)].map(([, name]) => name ?? '')
  if (names.some((name) => !['id', 'topic', 'item.id'].includes(name))) {
    throw refused('knows {item.id}, {id} and {topic}')
  }
  const pathAt = /^[^:]+:\/\/[^/?#]*/.exec(template)?.[0] ?? ''
  if (pathAt.includes('{')) throw refused('takes {…} in its path and query only')
}

function filled(template: string, values: Record<string, unknown>): string {
  return template.replaceAll(placeholders, (_, name: string) => {
    const value = values[name]
    const text = typeof value === 'number' ? String(value) : value
    // A path of dots is another path; it stays one when encoded.
    if (typeof text !== 'string' || /^\.{0,2}$/.test(text) || !text.isWellFormed() || text.length > 200) {
      throw new Error(`the event has no ${name} that can stand in a URL`)
    }
    return encodeURIComponent(text)
  })
}

function refused(message: string): IntercomError {
  return new IntercomError(`the URL to forward to ${message}`, { code: 'invalid_input' })
}

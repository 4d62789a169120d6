import { createHmac, randomUUID } from 'node:crypto'

export const clientSecret = 'client-secret-of-a-test'

/** A notification in the envelope of the live sample (docs/intercom-api.md 6). */
export function sample(changes: Record<string, unknown> = {}, item: Record<string, unknown> = {}) {
  const now = Math.floor(Date.now() / 1000)
  return {
    type: 'notification_event',
    app_id: 'a86dr8yl',
    data: {
      type: 'notification_event_data',
      item: { type: 'conversation', id: '5', title: 'Grüße ✓', ...item },
    },
    links: {},
    id: `notif_${randomUUID()}`,
    topic: 'conversation.user.created',
    delivery_status: 'pending',
    delivery_attempts: 1,
    delivered_at: 0,
    first_sent_at: now,
    created_at: now,
    self: null,
    ...changes,
  }
}

/** The header that belongs to a body. */
export function signatureOf(body: string | Uint8Array, secret = clientSecret): string {
  return `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`
}

/** A delivery as Intercom sends it; `null` takes a header away. */
export function delivery(
  body: string | Uint8Array | object,
  headers: Record<string, string | null> = {},
  url = 'http://local/webhooks',
): Request {
  const raw = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  const all: Record<string, string | null> = {
    'User-Agent': 'intercom-parrot-service-client/1.0',
    'Content-Type': 'application/json',
    'X-Hub-Signature': signatureOf(raw),
    ...headers,
  }
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null)
  return new Request(url, { method: 'POST', headers: given, body: Buffer.from(raw) })
}

import { createHmac } from 'node:crypto'

/** The variable parts of an envelope. */
export interface EnvelopeParts {
  readonly appId: string
  /** `notif_<uuid>`; a ping has none. */
  readonly id: string | null
  readonly topic: string
  readonly item: unknown
  /** This delivery's number, from 1. */
  readonly attempt: number
  readonly firstSentAt: number
  readonly createdAt: number
}

/**
 * The body of a delivery, keys in the order of the live sample (docs/intercom-api.md 6). A ping's status is
 * null, as recorded.
 */
export function envelope(notification: EnvelopeParts): string {
  const { appId, id, topic, item, attempt, firstSentAt, createdAt } = notification
  return JSON.stringify({
    type: 'notification_event',
    app_id: appId,
    data: { type: 'notification_event_data', item },
    links: {},
    id,
    topic,
    delivery_status: topic === 'ping' ? null : attempt > 1 ? 'retry' : 'pending',
    delivery_attempts: attempt,
    delivered_at: 0,
    first_sent_at: firstSentAt,
    created_at: createdAt,
    self: null,
  })
}

/** The item of a `ping`, as recorded. */
export const pingItem = { type: 'ping', message: 'something something interzen' }

/**
 * The headers of a delivery; the signature is over the raw body with the app's client secret
 * (docs/intercom-api.md 6).
 */
export function deliveryHeaders(body: Buffer, secret: string): Record<string, string> {
  return {
    'User-Agent': 'intercom-parrot-service-client/1.0',
    'X-Hub-Signature': `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`,
    Accept: 'application/json',
    'Content-Type': 'application/json',
    'Content-Length': String(body.byteLength),
  }
}

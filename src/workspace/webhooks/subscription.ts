import { isIP } from 'node:net'
import { ControlError } from '../control-error.ts'
import type { WebhookSubscriptionRow } from '../store/webhook-tables.ts'
import { isTopic, topics, type WebhookTopic } from './topics.ts'

/** A subscription to save; an app has one endpoint (docs/intercom-api.md 6). */
export interface SubscriptionRequest {
  /** An http URL on this machine: localhost, 127.x.x.x or [::1]. Nothing of a workspace leaves the machine. */
  readonly url: string
  /** The app's client secret, which signs every delivery. */
  readonly secret: string
  /** @default every topic */
  readonly topics?: readonly string[] | undefined
  /** The app of this endpoint; saving again replaces it. @default 'default' */
  readonly app?: string | undefined
}

/** A subscription, without its secret. */
export interface Subscription {
  readonly app: string
  readonly url: string
  readonly topics: readonly string[]
  /** False once the endpoint answered 410, or only errors for seven days; saving it again reactivates it. */
  readonly active: boolean
  readonly disabled_reason: string | null
  readonly created_at: number
  /** Minutes of the current throttle after a 429; 0 without one. */
  readonly throttle_minutes: number
  /** Unix second before which nothing is sent (a throttle, or a pause after too many errors); null if not paused. */
  readonly paused_until: number | null
  /** Unix second of the first error since the last success; null if the last delivery succeeded. */
  readonly failing_since: number | null
  /** Whether its last answer took longer than half a second: it is then served after the others. */
  readonly slow: boolean
  /** Notifications that are waiting. */
  readonly queued: number
  /** Notifications that were never queued because the queue was full. */
  readonly refused: number
}

/** A valid request, with defaults. */
export interface CheckedRequest {
  readonly app: string
  readonly url: string
  readonly secret: string
  readonly topics: readonly WebhookTopic[]
}

/** Applies defaults; throws a {@link ControlError} on an invalid request. */
export function checkRequest(request: SubscriptionRequest): CheckedRequest {
  const { app = 'default', url, secret, topics: wanted = topics } = request
  if (typeof app !== 'string' || app === '') throw new ControlError('The app of a webhook must be a string.')
  if (typeof secret !== 'string' || secret === '') {
    throw new ControlError('A webhook needs the client secret that signs its notifications.')
  }
  if (!Array.isArray(wanted) || wanted.length === 0) {
    throw new ControlError('The topics of a webhook must be a list of at least one.')
  }
  const unknown = wanted.filter((topic) => typeof topic !== 'string' || !isTopic(topic))
  if (unknown.length > 0) {
    throw new ControlError(
      `Unknown webhook topics: ${unknown.map(String).join(', ')}. Known: ${topics.join(', ')}.`,
    )
  }
  return { app, url: loopbackUrl(url), secret, topics: [...new Set(wanted.filter(isTopic))] }
}

/** The URL to call; throws unless it is on this machine. */
function loopbackUrl(given: unknown): string {
  const url = typeof given === 'string' ? URL.parse(given) : null
  if (url === null) throw new ControlError(`A webhook needs a URL, not ${String(given)}.`)
  if (url.protocol !== 'http:' || !isLoopback(url.hostname)) {
    throw new ControlError(
      `A webhook must be an http URL on this machine (localhost, 127.0.0.1 or [::1]), not ${url.origin}: nothing of a local workspace leaves the machine.`,
    )
  }
  if (url.username !== '' || url.password !== '')
    throw new ControlError('A webhook URL must not contain a user name or password.')
  url.hash = ''
  return url.href
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'))
  )
}

/** A row without its secret. */
export function subscription(
  row: WebhookSubscriptionRow,
  { queued, slow }: Pick<Subscription, 'queued' | 'slow'>,
  nowMs: number,
): Subscription {
  return {
    app: row.app,
    url: row.url,
    topics: topicsOf(row),
    active: row.active === 1,
    disabled_reason: row.disabled_reason,
    created_at: row.created_at,
    throttle_minutes: row.throttle_minutes,
    paused_until: row.resume_at_ms > nowMs ? Math.ceil(row.resume_at_ms / 1000) : null,
    failing_since: row.failing_since_ms === null ? null : Math.floor(row.failing_since_ms / 1000),
    slow,
    queued,
    refused: row.refused,
  }
}

/** The topics of a row; unknown ones, saved by a newer version, are skipped. */
export function topicsOf(row: WebhookSubscriptionRow): WebhookTopic[] {
  const listed: unknown = JSON.parse(row.topics)
  return Array.isArray(listed) ? listed.filter((topic) => typeof topic === 'string' && isTopic(topic)) : []
}

import type { Row } from './columns.ts'
import {
  flag,
  integer,
  integerOr,
  jsonOr,
  key,
  keyNeverReused,
  maybeInteger,
  maybeText,
  text,
} from './columns.ts'

/**
 * Webhook subscriptions: an app has one (docs/intercom-api.md 6). Times that end in `_ms` are milliseconds of
 * the workspace's clock. `throttle_minutes` is the current step of the answer to a 429, 0 without one;
 * `failing_since_ms` is the first error since the last success.
 */
export const webhookSubscriptions = {
  id: key,
  app: text,
  url: text,
  secret: text,
  topics: jsonOr([]),
  active: flag(true),
  disabled_reason: maybeText,
  created_at: integer,
  throttle_minutes: integerOr(0),
  resume_at_ms: integerOr(0),
  refused: integerOr(0),
  failing_since_ms: maybeInteger,
}

/**
 * Notifications that wait to be delivered, oldest first by `seq`. A row is deleted once it was delivered or
 * given up. `due_at_ms` is when it may leave; `failures` counts what the one retry is for.
 */
export const webhookNotifications = {
  seq: keyNeverReused,
  subscription_id: integer,
  notification_id: maybeText,
  topic: text,
  item: text,
  created_at: integer,
  first_sent_at: maybeInteger,
  attempts: integerOr(0),
  failures: integerOr(0),
  due_at_ms: integer,
}

export type WebhookSubscriptionRow = Row<typeof webhookSubscriptions>
export type WebhookNotificationRow = Row<typeof webhookNotifications>

import { seconds } from '../clock.ts'
import type { Store } from '../store/store.ts'
import type { WebhookSubscriptionRow } from '../store/webhook-tables.ts'
import { longestPauseMinutes } from './delivery-result.ts'
import { type CheckedRequest, topicsOf } from './subscription.ts'

/** All subscriptions of a workspace, oldest first. */
export function subscriptionRows(store: Store): WebhookSubscriptionRow[] {
  return store.db.all<WebhookSubscriptionRow>('SELECT * FROM webhook_subscriptions ORDER BY id')
}

/** Saves an app's subscription, active and without a pause; returns its id. */
export function writeSubscription(store: Store, { app, url, secret, topics }: CheckedRequest): number {
  const row = store.db.get<{ id: number }>(
    `INSERT INTO webhook_subscriptions
     (app, url, secret, topics, active, created_at, throttle_minutes, resume_at_ms, refused)
     VALUES (?, ?, ?, ?, 1, ?, 0, 0, 0)
     ON CONFLICT (app) DO UPDATE SET url = excluded.url, secret = excluded.secret, topics = excluded.topics,
     active = 1, disabled_reason = NULL, throttle_minutes = 0, resume_at_ms = 0,
     failing_since_ms = NULL
     RETURNING id`,
    app,
    url,
    secret,
    JSON.stringify(topics),
    seconds(store.clock),
  )
  if (row === undefined) throw new Error(`The webhook of ${app} was not saved`)
  return row.id
}

/** Replaces all subscriptions by these, without pauses, and empties the queue. */
export function replaceSubscriptions(store: Store, rows: readonly WebhookSubscriptionRow[]): void {
  store.db.run('DELETE FROM webhook_notifications')
  store.db.run('DELETE FROM webhook_subscriptions')
  for (const row of rows) {
    const kept = { ...row, topics: topicsOf(row), active: row.active === 1 }
    store.insert('webhook_subscriptions', {
      ...kept,
      throttle_minutes: 0,
      resume_at_ms: 0,
      failing_since_ms: null,
    })
  }
}

/** Ends pauses longer than the longest and failures that start in the future, as after the clock was set back. */
export function capPauses(store: Store, nowMs: number): void {
  const sql = 'UPDATE webhook_subscriptions SET resume_at_ms = 0 WHERE resume_at_ms > ?'
  store.db.run(sql, nowMs + longestPauseMinutes * 60_000)
  const since = 'UPDATE webhook_subscriptions SET failing_since_ms = ? WHERE failing_since_ms > ?'
  store.db.run(since, nowMs, nowMs)
}

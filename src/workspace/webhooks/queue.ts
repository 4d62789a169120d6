import { randomUUID } from 'node:crypto'
import { seconds } from '../clock.ts'
import type { Store } from '../store/store.ts'
import type { WebhookNotificationRow } from '../store/webhook-tables.ts'
import { type DeliveryResult, retryDelayMs } from './delivery-result.ts'

/**
 * The outbox of notifications in the data file: queued in the transaction that they report, and kept across restarts.
 * At most `limit` wait; further ones are refused and counted.
 */
export class NotificationQueue {
  readonly limit: number
  readonly #store: Store
  /** Never too low: a rolled back write leaves it too high until it is recounted. */
  #length: number

  constructor(store: Store, limit: number) {
    this.#store = store
    this.limit = limit
    this.#length = this.length()
  }

  /** Recounts, for instance after the data was replaced. */
  recount(): void {
    this.#length = this.length()
  }

  /** How many wait, for one subscription or all. */
  length(subscriptionId?: number): number {
    const sql = 'SELECT count(*) FROM webhook_notifications'
    const { db } = this.#store
    return subscriptionId === undefined
      ? db.number(sql)
      : db.number(`${sql} WHERE subscription_id = ?`, subscriptionId)
  }

  /** Queues a notification; false if the queue is full, which the subscription's `refused` counts. */
  add(subscriptionId: number, topic: string, item: string): boolean {
    const { db, clock } = this.#store
    if (this.#length >= this.limit) this.recount()
    if (this.#length >= this.limit) {
      db.run('UPDATE webhook_subscriptions SET refused = refused + 1 WHERE id = ?', subscriptionId)
      return false
    }
    this.#length += 1
    db.run(
      `INSERT INTO webhook_notifications
       (subscription_id, notification_id, topic, item, created_at, attempts, failures, due_at_ms)
       VALUES (?, ?, ?, ?, ?, 0, 0, ?)`,
      subscriptionId,
      // Recorded pings have no id.
      topic === 'ping' ? null : `notif_${randomUUID()}`,
      topic,
      item,
      seconds(clock),
      clock.now(),
    )
    return true
  }

  /** Queues one again that was sent already, under its id. */
  again(row: WebhookNotificationRow): void {
    const { db, clock } = this.#store
    this.#length += 1
    db.run(
      `INSERT INTO webhook_notifications
       (subscription_id, notification_id, topic, item, created_at, attempts, failures, first_sent_at, due_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?)`,
      row.subscription_id,
      row.notification_id,
      row.topic,
      row.item,
      row.created_at,
      row.attempts + 1,
      row.first_sent_at ?? seconds(clock),
      clock.now(),
    )
  }

  /** The next due notification. */
  next(subscriptionId: number): WebhookNotificationRow | undefined {
    return this.#store.db.get<WebhookNotificationRow>(
      `SELECT * FROM webhook_notifications WHERE subscription_id = ? AND due_at_ms <= ?
       ORDER BY due_at_ms, seq LIMIT 1`,
      subscriptionId,
      this.#store.clock.now(),
    )
  }

  /** When the next notification of a subscription is due; undefined if none waits. */
  nextDue(subscriptionId: number): number | undefined {
    return this.#store.db.get<{ due: number }>(
      `SELECT due_at_ms AS due FROM webhook_notifications WHERE subscription_id = ?
       ORDER BY due_at_ms LIMIT 1`,
      subscriptionId,
    )?.due
  }

  /** Records the result of a delivery; a notification that will not be retried leaves the queue. */
  settle(row: WebhookNotificationRow, result: DeliveryResult): void {
    const { db, clock } = this.#store
    const keeps = result.outcome === 'will_retry' || result.outcome === 'throttled'
    if (!keeps) {
      this.#length -= db.run(
        'DELETE FROM webhook_notifications WHERE seq = ? AND notification_id IS ?',
        row.seq,
        row.notification_id,
      )
      return
    }
    const retry = result.outcome === 'will_retry'
    db.run(
      `UPDATE webhook_notifications SET attempts = attempts + 1, failures = failures + ?, first_sent_at = ?,
       due_at_ms = ? WHERE seq = ? AND notification_id IS ?`,
      retry ? 1 : 0,
      row.first_sent_at ?? seconds(clock),
      retry ? clock.now() + result.afterMs : row.due_at_ms,
      row.seq,
      row.notification_id,
    )
  }

  /** Deletes what waits for a subscription; returns how many there were. */
  clear(subscriptionId: number): number {
    const gone = this.#store.db.run(
      'DELETE FROM webhook_notifications WHERE subscription_id = ?',
      subscriptionId,
    )
    this.#length -= gone
    return gone
  }

  /** Makes due what waits longer than any retry, which is so after the clock was set back. */
  capDelays(nowMs: number): void {
    const sql = 'UPDATE webhook_notifications SET due_at_ms = ? WHERE due_at_ms > ?'
    this.#store.db.run(sql, nowMs, nowMs + retryDelayMs)
  }
}

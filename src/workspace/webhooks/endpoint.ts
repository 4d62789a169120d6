import { seconds } from '../clock.ts'
import type { Store } from '../store/store.ts'
import type { WebhookNotificationRow, WebhookSubscriptionRow } from '../store/webhook-tables.ts'
import type { DeliveryLog, Sent } from './delivery-log.ts'
import {
  type DeliveryOutcome,
  type DeliveryResult,
  ErrorStreak,
  errorPauseMs,
  isError,
  resultOf,
  slowMs,
  suspendedAfterMs,
} from './delivery-result.ts'
import { deliveryHeaders, envelope } from './envelope.ts'
import { post, type Reply } from './post.ts'
import type { NotificationQueue } from './queue.ts'

/** What the endpoints of a workspace share. */
export interface DeliveryContext {
  readonly store: Store
  readonly queue: NotificationQueue
  readonly log: DeliveryLog
  /** Aborts when the workspace closes. */
  readonly closing: AbortSignal
  /** Whether an endpoint that is not slow is sending or has something due. */
  readonly fasterIsBusy: () => boolean
  /** Called when an endpoint stops sending; `disabled` if its subscription was disabled. */
  readonly onIdle: (disabled: boolean) => void
}

/** An error of the data file must not cause a busy loop. */
const storeErrorPauseMs = 60_000

/** Delivers one subscription's notifications, in order and one at a time. */
export class Endpoint {
  row: WebhookSubscriptionRow
  /** The deliveries in progress; never rejects. */
  working: Promise<void> | undefined
  /** Whether its last answer took longer than half a second of the machine's time. */
  slow = false
  readonly #context: DeliveryContext
  readonly #streak = new ErrorStreak()
  readonly #left = new AbortController()
  readonly #end: AbortSignal

  constructor(context: DeliveryContext, row: WebhookSubscriptionRow) {
    this.#context = context
    this.row = row
    this.#end = AbortSignal.any([context.closing, this.#left.signal])
  }

  /** Aborts what is in progress for good: it is neither logged nor written into the data, which may be replaced. */
  leave(): void {
    this.#left.abort()
  }

  /** Starts sending if something is due and nothing is in progress. */
  wake(): void {
    if (this.working !== undefined || this.#held || this.#next() === undefined) return
    this.working = this.#work()
      .catch(() => {
        this.row = { ...this.row, resume_at_ms: this.#context.store.clock.now() + storeErrorPauseMs }
        return false
      })
      .then((disabled) => {
        this.working = undefined
        this.#context.onIdle(disabled)
      })
  }

  /** When the next delivery is due, in milliseconds of the workspace's clock; undefined if there is none. */
  nextDue(): number | undefined {
    if (this.row.active === 0 || this.working !== undefined || this.#held) return undefined
    const due = this.#context.queue.nextDue(this.row.id)
    return due === undefined ? undefined : Math.max(due, this.row.resume_at_ms)
  }

  /** Whether it is sending or has something due. */
  get busy(): boolean {
    return this.working !== undefined || this.#next() !== undefined
  }

  /** A slow endpoint waits for faster ones (docs/intercom-api.md 6). */
  get #held(): boolean {
    return this.slow && this.#context.fasterIsBusy()
  }

  #next(): WebhookNotificationRow | undefined {
    const { store, queue } = this.#context
    if (this.#end.aborted || this.row.active === 0 || this.row.resume_at_ms > store.clock.now())
      return undefined
    return queue.next(this.row.id)
  }

  /** Resolves to true if the subscription was disabled or suspended. */
  async #work(): Promise<boolean> {
    for (;;) {
      const notification = this.#held ? undefined : this.#next()
      if (notification === undefined) return false
      const started = performance.now()
      const body = this.#body(notification)
      const reply = await this.#send(body)
      // Aborted: what is still in the queue is sent again.
      if (this.#end.aborted) return false
      const took = performance.now() - started
      this.slow = took > slowMs
      const result = resultOf(reply, notification.failures, this.row.throttle_minutes)
      const end = this.#endedBy(result)
      const outcome = end === undefined ? result.outcome : end.outcome
      this.#log({ notification, body }, reply, outcome, took)
      this.#settle(notification, result, end?.reason)
      if (end !== undefined) return true
    }
  }

  #body(notification: WebhookNotificationRow): string {
    const { store } = this.#context
    return envelope({
      appId: store.app.id_code,
      id: notification.notification_id,
      topic: notification.topic,
      item: JSON.parse(notification.item) as unknown,
      attempt: notification.attempts + 1,
      firstSentAt: notification.first_sent_at ?? seconds(store.clock),
      createdAt: notification.created_at,
    })
  }

  #send(text: string): Promise<Reply> {
    const body = Buffer.from(text)
    return post(this.row.url, deliveryHeaders(body, this.row.secret), body, this.#end)
  }

  #log(sent: Sent, reply: Reply, outcome: DeliveryOutcome, took: number): void {
    const { notification } = sent
    const delivery = {
      notification_id: notification.notification_id,
      app: this.row.app,
      url: this.row.url,
      topic: notification.topic,
      attempt: notification.attempts + 1,
      sent_at: seconds(this.#context.store.clock),
      took_ms: Math.round(took),
      status: 'status' in reply ? reply.status : null,
      error: 'error' in reply ? reply.error : null,
      outcome,
    }
    this.#context.log.add(delivery, sent)
  }

  /** Why nothing is sent until the subscription is saved again; undefined if it stays active. */
  #endedBy(result: DeliveryResult): { outcome: DeliveryOutcome; reason: string } | undefined {
    if (result.outcome === 'disabled') return { outcome: 'disabled', reason: 'answered 410' }
    const since = this.row.failing_since_ms ?? Number.POSITIVE_INFINITY
    if (!isError(result) || this.#context.store.clock.now() - since <= suspendedAfterMs) return undefined
    return { outcome: 'suspended', reason: 'only errors for more than 7 days' }
  }

  #settle(notification: WebhookNotificationRow, result: DeliveryResult, endReason: string | undefined): void {
    const { store, queue } = this.#context
    const now = this.#consequence(result)
    const { id, throttle_minutes, resume_at_ms, failing_since_ms } = this.row
    store.write(() => {
      queue.settle(notification, result)
      if (endReason !== undefined) {
        queue.clear(id)
        const sql = 'UPDATE webhook_subscriptions SET active = 0, disabled_reason = ? WHERE id = ?'
        store.db.run(sql, endReason, id)
      } else if (
        now.throttle_minutes !== throttle_minutes ||
        now.resume_at_ms !== resume_at_ms ||
        now.failing_since_ms !== failing_since_ms
      ) {
        const sql = `UPDATE webhook_subscriptions SET throttle_minutes = ?, resume_at_ms = ?, failing_since_ms = ?
          WHERE id = ?`
        store.db.run(sql, now.throttle_minutes, now.resume_at_ms, now.failing_since_ms, id)
      }
    })
    this.row = { ...this.row, ...now }
  }

  /** The subscription's new pause, when it may be called again, and since when it has failed. */
  #consequence(result: DeliveryResult) {
    const now = this.#context.store.clock.now()
    if (result.outcome === 'throttled' || result.outcome === 'dropped') {
      const { failing_since_ms } = this.row
      const resume_at_ms = now + result.minutes * 60_000
      return { throttle_minutes: result.minutes, resume_at_ms, failing_since_ms }
    }
    if (!isError(result)) {
      this.#streak.succeed()
      return { throttle_minutes: 0, resume_at_ms: 0, failing_since_ms: null }
    }
    const resume_at_ms = this.#streak.fail(now) ? now + errorPauseMs : 0
    return { throttle_minutes: 0, resume_at_ms, failing_since_ms: this.row.failing_since_ms ?? now }
  }
}

import { seconds } from '../clock.ts'
import type { Store } from '../store/store.ts'
import type { WebhookNotificationRow, WebhookSubscriptionRow } from '../store/webhook-tables.ts'
import type { DeliveryLog } from './delivery-log.ts'
import { deliveryHeaders, envelope } from './envelope.ts'
import { post, type Reply } from './post.ts'
import type { NotificationQueue } from './queue.ts'
import {
  ErrorStreak,
  isError,
  judge,
  type Outcome,
  restMs,
  slowMs,
  suspendedAfterMs,
  type Verdict,
} from './verdict.ts'

/** What every endpoint of a workspace shares. */
export interface Postroom {
  readonly store: Store
  readonly queue: NotificationQueue
  readonly log: DeliveryLog
  readonly timeoutMs: number
  /** Aborted when the workspace closes. */
  readonly closing: AbortSignal
  /** Whether an endpoint that is not slow is at work, or has something to send now. */
  readonly fasterAtWork: () => boolean
  /** Called when an endpoint's work ended; `disabled` when its subscription was. */
  readonly onIdle: (disabled: boolean) => void
}

/** A fault of the data file must not become a busy loop. */
const faultRestMs = 60_000

/** One subscription at work: sends what is due, in order and one at a time, and bears the consequences. */
export class Endpoint {
  row: WebhookSubscriptionRow
  /** The work under way; it never rejects. */
  working: Promise<void> | undefined
  /** Its last answer took longer than half a second of the machine's time. */
  slow = false
  readonly #room: Postroom
  readonly #streak = new ErrorStreak()
  readonly #left = new AbortController()
  readonly #end: AbortSignal

  constructor(room: Postroom, row: WebhookSubscriptionRow) {
    this.#room = room
    this.row = row
    this.#end = AbortSignal.any([room.closing, this.#left.signal])
  }

  /** Cuts off what is under way, for good: nothing of it is logged, or written into data that are not its own. */
  leave(): void {
    this.#left.abort()
  }

  /** Starts sending when something is due and nothing is under way. */
  wake(): void {
    if (this.working !== undefined || this.#held || this.#next() === undefined) return
    this.working = this.#work()
      .catch(() => {
        this.row = { ...this.row, resume_at_ms: this.#room.store.clock.now() + faultRestMs }
        return false
      })
      .then((disabled) => {
        this.working = undefined
        this.#room.onIdle(disabled)
      })
  }

  /** When something may leave, in milliseconds of the workspace's clock; undefined when nothing waits. */
  nextDue(): number | undefined {
    if (this.row.active === 0 || this.working !== undefined || this.#held) return undefined
    const due = this.#room.queue.nextDue(this.row.id)
    return due === undefined ? undefined : Math.max(due, this.row.resume_at_ms)
  }

  /** Whether it is at work, or could be at once. */
  get busy(): boolean {
    return this.working !== undefined || this.#next() !== undefined
  }

  /** A slow endpoint waits for the others (docs/intercom-api.md 6). */
  get #held(): boolean {
    return this.slow && this.#room.fasterAtWork()
  }

  #next(): WebhookNotificationRow | undefined {
    const { store, queue } = this.#room
    if (this.#end.aborted || this.row.active === 0 || this.row.resume_at_ms > store.clock.now())
      return undefined
    return queue.next(this.row.id)
  }

  /** Gives true when the subscription was disabled or suspended. */
  async #work(): Promise<boolean> {
    for (;;) {
      const notification = this.#held ? undefined : this.#next()
      if (notification === undefined) return false
      const started = performance.now()
      const reply = await this.#send(notification)
      // Cut off: what is still in the queue is sent again.
      if (this.#end.aborted) return false
      const took = performance.now() - started
      this.slow = took > slowMs
      const verdict = judge(reply, notification.failures, this.row.throttle_minutes)
      const end = this.#endedBy(verdict)
      this.#log(notification, reply, end === undefined ? verdict.outcome : end.outcome, took)
      this.#settle(notification, verdict, end?.reason)
      if (end !== undefined) return true
    }
  }

  #send(notification: WebhookNotificationRow): Promise<Reply> {
    const { store, timeoutMs } = this.#room
    const text = envelope({
      appId: store.app.id_code,
      id: notification.notification_id,
      topic: notification.topic,
      item: JSON.parse(notification.item) as unknown,
      attempt: notification.attempts + 1,
      firstSentAt: notification.first_sent_at ?? seconds(store.clock),
      createdAt: notification.created_at,
    })
    const body = Buffer.from(text)
    return post(this.row.url, deliveryHeaders(body, this.row.secret), body, timeoutMs, this.#end)
  }

  #log(notification: WebhookNotificationRow, reply: Reply, outcome: Outcome, took: number): void {
    this.#room.log.add({
      notification_id: notification.notification_id,
      app: this.row.app,
      url: this.row.url,
      topic: notification.topic,
      attempt: notification.attempts + 1,
      sent_at: seconds(this.#room.store.clock),
      took_ms: Math.round(took),
      status: 'status' in reply ? reply.status : null,
      error: 'error' in reply ? reply.error : null,
      outcome,
    })
  }

  /** Why nothing more is sent until the subscription is saved again; undefined when it goes on. */
  #endedBy(verdict: Verdict): { outcome: Outcome; reason: string } | undefined {
    if (verdict.outcome === 'disabled') return { outcome: 'disabled', reason: 'answered 410' }
    const since = this.row.failing_since_ms ?? Number.POSITIVE_INFINITY
    if (!isError(verdict) || this.#room.store.clock.now() - since <= suspendedAfterMs) return undefined
    return { outcome: 'suspended', reason: 'only errors for more than 7 days' }
  }

  #settle(notification: WebhookNotificationRow, verdict: Verdict, endReason: string | undefined): void {
    const { store, queue } = this.#room
    const now = this.#consequence(verdict)
    const { id, throttle_minutes, resume_at_ms, failing_since_ms } = this.row
    store.write(() => {
      queue.settle(notification, verdict)
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

  /** The subscription's throttle, when it may be called again, and since when it has failed. */
  #consequence(verdict: Verdict) {
    const now = this.#room.store.clock.now()
    if (verdict.outcome === 'throttled' || verdict.outcome === 'dropped') {
      const { failing_since_ms } = this.row
      const resume_at_ms = now + verdict.minutes * 60_000
      return { throttle_minutes: verdict.minutes, resume_at_ms, failing_since_ms }
    }
    if (!isError(verdict)) {
      this.#streak.succeed()
      return { throttle_minutes: 0, resume_at_ms: 0, failing_since_ms: null }
    }
    const resume_at_ms = this.#streak.fail(now) ? now + restMs : 0
    return { throttle_minutes: 0, resume_at_ms, failing_since_ms: this.row.failing_since_ms ?? now }
  }
}

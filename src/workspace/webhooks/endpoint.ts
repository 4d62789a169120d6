import { seconds } from '../clock.ts'
import type { Store } from '../store/store.ts'
import type { WebhookNotificationRow, WebhookSubscriptionRow } from '../store/webhook-tables.ts'
import type { DeliveryLog } from './delivery-log.ts'
import { deliveryHeaders, envelope } from './envelope.ts'
import { post, type Reply } from './post.ts'
import type { NotificationQueue } from './queue.ts'
import { ErrorStreak, judge, restMs, type Verdict } from './verdict.ts'

/** What every endpoint of a workspace shares. */
export interface Postroom {
  readonly store: Store
  readonly queue: NotificationQueue
  readonly log: DeliveryLog
  readonly timeoutMs: number
  /** Aborted when the workspace closes. */
  readonly closing: AbortSignal
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
    if (this.working !== undefined || this.#next() === undefined) return
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
    if (this.row.active === 0 || this.working !== undefined) return undefined
    const due = this.#room.queue.nextDue(this.row.id)
    return due === undefined ? undefined : Math.max(due, this.row.resume_at_ms)
  }

  #next(): WebhookNotificationRow | undefined {
    const { store, queue } = this.#room
    if (this.#end.aborted || this.row.active === 0 || this.row.resume_at_ms > store.clock.now())
      return undefined
    return queue.next(this.row.id)
  }

  /** Gives true when the subscription was disabled. */
  async #work(): Promise<boolean> {
    for (;;) {
      const notification = this.#next()
      if (notification === undefined) return false
      const started = performance.now()
      const reply = await this.#send(notification)
      // Cut off: what is still in the queue is sent again.
      if (this.#end.aborted) return false
      const verdict = judge(reply, notification.failures, this.row.throttle_minutes)
      this.#log(notification, reply, verdict, performance.now() - started)
      this.#settle(notification, verdict)
      if (verdict.outcome === 'disabled') return true
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

  #log(notification: WebhookNotificationRow, reply: Reply, { outcome }: Verdict, took: number): void {
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

  #settle(notification: WebhookNotificationRow, verdict: Verdict): void {
    const { store, queue } = this.#room
    const { throttle_minutes, resume_at_ms } = this.#consequence(verdict)
    const { id, throttle_minutes: minutes, resume_at_ms: at } = this.row
    store.write(() => {
      queue.settle(notification, verdict)
      if (verdict.outcome === 'disabled') {
        queue.clear(id)
        const sql = 'UPDATE webhook_subscriptions SET active = 0, disabled_reason = ? WHERE id = ?'
        store.db.run(sql, 'answered 410', id)
      } else if (throttle_minutes !== minutes || resume_at_ms !== at) {
        const sql = 'UPDATE webhook_subscriptions SET throttle_minutes = ?, resume_at_ms = ? WHERE id = ?'
        store.db.run(sql, throttle_minutes, resume_at_ms, id)
      }
    })
    this.row = { ...this.row, throttle_minutes, resume_at_ms }
  }

  /** The subscription's throttle, and when it may be called again. */
  #consequence(verdict: Verdict): Pick<WebhookSubscriptionRow, 'throttle_minutes' | 'resume_at_ms'> {
    const now = this.#room.store.clock.now()
    if (verdict.outcome === 'delivered') this.#streak.succeed()
    else if (this.#streak.fail(now)) return { throttle_minutes: 0, resume_at_ms: now + restMs }
    if (verdict.outcome === 'throttled' || verdict.outcome === 'dropped') {
      return { throttle_minutes: verdict.minutes, resume_at_ms: now + verdict.minutes * 60_000 }
    }
    return { throttle_minutes: 0, resume_at_ms: 0 }
  }
}

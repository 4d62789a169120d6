import type { WebhookNotificationRow } from '../store/webhook-tables.ts'
import type { DeliveryOutcome } from './delivery-result.ts'

/** One attempt to deliver a notification. */
export interface Delivery {
  /** Counted from 1 as long as the workspace is open. */
  readonly id: number
  /** `notif_<uuid>`; null for a ping. */
  readonly notification_id: string | null
  readonly app: string
  readonly url: string
  readonly topic: string
  readonly attempt: number
  /** Unix seconds of the workspace's clock. */
  readonly sent_at: number
  /** Milliseconds until the answer, by the machine's clock. */
  readonly took_ms: number
  /** The answer's status; null if there was none, and then `error` says why. */
  readonly status: number | null
  readonly error: string | null
  readonly outcome: DeliveryOutcome
}

/** What was sent: the notification, and its body. */
export interface Sent {
  readonly notification: WebhookNotificationRow
  readonly body: string
}

/** The latest deliveries, oldest first, in memory only. */
export class DeliveryLog {
  readonly #limit: number
  readonly #listeners = new Set<() => void>()
  #entries: { readonly delivery: Delivery; readonly sent: Sent }[] = []
  #count = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  add(delivery: Omit<Delivery, 'id'>, sent: Sent): void {
    this.#count += 1
    this.#entries.push({ delivery: { id: this.#count, ...delivery }, sent })
    // Cut rarely, not at every entry.
    if (this.#entries.length >= this.#limit * 2) this.#entries = this.#entries.slice(-this.#limit)
    for (const listener of this.#listeners) listener()
  }

  list(): Delivery[] {
    return this.#entries.slice(-this.#limit).map(({ delivery }) => delivery)
  }

  /** One that is kept, with what was sent. */
  find(id: number): { readonly delivery: Delivery; readonly sent: Sent } | undefined {
    return this.#entries.find(({ delivery }) => delivery.id === id)
  }

  get newest(): number {
    return this.#count
  }

  /** The id up to which none is kept any more. */
  get forgotten(): number {
    return this.#count - this.#entries.length
  }

  /** Those after an id, oldest first; undefined if some of them are not kept any more. */
  since(id: number): Delivery[] | undefined {
    if (!(id >= this.forgotten && id <= this.#count)) return undefined
    return this.#entries.slice(this.#entries.length - (this.#count - id)).map(({ delivery }) => delivery)
  }

  /** Calls back after each entry, and when the log is cleared; gives what ends that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  clear(): void {
    this.#entries = []
    this.#count += 1 // so that whoever reads live hears of it
    for (const listener of this.#listeners) listener()
  }
}

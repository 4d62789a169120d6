import type { DeliveryOutcome } from './delivery-result.ts'

/** One attempt to deliver a notification. */
export interface Delivery {
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

/** The latest deliveries, oldest first, in memory only. */
export class DeliveryLog {
  readonly #limit: number
  #entries: Delivery[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  add(delivery: Delivery): void {
    this.#entries.push(delivery)
    // Cut rarely, not at every entry.
    if (this.#entries.length >= this.#limit * 2) this.#entries = this.#entries.slice(-this.#limit)
  }

  list(): Delivery[] {
    return this.#entries.slice(-this.#limit)
  }

  clear(): void {
    this.#entries = []
  }
}

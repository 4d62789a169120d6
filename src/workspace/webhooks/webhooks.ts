import { ControlError } from '../control-error.ts'
import type { Store } from '../store/store.ts'
import { type Delivery, DeliveryLog } from './delivery-log.ts'
import { type DeliveryContext, Endpoint } from './endpoint.ts'
import { pingItem } from './envelope.ts'
import { NotificationQueue } from './queue.ts'
import { capPauses, replaceSubscriptions, subscriptionRows, writeSubscription } from './registry.ts'
import {
  checkRequest,
  type Subscription,
  type SubscriptionRequest,
  subscription,
  topicsOf,
} from './subscription.ts'

/** Limits, for tests. */
export interface WebhookLimits {
  /** How many notifications may wait; further ones are refused and counted. @default 10000 */
  readonly queue?: number | undefined
  /** How many deliveries the log keeps. @default 1000 */
  readonly log?: number | undefined
}

/** How often the workspace's clock is checked while something is waiting for it. */
const checkMs = 1_000
/** How long closing waits for deliveries, ms. */
const closingMs = 500

/**
 * The webhooks of a workspace (docs/intercom-api.md 6): subscriptions, queue and deliveries. Intercom's delays follow the
 * workspace's clock; call `wake` after moving it. Does not keep the process alive.
 */
export class WorkspaceWebhooks {
  readonly #store: Store
  readonly #queue: NotificationQueue
  readonly #context: DeliveryContext
  readonly #abort = new AbortController()
  readonly #endpoints = new Map<number, Endpoint>()
  readonly #subscribed = new Map<string, number[]>()
  #soon: NodeJS.Immediate | undefined
  #later: NodeJS.Timeout | undefined
  #lastCheck = 0

  /** @internal */
  constructor(store: Store, limits: WebhookLimits = {}) {
    this.#store = store
    this.#queue = new NotificationQueue(store, limits.queue ?? 10_000)
    this.#context = {
      store,
      queue: this.#queue,
      log: new DeliveryLog(limits.log ?? 1_000),
      closing: this.#abort.signal,
      fasterIsBusy: () => [...this.#endpoints.values()].some((endpoint) => !endpoint.slow && endpoint.busy),
      onIdle: (disabled) => {
        if (disabled) this.#read()
        else this.#checkLater()
      },
    }
    this.#capDelays(store.clock.now())
    this.#read()
  }

  get #closed(): boolean {
    return this.#abort.signal.aborted
  }

  /** Call it when the data was replaced, as by a restore: aborts what is in progress and restarts every endpoint. */
  reload(): void {
    for (const endpoint of this.#endpoints.values()) endpoint.leave()
    this.#endpoints.clear()
    this.#read()
  }

  /** Reads the subscriptions; known ones continue their deliveries. */
  #read(): void {
    if (this.#closed) return
    this.#queue.recount()
    const before = new Map(this.#endpoints)
    this.#endpoints.clear()
    this.#subscribed.clear()
    for (const row of subscriptionRows(this.#store)) {
      const endpoint = before.get(row.id) ?? new Endpoint(this.#context, row)
      endpoint.row = row
      before.delete(row.id)
      this.#endpoints.set(row.id, endpoint)
      if (row.active === 0) continue
      for (const topic of topicsOf(row)) {
        this.#subscribed.set(topic, [...(this.#subscribed.get(topic) ?? []), row.id])
      }
    }
    for (const gone of before.values()) gone.leave()
    this.#store.announcements = this.#subscribed.size === 0 ? undefined : this
    this.#wakeSoon()
  }

  /** After a reset: keeps the subscriptions, but neither the queue nor the log. */
  keep(): void {
    const rows = [...this.#endpoints.values()].map(({ row }) => row)
    this.#store.write(() => replaceSubscriptions(this.#store, rows))
    this.#context.log.clear()
    this.reload()
  }

  /** Saves an app's subscription and pings it. What is queued for it goes to the new URL. */
  save(request: SubscriptionRequest): Subscription {
    const checked = checkRequest(request)
    this.#store.write(() => {
      const id = writeSubscription(this.#store, checked)
      this.#queue.add(id, 'ping', JSON.stringify(pingItem))
    })
    this.#read()
    const saved = this.list().find(({ app }) => app === checked.app)
    if (saved === undefined) throw new Error(`The webhook of ${checked.app} was not saved`)
    return saved
  }

  /** Removes an app's subscription and what is queued for it; false if there is none. */
  remove(app = 'default'): boolean {
    const row = subscriptionRows(this.#store).find((one) => one.app === app)
    if (row === undefined) return false
    this.#store.write(() => {
      this.#queue.clear(row.id)
      this.#store.db.run('DELETE FROM webhook_subscriptions WHERE id = ?', row.id)
    })
    this.#read()
    return true
  }

  /** All subscriptions with their state. */
  list(): Subscription[] {
    const now = this.#store.clock.now()
    return subscriptionRows(this.#store).map((row) => {
      const slow = this.#endpoints.get(row.id)?.slow ?? false
      return subscription(row, { queued: this.#queue.length(row.id), slow }, now)
    })
  }

  /** The latest deliveries, oldest first; in memory only. */
  deliveries(): Delivery[] {
    return this.#context.log.list()
  }

  /** A delivery that is kept, with its body. Throws a `ControlError` where there is none of this id. */
  delivery(id: number): { readonly delivery: Delivery; readonly payload: object } {
    const { delivery, sent } = this.#kept(id)
    return { delivery, payload: JSON.parse(sent.body) as object }
  }

  /**
   * Sends the notification of a delivery once more, whatever came of it, to where its app listens now. Throws a
   * `ControlError` where that is nowhere.
   */
  sendAgain(id: number): void {
    const { delivery, sent } = this.#kept(id)
    const row = subscriptionRows(this.#store).find(({ app }) => app === delivery.app)
    if (row === undefined || row.active === 0)
      throw new ControlError(`The subscription of ${delivery.app} is gone or disabled; save it again first.`)
    this.#store.write(() => this.#queue.again({ ...sent.notification, subscription_id: row.id }))
    this.#wakeSoon()
  }

  #kept(id: number) {
    const kept = this.#context.log.find(id)
    if (kept === undefined) throw new ControlError(`There is no delivery ${id} in the log.`)
    return kept
  }

  /** @internal What is read live. */
  get log(): DeliveryLog {
    return this.#context.log
  }

  wants(topic: string): boolean {
    return this.#subscribed.has(topic)
  }

  add(topic: string, item: object): void {
    const text = JSON.stringify(item)
    for (const id of this.#subscribed.get(topic) ?? []) this.#queue.add(id, topic, text)
    this.#wakeSoon()
  }

  /** Writes are synchronous: by then the current one is committed or rolled back, with its notifications. */
  #wakeSoon(): void {
    if (this.#closed) return
    this.#soon ??= setImmediate(() => this.wake()).unref()
  }

  /** Sends what is due; call it after moving the workspace's clock. */
  wake(): void {
    if (this.#closed) return
    clearImmediate(this.#soon)
    clearTimeout(this.#later)
    this.#soon = undefined
    this.#later = undefined
    const now = this.#store.clock.now()
    if (now < this.#lastCheck) {
      this.#capDelays(now)
      this.#read()
    }
    this.#lastCheck = now
    for (const endpoint of this.#endpoints.values()) endpoint.wake()
    this.#checkLater()
  }

  /** After the clock was set back, even between two runs, nothing waits longer than Intercom's longest delay. */
  #capDelays(now: number): void {
    this.#store.write(() => {
      this.#queue.capDelays(now)
      capPauses(this.#store, now)
    })
  }

  #checkLater(): void {
    if (this.#closed || this.#later !== undefined) return
    const times = [...this.#endpoints.values()].flatMap((endpoint) => endpoint.nextDue() ?? [])
    if (times.length === 0) return
    const wait = Math.min(...times) - this.#store.clock.now()
    this.#later = setTimeout(() => this.wake(), Math.min(Math.max(wait, 0), checkMs)).unref()
  }

  /** For tests: resolves once nothing is in progress or due. */
  async settled(): Promise<void> {
    // Deliveries do not keep the process alive, but a caller that awaits them must.
    const alive = setInterval(() => undefined, checkMs)
    try {
      while (!this.#closed) {
        this.wake()
        const working = [...this.#endpoints.values()].flatMap((endpoint) => endpoint.working ?? [])
        if (working.length === 0) return
        await Promise.all(working)
      }
    } finally {
      clearInterval(alive)
    }
  }

  /** Waits briefly for what is due, then aborts it; undelivered notifications stay in the data file. */
  async close(): Promise<void> {
    if (this.#closed) return
    let timer: NodeJS.Timeout | undefined
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, closingMs)
    })
    await Promise.race([this.settled(), enough])
    clearTimeout(timer)
    clearImmediate(this.#soon)
    clearTimeout(this.#later)
    this.#store.announcements = undefined
    this.#abort.abort()
    await Promise.all([...this.#endpoints.values()].map((endpoint) => endpoint.working))
  }
}

import type { Announcements } from '../store/announcements.ts'
import type { Store } from '../store/store.ts'
import { type Delivery, DeliveryLog } from './delivery-log.ts'
import { Endpoint, type Postroom } from './endpoint.ts'
import { pingItem } from './envelope.ts'
import { NotificationQueue } from './queue.ts'
import { bringPausesNear, replaceSubscriptions, subscriptionRows, writeSubscription } from './registry.ts'
import {
  checkRequest,
  type Subscription,
  type SubscriptionRequest,
  subscription,
  topicsOf,
} from './subscription.ts'

/** What tests may change. */
export interface WebhookLimits {
  /** How long an endpoint may take to answer, in machine time (docs/intercom-api.md 6). @default 5000 */
  readonly timeoutMs?: number | undefined
  /** How many notifications may wait; further ones are refused and counted. @default 10000 */
  readonly queue?: number | undefined
  /** How many deliveries the log remembers. @default 1000 */
  readonly log?: number | undefined
}

/** While something waits for a moment of the workspace's clock, the clock is looked at this often. */
const lookMs = 1_000
/** How long closing waits for deliveries. */
const closingMs = 500

/**
 * The webhooks of one workspace (docs/intercom-api.md 6): its subscriptions, the queue and the deliveries.
 * Times that Intercom promises are read from the workspace's clock; call `wake` after moving it. Nothing here
 * keeps the process alive.
 */
export class Webhooks implements Announcements {
  readonly #store: Store
  readonly #queue: NotificationQueue
  readonly #room: Postroom
  readonly #abort = new AbortController()
  readonly #endpoints = new Map<number, Endpoint>()
  readonly #wanted = new Map<string, number[]>()
  #soon: NodeJS.Immediate | undefined
  #later: NodeJS.Timeout | undefined
  #lastLook = 0

  constructor(store: Store, limits: WebhookLimits = {}) {
    this.#store = store
    this.#queue = new NotificationQueue(store, limits.queue ?? 10_000)
    this.#room = {
      store,
      queue: this.#queue,
      log: new DeliveryLog(limits.log ?? 1_000),
      timeoutMs: limits.timeoutMs ?? 5_000,
      closing: this.#abort.signal,
      fasterAtWork: () => [...this.#endpoints.values()].some((endpoint) => !endpoint.slow && endpoint.busy),
      onIdle: (disabled) => {
        if (disabled) this.#read()
        else this.#lookLater()
      },
    }
    this.#bringNear(store.clock.now())
    this.#read()
  }

  get #closed(): boolean {
    return this.#abort.signal.aborted
  }

  /**
   * To be called when the data was replaced underneath, as by a restore: what is under way belongs to data that
   * are gone, so it is cut off, and every endpoint begins anew.
   */
  reload(): void {
    for (const endpoint of this.#endpoints.values()) endpoint.leave()
    this.#endpoints.clear()
    this.#read()
  }

  /** Reads the subscriptions; those known already keep their work. */
  #read(): void {
    if (this.#closed) return
    this.#queue.recount()
    const before = new Map(this.#endpoints)
    this.#endpoints.clear()
    this.#wanted.clear()
    for (const row of subscriptionRows(this.#store)) {
      const endpoint = before.get(row.id) ?? new Endpoint(this.#room, row)
      endpoint.row = row
      before.delete(row.id)
      this.#endpoints.set(row.id, endpoint)
      if (row.active === 0) continue
      for (const topic of topicsOf(row)) {
        this.#wanted.set(topic, [...(this.#wanted.get(topic) ?? []), row.id])
      }
    }
    for (const gone of before.values()) gone.leave()
    this.#store.announcements = this.#wanted.size === 0 ? undefined : this
    this.#wakeSoon()
  }

  /** After the data was replaced by fresh data: subscriptions outlive that, what waited and the log do not. */
  keep(): void {
    const rows = [...this.#endpoints.values()].map(({ row }) => row)
    this.#store.write(() => replaceSubscriptions(this.#store, rows))
    this.#room.log.clear()
    this.reload()
  }

  /** Makes or replaces an app's subscription, and pings it. What waits for it goes to the new URL. */
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

  /** Removes an app's subscription and what waits for it; false when there is none. */
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

  /** All subscriptions, with how they fare. */
  list(): Subscription[] {
    const now = this.#store.clock.now()
    return subscriptionRows(this.#store).map((row) => {
      const slow = this.#endpoints.get(row.id)?.slow ?? false
      return subscription(row, { queued: this.#queue.length(row.id), slow }, now)
    })
  }

  /** The latest deliveries, oldest first; in memory only. */
  deliveries(): Delivery[] {
    return this.#room.log.list()
  }

  wants(topic: string): boolean {
    return this.#wanted.has(topic)
  }

  add(topic: string, item: object): void {
    const text = JSON.stringify(item)
    for (const id of this.#wanted.get(topic) ?? []) this.#queue.add(id, topic, text)
    this.#wakeSoon()
  }

  /** A write is synchronous: by then the running one was committed or undone, and its notifications with it. */
  #wakeSoon(): void {
    if (this.#closed) return
    this.#soon ??= setImmediate(() => this.wake()).unref()
  }

  /** Sends what is due; to be called after the workspace's clock was moved. */
  wake(): void {
    if (this.#closed) return
    clearImmediate(this.#soon)
    clearTimeout(this.#later)
    this.#soon = undefined
    this.#later = undefined
    const now = this.#store.clock.now()
    if (now < this.#lastLook) {
      this.#bringNear(now)
      this.#read()
    }
    this.#lastLook = now
    for (const endpoint of this.#endpoints.values()) endpoint.wake()
    this.#lookLater()
  }

  /** After a clock went back, also between two runs, nothing waits longer than Intercom would let it. */
  #bringNear(now: number): void {
    this.#store.write(() => {
      this.#queue.bringNear(now)
      bringPausesNear(this.#store, now)
    })
  }

  #lookLater(): void {
    if (this.#closed || this.#later !== undefined) return
    const times = [...this.#endpoints.values()].flatMap((endpoint) => endpoint.nextDue() ?? [])
    if (times.length === 0) return
    const wait = Math.min(...times) - this.#store.clock.now()
    this.#later = setTimeout(() => this.wake(), Math.min(Math.max(wait, 0), lookMs)).unref()
  }

  /** Resolves once nothing is under way and nothing more is due now: for tests. */
  async settled(): Promise<void> {
    // Deliveries do not keep the process alive, but who waits for them wants it to live.
    const alive = setInterval(() => undefined, lookMs)
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

  /** Waits briefly for what is due, then cuts it off; what was not delivered stays in the data file. */
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

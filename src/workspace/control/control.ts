import type { MovableClock } from '../clock.ts'
import type { FaultRule } from '../faults/fault.ts'
import type { ActiveFault } from '../faults/rules.ts'
import type { RateLimit, RateLimitSettings, RateWindow } from '../http/rate-limit.ts'
import { Mistake } from '../mistake.ts'
import type { Rewrite, Rewriting } from '../rewrite.ts'
import { type SeedSize, seedWorkspace } from '../seed/index.ts'
import { contactsOf } from '../seed/size.ts'
import type { Service } from '../service.ts'
import { fillFresh, isEmpty } from '../store/fresh.ts'
import type { Store } from '../store/store.ts'
import { wakeSnoozed } from '../threads/wake.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'
import { ClockControl } from './clock.ts'
import * as input from './input.ts'
import { outbox, type SentMessage } from './outbox.ts'
import type { LoggedRequest } from './request-log.ts'
import { SearchLag } from './search-lag.ts'
import { Snapshots } from './snapshots.ts'
import { createToken, revokeToken, type Token, type TokenRequest } from './tokens.ts'

/** The parts of a workspace that can be controlled, and how it was made. */
export interface Controlled {
  readonly store: Store
  readonly clock: MovableClock
  readonly rates: RateLimit
  readonly rewriting: Rewriting
  readonly service: Service
  readonly webhooks: Webhooks
  readonly data: string | undefined
  readonly accessToken: string
  /** What it was filled with when it was made. */
  readonly seed: SeedSize
}

/**
 * What tests and tools do to a workspace from outside Intercom's API; `/_workspace/…` does the same over HTTP.
 * Whatever is asked for wrongly is a Mistake (a RangeError) or a ZodError that says what would be right.
 */
export class Control {
  readonly clock: ClockControl
  readonly #parts: Controlled
  readonly #snapshots: Snapshots
  readonly #lag: SearchLag

  constructor(parts: Controlled) {
    this.#parts = parts
    this.#snapshots = new Snapshots(parts.store, parts.data)
    this.#lag = new SearchLag(parts.store, parts.data)
    this.clock = new ClockControl(parts.clock, () => this.#wake())
  }

  /**
   * Back to how the workspace was made, seed included, or with another seed. Faults, lag, clock, rate limits,
   * rewriting and the request log start anew; the access token, webhook subscriptions and snapshots stay. When it fails, everything is as before.
   */
  reset(options: { seed?: SeedSize | undefined } = {}): void {
    const { store, clock, rates, rewriting, service, webhooks, accessToken } = this.#parts
    const { seed = this.#parts.seed } = options
    contactsOf(seed)
    const turnBack = clock.reset()
    const refill = () =>
      store.refill(() => {
        fillFresh(store, accessToken)
        if (seed !== 'empty') seedWorkspace(store, seed)
        webhooks.keep()
      })
    try {
      this.#lag.whole(refill, 0)
    } catch (error) {
      turnBack()
      webhooks.reload()
      throw error
    }
    service.release()
    service.rules.clear()
    service.log.clear()
    service.log.tokensChanged()
    rates.set()
    rewriting.kinds = []
  }

  /** Fills a workspace that holds neither contacts nor tags with demo data. */
  seed(size: SeedSize): void {
    const { store } = this.#parts
    contactsOf(size)
    if (!isEmpty(store)) throw new Mistake('The workspace is not empty; reset it with this seed instead.')
    this.#lag.whole(() => store.write(() => seedWorkspace(store, size)))
  }

  /** Keeps a copy of all data, tokens and subscriptions included, under a name. */
  snapshot(name: string): void {
    this.#snapshots.take(input.snapshotName.parse(name))
  }

  /** Puts all data back as it was; clock, faults, lag and limits stay as they are. */
  restore(name: string): void {
    this.#lag.whole(() => this.#snapshots.restore(input.snapshotName.parse(name)))
    this.#parts.webhooks.reload()
    this.#parts.service.log.tokensChanged()
  }

  snapshots(): string[] {
    return this.#snapshots.names()
  }

  /** Forgets a snapshot; whether there was one. */
  dropSnapshot(name: string): boolean {
    return this.#snapshots.drop(input.snapshotName.parse(name))
  }

  createToken(request: TokenRequest = {}): Token {
    const made = createToken(this.#parts.store, input.token.parse(request))
    this.#parts.service.log.tokensChanged()
    return made
  }

  /** Whether there was such a token. */
  revokeToken(accessToken: string): boolean {
    return revokeToken(this.#parts.store, input.accessToken.parse(accessToken))
  }

  /** Lets requests go wrong; see the table of kinds in README.md. */
  addFault(rule: FaultRule): ActiveFault {
    return this.#parts.service.rules.add(rule)
  }

  faults(): ActiveFault[] {
    return this.#parts.service.rules.list()
  }

  /** Takes one rule away, or all, and tells how many; what they hold already stays held. */
  clearFaults(id?: number): number {
    return this.#parts.service.rules.clear(input.faultId.parse(id))
  }

  /** Seconds of {@link setSearchLag}. */
  get searchLag(): number {
    return this.#lag.seconds
  }

  /**
   * Searches and GET /contacts show every write so late, messages reach new contacts so late
   * (docs/intercom-api.md 1.9). Makes a copy of all data, in a file beside it where it is in one; what exists
   * is visible at once.
   */
  setSearchLag(seconds: number): void {
    this.#lag.set(input.lag.parse(seconds))
  }

  get rateLimit(): RateLimitSettings {
    return this.#parts.rates.settings
  }

  /** Changes the limits and begins a full window; without any, goes back to the first ones. */
  setRateLimit(changes?: input.RateLimitRequest): void {
    this.#parts.rates.set(changes && input.limits.parse(changes))
  }

  /** The latest windows in which somebody called, newest first, the running one included; 1,000 are kept. */
  rateWindows(limit = 100): RateWindow[] {
    return this.#parts.rates.windows(input.entries.parse(limit))
  }

  get rewrite(): readonly Rewrite[] {
    return this.#parts.rewriting.kinds
  }

  /** Rewrites the bodies of replies, notes and messages from now on; `[]` ends that. */
  setRewrite(kinds: readonly Rewrite[]): void {
    this.#parts.rewriting.kinds = input.rewriting.parse(kinds)
  }

  /** The latest requests to Intercom's paths, newest first; 1,000 are kept, without tokens. */
  requests(limit = 100): LoggedRequest[] {
    return this.#parts.service.log.latest(input.entries.parse(limit))
  }

  clearRequests(): void {
    this.#parts.service.log.clear()
  }

  /** What admins sent lately, newest first, as the people it went to see it. */
  outbox(limit = 100): SentMessage[] {
    return outbox(this.#parts.store, input.entries.parse(limit))
  }

  /** Frees what only the control holds. */
  close(): void {
    this.#parts.service.release()
    this.#snapshots.close()
    this.#lag.set(0)
  }

  #wake(): void {
    wakeSnoozed(this.#parts.store)
    this.#parts.webhooks.wake()
  }
}

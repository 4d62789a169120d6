import type { MovableClock } from '../clock.ts'
import { ControlError } from '../control-error.ts'
import type { FaultRule } from '../faults/fault.ts'
import type { ActiveFault } from '../faults/rules.ts'
import { exportFixture } from '../fixtures/export.ts'
import { loadFixture } from '../fixtures/load.ts'
import type { Fixture } from '../fixtures/schema.ts'
import { objectSource, type Source, textSource } from '../fixtures/source.ts'
import type { NumberedLog } from '../history/live.ts'
import type { RateLimitSettings, RateLimitWindows, RateWindow } from '../http/rate-limit.ts'
import type { Rewrite, Rewriting } from '../rewrite.ts'
import { type SeedSize, seedWorkspace } from '../seed/index.ts'
import { contactsOf } from '../seed/size.ts'
import type { Service } from '../service.ts'
import { fillFresh, isEmpty } from '../store/fresh.ts'
import type { Store } from '../store/store.ts'
import { insertVisitor } from '../store/visitors.ts'
import { wakeSnoozed } from '../threads/wake.ts'
import type { WorkspaceWebhooks } from '../webhooks/webhooks.ts'
import { ClockControl } from './clock.ts'
import { HistoryControl } from './history.ts'
import * as input from './input.ts'
import {
  answerInMessenger,
  type Messenger,
  type MessengerPlace,
  type MessengerThread,
  messenger,
  messengerThread,
} from './messenger.ts'
import { outbox, type SentMessage } from './outbox.ts'
import type { LoggedRequest } from './request-log.ts'
import { SearchLag } from './search-lag.ts'
import { Snapshots } from './snapshots.ts'
import { type AccessToken, createToken, revokeToken, type TokenRequest } from './tokens.ts'

/** Whatever is known of a visitor. */
export interface VisitorRequest {
  readonly user_id?: string | undefined
  readonly name?: string | undefined
  readonly email?: string | undefined
}

/** The parts of a workspace that are controlled, and how it was created. */
export interface Controlled {
  readonly store: Store
  readonly clock: MovableClock
  readonly rates: RateLimitWindows
  readonly rewriting: Rewriting
  readonly service: Service
  readonly webhooks: WorkspaceWebhooks
  readonly data: string | undefined
  readonly accessToken: string
  /** The seed it was created with. */
  readonly seed: SeedSize
  /** Reads the fixture that it was created with, as it is now. */
  readonly readFixture?: (() => Source) | undefined
}

/**
 * Controls a workspace from outside Intercom's API; `/_workspace/…` does the same over HTTP. Invalid arguments throw a
 * {@link ControlError} that says what is valid.
 */
export class Control extends HistoryControl {
  readonly clock: ClockControl
  readonly #parts: Controlled
  readonly #snapshots: Snapshots
  readonly #lag: SearchLag
  /** @internal */
  constructor(parts: Controlled) {
    const lag = new SearchLag(parts.store, parts.data)
    super(parts.store, (work) => lag.whole(work))
    this.#parts = parts
    this.#snapshots = new Snapshots(parts.store, parts.data)
    this.#lag = lag
    this.clock = new ClockControl(parts.clock, () => this.#wake())
  }

  /**
   * Restores the workspace to how it was created, or to another seed or fixture (a text is YAML or JSON); a fixture file is read again. Faults,
   * search lag, clock, rate limits, rewriting and the request log are reset; the access token, webhook subscriptions and
   * snapshots stay. If it fails, nothing changes.
   */
  reset(options: { seed?: SeedSize | undefined; fixtures?: Fixture | string | undefined } = {}): void {
    const { store, clock, rates, rewriting, service, webhooks, accessToken } = this.#parts
    const { seed = this.#parts.seed, fixtures } = options
    contactsOf(seed)
    if (fixtures !== undefined && options.seed !== undefined)
      throw new ControlError('Give either seed or fixtures.')
    const source = this.#sourceOf(options)
    const turnBack = clock.reset()
    const refill = () =>
      store.refill(() => {
        fillFresh(store, accessToken)
        if (source !== undefined) loadFixture(store, source)
        else if (seed !== 'empty') seedWorkspace(store, seed)
        webhooks.keep()
      })
    try {
      store.history.whole('reset', () => this.#lag.whole(refill, 0))
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

  /** The fixture to reset to, if not to a seed. */
  #sourceOf({
    seed,
    fixtures,
  }: {
    seed?: unknown
    fixtures?: Fixture | string | undefined
  }): Source | undefined {
    if (typeof fixtures === 'string') return textSource(fixtures)
    if (fixtures !== undefined) return objectSource(fixtures)
    return seed === undefined ? this.#parts.readFixture?.() : undefined
  }

  /** The present state as a fixture: loading it gives the state again (docs/fixtures.md says what is left out). */
  export(): Fixture {
    const { now, offset, frozen } = this.clock.get()
    const fixture = exportFixture(this.#parts.store)
    return offset === 0 && !frozen ? fixture : { ...fixture, app: { ...fixture.app, now } }
  }

  /** Fills a workspace without contacts and tags with demo data. */
  seed(size: SeedSize): void {
    const { store } = this.#parts
    contactsOf(size)
    if (!isEmpty(store))
      throw new ControlError('The workspace is not empty; reset it with this seed instead.')
    const fill = () => store.write(() => seedWorkspace(store, size))
    store.history.whole('seed', () => this.#lag.whole(fill))
  }

  /** Copies all data, tokens and subscriptions included, under a name. */
  snapshot(name: string): void {
    this.#snapshots.take(input.validated(input.snapshotName, name))
  }

  /** Restores all data; clock, faults, search lag and limits do not change. */
  restore(name: string): void {
    const restore = () => this.#snapshots.restore(input.validated(input.snapshotName, name))
    this.#parts.store.history.whole('restore', () => this.#lag.whole(restore), true)
    this.#parts.webhooks.reload()
    this.#parts.service.log.tokensChanged()
  }

  snapshots(): string[] {
    return this.#snapshots.names()
  }

  /** Deletes a snapshot; false if there is none. */
  dropSnapshot(name: string): boolean {
    return this.#snapshots.drop(input.validated(input.snapshotName, name))
  }

  createToken(request: TokenRequest = {}): AccessToken {
    const made = createToken(this.#parts.store, input.validated(input.token, request))
    this.#parts.service.log.tokensChanged()
    return made
  }

  /** Lets somebody open the Messenger, which is where visitors come from; `user_id` is made when it is not given. */
  createVisitor(given: VisitorRequest = {}): { id: string; user_id: string } {
    const { user_id, ...rest } = input.validated(input.visitor, given)
    const { store } = this.#parts
    const { id, external_id } = store.write(() => insertVisitor(store, { ...rest, external_id: user_id }))
    return { id, user_id: external_id }
  }

  /** False if there is no such token. */
  revokeToken(accessToken: string): boolean {
    return revokeToken(this.#parts.store, input.validated(input.accessToken, accessToken))
  }

  /** Injects a fault into matching requests; docs/workspace.md lists the kinds. */
  addFault(rule: FaultRule): ActiveFault {
    return this.#parts.service.rules.add(rule)
  }

  faults(): ActiveFault[] {
    return this.#parts.service.rules.list()
  }

  /** Removes one rule or all and returns how many; connections that they already hold stay held. */
  clearFaults(id?: number): number {
    return this.#parts.service.rules.clear(input.validated(input.faultId, id))
  }

  /** Seconds, set by {@link setSearchLag}. */
  get searchLag(): number {
    return this.#lag.seconds
  }

  /**
   * Searches and `GET /contacts` show every write this much later, and messages reach new contacts this much later
   * (docs/intercom-api.md 1.9). Copies all data, into a file beside the data file if there is one; existing data is
   * visible at once.
   */
  setSearchLag(seconds: number): void {
    this.#lag.set(input.validated(input.lag, seconds))
  }

  get rateLimit(): RateLimitSettings {
    return this.#parts.rates.settings
  }

  /** Changes the limits and starts a full window; without changes, restores the initial limits. */
  setRateLimit(changes?: input.RateLimitRequest): void {
    this.#parts.rates.set(changes && input.validated(input.limits, changes))
  }

  /** The latest windows with calls, newest first, the current one included; 1,000 are kept. */
  rateWindows(limit = 100): RateWindow[] {
    return this.#parts.rates.windows(input.validated(input.entries, limit))
  }

  get rewrite(): readonly Rewrite[] {
    return this.#parts.rewriting.kinds
  }

  /** Rewrites the bodies of replies, notes and messages from now on; `[]` stops that. */
  setRewrite(kinds: readonly Rewrite[]): void {
    this.#parts.rewriting.kinds = input.validated(input.rewriting, kinds)
  }

  /** The latest requests to Intercom's API, newest first; 1,000 are kept, without tokens. */
  requests(limit = 100): LoggedRequest[] {
    return this.#parts.service.log.latest(input.validated(input.entries, limit))
  }

  /** @internal What is read live. */
  get requestLog(): NumberedLog<LoggedRequest> {
    return this.#parts.service.log
  }

  clearRequests(): void {
    this.#parts.service.log.clear()
  }

  /** The latest messages and replies of admins, newest first, as their recipients see them. */
  outbox(limit = 100): SentMessage[] {
    return outbox(this.#parts.store, input.validated(input.entries, limit))
  }

  /** What a customer sees in the Messenger: their conversations, unanswered messages and tickets, the newest said first. */
  messenger(contactId: string, limit = 100): Messenger {
    return messenger(this.#parts.store, contactId, input.validated(input.entries, limit))
  }

  /** A conversation as its customer sees it, a message of an admin that they have not answered, or a ticket. */
  messengerThread(contactId: string, which: MessengerPlace): MessengerThread {
    return messengerThread(this.#parts.store, contactId, which)
  }

  /**
   * The customer answers an admin's message that has no conversation yet, which no operation of Intercom's API does;
   * gives the id of the conversation that it has now.
   */
  answerInMessenger(contactId: string, messageId: string, body: string): string {
    const asked = input.validated(input.messengerAnswer, { contact: contactId, message: messageId, body })
    return answerInMessenger(this.#parts.store, asked.contact, asked.message, asked.body)
  }

  /** Frees what only the control API holds. */
  override close(): void {
    super.close()
    this.#parts.service.release()
    this.#snapshots.close()
    this.#lag.set(0)
  }

  #wake(): void {
    wakeSnoozed(this.#parts.store)
    this.#parts.webhooks.wake()
  }
}

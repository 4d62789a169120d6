import { MovableClock } from './clock.ts'
import { Control } from './control/control.ts'
import { buildControl } from './control/http.ts'
import { RequestLog } from './control/request-log.ts'
import { firstToken, fixToken, tokensOf } from './control/tokens.ts'
import {
  type DispatchController,
  type DispatchHandler,
  type DispatchOptions,
  dispatcherOf,
  type WorkspaceDispatcher,
} from './dispatcher.ts'
import { FaultRules } from './faults/rules.ts'
import { memoryWire, type Wire } from './faults/wire.ts'
import { loadFixture } from './fixtures/load.ts'
import { fileSource, objectSource } from './fixtures/source.ts'
import { bodyText, buildAnswer, type Incoming } from './http/answer.ts'
import { RateLimitWindows } from './http/rate-limit.ts'
import { buildRouter } from './http/router.ts'
import { type Listening, listen } from './listen.ts'
import { checked, checkedPort, type WorkspaceOptions } from './options.ts'
import { Rewriting } from './rewrite.ts'
import { routes } from './routes/all.ts'
import { seedWorkspace } from './seed/index.ts'
import { Service } from './service.ts'
import { fillFresh, isEmpty } from './store/fresh.ts'
import { fillKnowledge } from './store/knowledge.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/store.ts'
import { fillTicketStates } from './store/ticket-types.ts'
import { wakeSnoozed } from './threads/wake.ts'
import type { SubscriptionRequest } from './webhooks/subscription.ts'
import { WorkspaceWebhooks } from './webhooks/webhooks.ts'

export type { ClockControl, ClockState } from './control/clock.ts'
export type { Control, VisitorRequest } from './control/control.ts'
export type { HistoryControl } from './control/history.ts'
export type { RateLimitRequest } from './control/input.ts'
export type {
  Messenger,
  MessengerConversation,
  MessengerMessage,
  MessengerPlace,
  MessengerThread,
} from './control/messenger.ts'
export type { SentMessage } from './control/outbox.ts'
export type { LoggedRequest } from './control/request-log.ts'
export type { AccessToken, TokenRequest } from './control/tokens.ts'
export { ControlError } from './control-error.ts'
export type { FaultRule } from './faults/fault.ts'
export type { ActiveFault } from './faults/rules.ts'
export { exportData, fixtureText } from './fixtures/data-file.ts'
export { FixtureError, type FixtureProblem } from './fixtures/problems.ts'
export type { Fixture } from './fixtures/schema.ts'
export { type ExpectedChange, expectChanges } from './history/expect.ts'
export { readChanges } from './history/file.ts'
export type { Author } from './history/log.ts'
export type { EntityChange, FieldChange } from './history/read.ts'
export type { Change, ChangeList, ChangesQuery, Checkpoint, Rewound } from './history/time-machine.ts'
export type { Scope } from './http/authenticate.ts'
export type { ForeignConsumer } from './http/foreign.ts'
export type { RateLimitSettings, RateWindow } from './http/rate-limit.ts'
export type { HubApp } from './hub/app.ts'
export type { HostName } from './hub/hosts.ts'
export {
  createDeveloperHub,
  type DeveloperHub,
  type DeveloperHubOptions,
  type HubWorkspace,
} from './hub/hub.ts'
export type { WorkspaceOptions } from './options.ts'
export type { Rewrite } from './rewrite.ts'
export type { SeedSize } from './seed/size.ts'
export type { Delivery } from './webhooks/delivery-log.ts'
export type { DeliveryOutcome } from './webhooks/delivery-result.ts'
export type { Subscription, SubscriptionRequest } from './webhooks/subscription.ts'
export type { WorkspaceWebhooks } from './webhooks/webhooks.ts'
export type { DispatchController, DispatchHandler, DispatchOptions, WorkspaceDispatcher }

/** A running local Intercom. */
export interface Workspace {
  /** The bearer token of the workspace's first admin; generated with the workspace and kept with its data. */
  readonly accessToken: string
  /** Webhook subscriptions and deliveries. */
  readonly webhooks: WorkspaceWebhooks
  /** Faults, clock, snapshots, limits and logs: controls the workspace from outside Intercom's API. */
  readonly control: Control
  /** Answers a request in memory, without a port. */
  fetch(request: Request): Promise<Response>
  /**
   * The same for a client, so that a test needs no port: `createIntercom({ accessToken, dispatcher })`. Faults break
   * its connections as they do on a port.
   */
  readonly dispatcher: WorkspaceDispatcher
  /** Opens a port on 127.0.0.1. @default any free port */
  listen(options?: {
    port?: number | undefined
  }): Promise<{ url: string; accessToken: string; close: () => Promise<void> }>
  /** Closes every port, waits at most half a second for due webhooks, and closes the data. */
  close(): Promise<void>
}

/** Creates or opens a local Intercom: Intercom's REST API 2.12 on a real database. */
export async function createWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  const { data, seed = 'empty', fixtures, webhooks, adminKey, rateLimit, history } = checked(options)
  const readFixture =
    typeof fixtures === 'string' ? await fileSource(fixtures) : fixtures && (() => objectSource(fixtures))
  const clock = new MovableClock()
  const store = openStore(data, clock)
  let isSeeded = false
  try {
    store.write(() => {
      const isNew = store.db.number('SELECT count(*) FROM app') === 0
      if (isNew) fillFresh(store, options.accessToken)
      if (isNew && readFixture !== undefined) loadFixture(store, readFixture())
      // A file from before help centers were emulated.
      if (store.db.number('SELECT count(*) FROM help_centers') === 0)
        fillKnowledge(store, store.app.created_at)
      // From before tickets had states of their own.
      if (store.db.number('SELECT count(*) FROM ticket_states') === 0) fillTicketStates(store)
      if (seed !== 'empty' && isEmpty(store)) {
        seedWorkspace(store, seed, options.onSeedProgress)
        isSeeded = !isNew
      }
      if (options.accessToken !== undefined) fixToken(store, options.accessToken)
    })
  } catch (error) {
    store.db.close()
    throw error
  }
  const accessToken = options.accessToken ?? firstToken(store)
  const hooks = openWebhooks(store, webhooks)
  if (history === false) store.history.stop()
  else store.history.start(typeof history === 'object' ? history : {})
  // What it held before does not lead to what it holds now.
  if (isSeeded) store.history.whole('seed', () => {})
  const find = buildRouter(routes)
  const rates = new RateLimitWindows(clock.server, store.app.id_code, rateLimit)
  const rewriting = new Rewriting()
  const service: Service = new Service(
    buildAnswer(store, routes, {
      find,
      rates,
      server: clock.server,
      rewrite: (html) => rewriting.apply(html),
      onError: (error) => service.recordError(error),
    }),
    (incoming) => answerControl(incoming),
    new FaultRules(find),
    new RequestLog(find, () => tokensOf(store), options.onRequest),
  )
  const parts = {
    store,
    clock,
    rates,
    rewriting,
    service,
    webhooks: hooks,
    data,
    accessToken,
    seed,
    readFixture,
  }
  const control = new Control(parts)
  const answerControl = buildControl({ control, webhooks: hooks }, adminKey, (error) =>
    service.recordError(error),
  )
  // Snoozes end without any request, so that webhooks are sent.
  const ticking = setInterval(() => wakeSnoozed(store), 1_000).unref()
  const ports = new Set<Listening>()
  let closed = false
  const checkOpen = () => {
    if (closed) throw new Error('The workspace is closed.')
  }
  async function fetch(request: Request): Promise<Response> {
    checkOpen()
    const { pathname, search } = new URL(request.url)
    const fault = service.pick(request.method, `${pathname}${search}`)
    const incoming = await incomingOf(request)
    checkOpen()
    if (fault === undefined) {
      const { status, headers, body, live } = service.answer(incoming)
      if (live !== undefined) return streamed(request, live)
      return new Response(body === '' ? null : body, { status, headers })
    }
    const { wire, response } = memoryWire(request.signal)
    service.inject(fault, incoming, wire)
    return response
  }
  return {
    accessToken,
    webhooks: hooks,
    control,
    fetch,
    dispatcher: dispatcherOf(fetch, () => !closed),
    listen: async ({ port = 0 } = {}) => {
      checkOpen()
      const listening = await listen(service, checkedPort(port))
      ports.add(listening)
      const close = async () => {
        ports.delete(listening)
        await listening.close()
      }
      return { url: listening.url, accessToken, close }
    },
    close: async () => {
      closed = true
      clearInterval(ticking)
      control.close()
      await Promise.all([...ports].map((port) => port.close()))
      ports.clear()
      await hooks.close()
      store.db.close()
    },
  }
}

function streamed(request: Request, live: (wire: Wire) => void): Promise<Response> {
  const { wire, response } = memoryWire(request.signal)
  live(wire)
  return response
}

async function incomingOf(request: Request): Promise<Incoming> {
  const url = new URL(request.url)
  const bytes = await request.arrayBuffer()
  return {
    method: request.method,
    origin: url.origin,
    target: `${url.pathname}${url.search}`,
    header: (name) => request.headers.get(name) ?? undefined,
    body: bodyText(Buffer.from(bytes)),
  }
}

/** An invalid webhook must not leave the data open. */
function openWebhooks(store: Store, request: SubscriptionRequest | undefined): WorkspaceWebhooks {
  try {
    const webhooks = new WorkspaceWebhooks(store)
    if (request !== undefined) webhooks.save(request)
    return webhooks
  } catch (error) {
    store.db.close()
    throw error
  }
}

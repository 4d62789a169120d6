import { MovableClock } from './clock.ts'
import { Control } from './control/control.ts'
import { buildControl } from './control/http.ts'
import { limits, type RateLimitRequest } from './control/input.ts'
import { RequestLog } from './control/request-log.ts'
import { firstToken, tokensOf } from './control/tokens.ts'
import { dispatcherOf, type WorkspaceDispatcher } from './dispatcher.ts'
import { FaultRules } from './faults/rules.ts'
import { memoryWire } from './faults/wire.ts'
import { bodyText, buildAnswer, type Incoming } from './http/answer.ts'
import { RateLimit } from './http/rate-limit.ts'
import { buildRouter } from './http/router.ts'
import { type Listening, listen } from './listen.ts'
import { Rewriting } from './rewrite.ts'
import { routes } from './routes/all.ts'
import { seedWorkspace } from './seed/index.ts'
import { contactsOf } from './seed/size.ts'
import { Service } from './service.ts'
import { fillFresh, isEmpty } from './store/fresh.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/store.ts'
import { wakeSnoozed } from './threads/wake.ts'
import type { SubscriptionRequest } from './webhooks/subscription.ts'
import { Webhooks } from './webhooks/webhooks.ts'

export type { Control } from './control/control.ts'
export type { FaultRule } from './faults/fault.ts'

/** What a new workspace holds, and where it is kept. */
export interface WorkspaceOptions {
  /** A file that keeps everything across restarts; made when it is absent. Without it the data is in memory. */
  data?: string | undefined
  /**
   * What an empty workspace is filled with; one that already holds contacts or tags is left as it is.
   * `small` is 200 contacts and 300 conversations, `large` 20,000 contacts, a number N is N contacts.
   * @default 'empty'
   */
  seed?: 'empty' | 'small' | 'large' | number | undefined
  /** Hears how much of the seed is done, from 0 to 1; a million contacts take minutes. */
  onSeedProgress?: ((share: number) => void) | undefined
  /** A webhook to subscribe, as the Developer Hub would; it is pinged at once, and kept with the data. */
  webhooks?: SubscriptionRequest | undefined
  /** Switches on `/_workspace/…`, the same as {@link Workspace.control} over HTTP, for whoever sends this key. */
  adminKey?: string | undefined
  /**
   * Calls of one app in ten seconds before it is told 429; `false` tells nobody. An object sets what
   * `control.setRateLimit` does, and is what it goes back to.
   * @default 1667
   */
  rateLimit?: number | false | RateLimitRequest | undefined
}

/** A running local Intercom. */
export interface Workspace {
  /** The bearer token of the workspace's first admin; new with each workspace, kept with its data. */
  readonly accessToken: string
  /** Subscriptions, and what was delivered. */
  readonly webhooks: Webhooks
  /** Faults, time, snapshots, limits, logs: what is done to the workspace from outside Intercom's API. */
  readonly control: Control
  /** Answers a request in memory, without a port. */
  fetch(request: Request): Promise<Response>
  /**
   * The same for a client: a test needs no port with `createIntercom({ accessToken, dispatcher })`. What breaks a
   * connection on a port breaks here too.
   */
  readonly dispatcher: WorkspaceDispatcher
  /** Opens a port on 127.0.0.1; a free one when none is given. */
  listen(options?: {
    port?: number | undefined
  }): Promise<{ url: string; accessToken: string; close: () => Promise<void> }>
  /** Closes every port, waits half a second at most for webhooks that are due, and closes the data. */
  close(): Promise<void>
}

/** Makes or opens a local Intercom: a real database that speaks Intercom's REST API 2.12. */
export async function createWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  const { data, seed = 'empty', webhooks, adminKey, rateLimit } = checked(options)
  const clock = new MovableClock()
  const store = openStore(data, clock)
  try {
    store.write(() => {
      if (store.db.number('SELECT count(*) FROM app') === 0) fillFresh(store)
      if (seed !== 'empty' && isEmpty(store)) seedWorkspace(store, seed, options.onSeedProgress)
    })
  } catch (error) {
    store.db.close()
    throw error
  }
  const accessToken = firstToken(store)
  const hooks = openWebhooks(store, webhooks)
  const find = buildRouter(routes)
  const rates = new RateLimit(clock.server, store.app.id_code, rateLimit)
  const rewriting = new Rewriting()
  const service: Service = new Service(
    buildAnswer(store, routes, {
      find,
      rates,
      server: clock.server,
      rewrite: (html) => rewriting.apply(html),
      onFault: (error) => service.threw(error),
    }),
    (incoming) => answerControl(incoming),
    new FaultRules(find),
    new RequestLog(find, () => tokensOf(store)),
  )
  const parts = { store, clock, rates, rewriting, service, webhooks: hooks, data, accessToken, seed }
  const control = new Control(parts)
  const answerControl = buildControl({ control, webhooks: hooks }, adminKey, (error) => service.threw(error))
  // Snoozes end without anybody asking, so that webhooks learn of it.
  const ticking = setInterval(() => wakeSnoozed(store), 1_000).unref()
  const ports = new Set<Listening>()
  let closed = false
  const alive = () => {
    if (closed) throw new Error('The workspace is closed.')
  }
  async function fetch(request: Request): Promise<Response> {
    alive()
    const { pathname, search } = new URL(request.url)
    const fault = service.pick(request.method, `${pathname}${search}`)
    const incoming = await incomingOf(request)
    alive()
    if (fault === undefined) {
      const { status, headers, body } = service.answer(incoming)
      return new Response(body === '' ? null : body, { status, headers })
    }
    const { wire, response } = memoryWire(request.signal)
    service.strike(fault, incoming, wire)
    return response
  }
  return {
    accessToken,
    webhooks: hooks,
    control,
    fetch,
    dispatcher: dispatcherOf(fetch, () => !closed),
    listen: async ({ port = 0 } = {}) => {
      alive()
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

/** A webhook that is refused must not leave the data open behind it. */
function openWebhooks(store: Store, request: SubscriptionRequest | undefined): Webhooks {
  try {
    const webhooks = new Webhooks(store)
    if (request !== undefined) webhooks.save(request)
    return webhooks
  } catch (error) {
    store.db.close()
    throw error
  }
}

function checked(options: WorkspaceOptions) {
  const { data, seed = 'empty', adminKey, rateLimit = {} } = options
  if (data !== undefined && (typeof data !== 'string' || data === '')) {
    throw new TypeError('data must be the path of a file.')
  }
  contactsOf(seed)
  if (adminKey !== undefined && (typeof adminKey !== 'string' || !/^\S+$/.test(adminKey))) {
    throw new TypeError('adminKey must be a text without blanks.')
  }
  if (typeof rateLimit === 'object') return { ...options, rateLimit: limits.parse(rateLimit) }
  if (rateLimit !== false && !(Number.isSafeInteger(rateLimit) && rateLimit >= 1)) {
    throw new TypeError(`rateLimit must be false or a whole number from 1, not ${String(rateLimit)}.`)
  }
  return { ...options, rateLimit }
}

function checkedPort(port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new RangeError(`port must be a whole number from 0 to 65535, not ${String(port)}.`)
}

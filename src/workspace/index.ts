import { systemClock } from './clock.ts'
import { buildAnswer, maxBodyBytes } from './http/answer.ts'
import { type Listening, listen } from './listen.ts'
import { routes } from './routes/all.ts'
import { seedWorkspace } from './seed/index.ts'
import { fillFresh, isEmpty } from './store/fresh.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/store.ts'
import type { SubscriptionRequest } from './webhooks/subscription.ts'
import { Webhooks } from './webhooks/webhooks.ts'

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
  /** A webhook to subscribe, as the Developer Hub would; it is pinged at once, and kept with the data. */
  webhooks?: SubscriptionRequest | undefined
}

/** A running local Intercom. */
export interface Workspace {
  /** The bearer token of the workspace's first admin; new with each workspace, kept with its data. */
  readonly accessToken: string
  /** Subscriptions, and what was delivered. */
  readonly webhooks: Webhooks
  /** Answers a request in memory, without a port. */
  fetch(request: Request): Promise<Response>
  /** Opens a port on 127.0.0.1; a free one when none is given. */
  listen(options?: {
    port?: number | undefined
  }): Promise<{ url: string; accessToken: string; close: () => Promise<void> }>
  /** Closes every port, waits half a second at most for webhooks that are due, and closes the data. */
  close(): Promise<void>
}

/** Makes or opens a local Intercom: a real database that speaks Intercom's REST API 2.12. */
export async function createWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  const { data, seed = 'empty', webhooks } = checked(options)
  const store = openStore(data, systemClock)
  try {
    store.write(() => {
      if (store.db.number('SELECT count(*) FROM app') === 0) fillFresh(store)
      if (seed !== 'empty' && isEmpty(store)) seedWorkspace(store, seed)
    })
  } catch (error) {
    store.db.close()
    throw error
  }
  const token = store.db.get<{ token: string }>('SELECT token FROM tokens ORDER BY created_at, token LIMIT 1')
  if (token === undefined) throw new Error('The workspace has no access token')
  const accessToken = token.token
  const answer = buildAnswer(store, routes)
  const hooks = openWebhooks(store, webhooks)
  const ports = new Set<Listening>()
  let closed = false
  const alive = () => {
    if (closed) throw new Error('The workspace is closed.')
  }
  return {
    accessToken,
    webhooks: hooks,
    fetch: async (request) => {
      alive()
      const url = new URL(request.url)
      const bytes = await request.arrayBuffer()
      alive()
      const { status, headers, body } = answer({
        method: request.method,
        origin: url.origin,
        target: `${url.pathname}${url.search}`,
        header: (name) => request.headers.get(name) ?? undefined,
        body: bytes.byteLength > maxBodyBytes ? undefined : Buffer.from(bytes).toString('utf8'),
      })
      return new Response(body, { status, headers })
    },
    listen: async ({ port = 0 } = {}) => {
      alive()
      const listening = await listen(answer, checkedPort(port))
      ports.add(listening)
      const close = async () => {
        ports.delete(listening)
        await listening.close()
      }
      return { url: listening.url, accessToken, close }
    },
    close: async () => {
      closed = true
      await Promise.all([...ports].map((port) => port.close()))
      ports.clear()
      await hooks.close()
      store.db.close()
    },
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

function checked(options: WorkspaceOptions): WorkspaceOptions {
  const { data, seed = 'empty' } = options
  if (data !== undefined && (typeof data !== 'string' || data === '')) {
    throw new TypeError('data must be the path of a file.')
  }
  const named = seed === 'empty' || seed === 'small' || seed === 'large'
  if (!named && !(typeof seed === 'number' && Number.isSafeInteger(seed) && seed >= 0)) {
    throw new TypeError(
      `seed must be 'empty', 'small', 'large' or a number of contacts, not ${String(seed)}.`,
    )
  }
  return options
}

function checkedPort(port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new RangeError(`port must be a whole number from 0 to 65535, not ${String(port)}.`)
}

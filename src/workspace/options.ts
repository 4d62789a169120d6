import { limits, type RateLimitRequest, validated } from './control/input.ts'
import type { LoggedRequest } from './control/request-log.ts'
import type { Fixture } from './fixtures/schema.ts'
import { contactsOf } from './seed/size.ts'
import type { SubscriptionRequest } from './webhooks/subscription.ts'

/** Options of `createWorkspace`. */
export interface WorkspaceOptions {
  /** A SQLite file that keeps all data across restarts; created if missing. @default in memory */
  data?: string | undefined
  /**
   * The demo data for an empty workspace; one that already holds contacts or tags is left unchanged.
   * `small` is 200 contacts and 300 conversations, `large` 20,000 contacts, a number N is N contacts.
   * @default 'empty'
   */
  seed?: 'empty' | 'small' | 'large' | number | undefined
  /**
   * A declared workspace for new data, instead of a seed: the path of a YAML or JSON file, or an object
   * (docs/fixtures.md). Existing data is left unchanged. Throws a `FixtureError` that lists all that is wrong.
   */
  fixtures?: string | Fixture | undefined
  /** Called with the progress of the seed, from 0 to 1; a million contacts take minutes. */
  onSeedProgress?: ((share: number) => void) | undefined
  /** A webhook to subscribe, as in the Developer Hub; it is pinged at once, and kept with the data. */
  webhooks?: SubscriptionRequest | undefined
  /** The bearer token of the first admin, instead of a generated one. */
  accessToken?: string | undefined
  /** Enables `/_workspace/…`, which is {@link Workspace.control} over HTTP, for requests with this key. */
  adminKey?: string | undefined
  /**
   * Calls of one app in ten seconds before it gets a 429; `false` for no limit. An object is what
   * `control.setRateLimit` takes, and becomes the initial limits that it restores.
   * @default 1667
   */
  rateLimit?: number | false | RateLimitRequest | undefined
  /**
   * What is kept of the history of changes (docs/time-machine.md): at most so many writes, and bytes of what they
   * changed; `false` for none. A data file that is opened without one loses the one it has.
   * @default { writes: 10_000, bytes: 67_108_864 }
   */
  history?: boolean | { writes?: number | undefined; bytes?: number | undefined } | undefined
  /** Called with each request to Intercom's API once it is answered, as `control.requests` lists it. */
  onRequest?: ((request: LoggedRequest) => void) | undefined
}

const optionNames = [
  'data',
  'seed',
  'fixtures',
  'onSeedProgress',
  'webhooks',
  'accessToken',
  'adminKey',
  'rateLimit',
  'history',
  'onRequest',
]

/** Throws for what no workspace can be created with, and gives the limits as they are checked. */
export function checked(options: WorkspaceOptions) {
  const unknown = Object.keys(options).find((name) => !optionNames.includes(name))
  if (unknown !== undefined)
    throw new TypeError(`Unknown option ${JSON.stringify(unknown)}; there are ${optionNames.join(', ')}.`)
  const { data, seed = 'empty', fixtures, accessToken, adminKey, rateLimit = {}, onRequest } = options
  if (data !== undefined && (typeof data !== 'string' || data === '')) {
    throw new TypeError('data must be the path of a file.')
  }
  contactsOf(seed)
  if (fixtures !== undefined && seed !== 'empty') {
    throw new TypeError('Give either seed or fixtures: both fill an empty workspace.')
  }
  if (
    fixtures === '' ||
    (typeof fixtures !== 'string' && typeof fixtures !== 'object' && fixtures !== undefined)
  ) {
    throw new TypeError('fixtures must be the path of a YAML or JSON file, or an object.')
  }
  if (
    accessToken !== undefined &&
    (typeof accessToken !== 'string' || !/^[\x21-\x7e]{8,500}$/.test(accessToken))
  ) {
    throw new TypeError('accessToken must be 8 to 500 printable ASCII characters without whitespace.')
  }
  if (onRequest !== undefined && typeof onRequest !== 'function')
    throw new TypeError('onRequest must be a function.')
  if (adminKey !== undefined && (typeof adminKey !== 'string' || !/^\S+$/.test(adminKey))) {
    throw new TypeError('adminKey must be a string without whitespace.')
  }
  checkHistory(options.history)
  if (typeof rateLimit === 'object') return { ...options, rateLimit: validated(limits, rateLimit) }
  if (rateLimit !== false && !(Number.isSafeInteger(rateLimit) && rateLimit >= 1)) {
    throw new TypeError(`rateLimit must be false or a whole number from 1, not ${String(rateLimit)}.`)
  }
  return { ...options, rateLimit }
}

function checkHistory(history: unknown): void {
  if (history === undefined || typeof history === 'boolean') return
  const isObject = typeof history === 'object' && history !== null && !Array.isArray(history)
  const limits = isObject ? Object.entries(history) : [['', 0]]
  for (const [name, limit] of limits) {
    if ((name === 'writes' || name === 'bytes') && (limit === undefined || isCount(limit))) continue
    throw new TypeError('history must be true, false, or { writes, bytes } with whole numbers from 1.')
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1
}

/** A port to listen on. */
export function checkedPort(port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new RangeError(`port must be a whole number from 0 to 65535, not ${String(port)}.`)
}

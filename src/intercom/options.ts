import type { Dispatcher } from 'undici'
import type { ToolsetChoice } from '../actions/toolsets.ts'
import {
  actionNames,
  checkOptions,
  flag,
  hook,
  type OptionRule,
  oneOf,
  text,
  toolsetNames,
} from '../check-options.ts'
import type { ExchangeEvent, Hooks } from '../client/call.ts'
import type { RefusedTokenHook, TokenFunction } from '../client/credentials.ts'
import type { PermitSource } from '../client/rate-limit/budget.ts'
import type { ActionInfo } from '../core/action.ts'
import type { Journal } from '../core/journal.ts'
import type { OnUnknown } from '../core/read-back.ts'
import type { Step } from '../core/story.ts'
import { type IntercomError, invalidInput } from '../errors.ts'

/** Options of `createIntercom`. */
export type IntercomOptions = {
  /**
   * The workspace's access token. It goes into the Authorization header and nowhere else. A function is asked before
   * each request, so that a token that was replaced is used at once; it has to give tokens of the same workspace.
   * @default INTERCOM_ACCESS_TOKEN of the environment
   */
  accessToken?: string | TokenFunction | undefined
  /**
   * Intercom's id of the workspace (`app.id_code` of `GET /me`). With it the rate limit and held approvals belong to the
   * workspace whatever its token is, which an `accessToken` function needs for them to outlast this client.
   */
  workspaceId?: string | undefined
  /**
   * Is told of a token that Intercom has refused (401), so that whoever keeps it can note that. If it answers a text,
   * the error says that as what to do.
   */
  onRefusedToken?: RefusedTokenHook | undefined
  /**
   * `https://api.intercom.io`, `https://api.eu.intercom.io` or `https://api.au.intercom.io`, or http(s) on loopback.
   * Empty means the default.
   * @default INTERCOM_API_BASE_URL of the environment, then https://api.intercom.io
   */
  baseUrl?: string | undefined
  /**
   * Accept a base URL that is neither Intercom's nor loopback (https only): it will receive the token.
   * @default false
   */
  allowCustomHost?: boolean | undefined
  /**
   * Limit in ms for each of: connecting (at most 10 s), waiting for the response to start, reading it.
   * @default 30000
   */
  timeoutMs?: number | undefined
  /**
   * Toolsets of further actions: `desk`, …, or `all`. Their functions are in the client's type.
   * @default none: the thirteen actions alone
   */
  toolsets?: readonly ToolsetChoice[] | undefined
  /**
   * Allow only actions that change nothing; the others answer `not_allowed`.
   * @default false
   */
  readOnly?: boolean | undefined
  /** Allow only these actions, by name. */
  only?: readonly string[] | undefined
  /**
   * Send no writes: `{ dry_run: true, method, path, body }` stands in place of their result. Lookups are made.
   * @default false
   */
  dryRun?: boolean | undefined
  /**
   * Limit in ms for a whole call: lookups, waits for the rate limit, retries, reading back.
   * @default 60000
   */
  deadlineMs?: number | undefined
  /**
   * What to do when it is unknown whether a create or send took effect. `report`: answer `unknown` at once.
   * `verify`: read back, and answer success if it is there, else `unknown`. `verify-then-resend`: send a
   * reply or note once more if nothing was seen, which makes it at-least-once: the customer may get it twice.
   * @default 'verify'
   */
  onUnknown?: OnUnknown | undefined
  /**
   * Pauses in ms, one before each read-back.
   * @default [2000, 8000]
   */
  settleMs?: readonly number[] | undefined
  /**
   * A file, or a store of your own, where every call that writes is recorded before it is transmitted, so that a call
   * with the same `idempotencyKey` gets the first outcome, also after a crash. It holds what Intercom answered to
   * calls with an `idempotencyKey`, for 30 days.
   */
  journal?: string | Journal | undefined
  /** A file by which the processes of this machine that use this token share its rate limit. */
  rateLimitFile?: string | undefined
  /**
   * A source of permits to send, in place of `rateLimitFile`: through it processes on several machines share a rate
   * limit, as those of `/restate` do. Clients of one process that have their own do not share their pace.
   */
  permits?: PermitSource | undefined
  /**
   * What sends the requests: undici's `Agent`, `ProxyAgent` or `MockAgent`, or a workspace in memory. It must not
   * repeat requests by itself, and it is yours to close.
   * @default a pool that all clients of a host share
   * @example
   * const workspace = await createWorkspace({ seed: 'small' })
   * const intercom = createIntercom({ accessToken: workspace.accessToken, dispatcher: workspace.dispatcher })
   */
  dispatcher?: Pick<Dispatcher, 'dispatch'> | undefined
} & Hooks

/** Options of a single call. */
export type CallOptions = {
  /**
   * Your own key for this call, for instance the id of a row: a second call with the same key and input sends nothing
   * and gets the first outcome. Needs `journal`; for actions that write.
   */
  idempotencyKey?: string | undefined
  /** Ends the call early. After a write was transmitted, the failure's `outcome` is `unknown`. */
  signal?: AbortSignal | undefined
  /**
   * Send no write of this call, as with the client's `dryRun`. `false` does not undo that. Nothing is recorded under an
   * `idempotencyKey`.
   * @default false
   */
  dryRun?: boolean | undefined
  /**
   * Only look for what an earlier call under this `idempotencyKey`, with the same input, may have sent: nothing is
   * written to Intercom. Found, it is answered and recorded as by that call; `not_there` where its absence is proven; else
   * it stays `unknown`.
   * @default false
   */
  onlyLook?: boolean | undefined
  /** Is told of each request of this call once it is over, and of the one that a dry run has not sent. What it throws is ignored. */
  onExchange?: ((event: ExchangeEvent) => void) | undefined
  /** Is told of each step of a call that writes: recorded, transmitted, answered, looked for. It changes nothing. */
  onStep?: ((step: Step) => void) | undefined
}

type Rules = {
  [Name in keyof IntercomOptions]-?: OptionRule & { fallback?: NonNullable<IntercomOptions[Name]> }
}

const isPath = (value: unknown) => text.accepts(value) && value !== ''
const isMilliseconds = (value: unknown) =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) < 2 ** 31
const isSettle = (value: unknown) =>
  Array.isArray(value) && value.length >= 1 && value.length <= 10 && value.every(isMilliseconds)
const has = (method: string) => (value: unknown) =>
  typeof value === 'object' && value !== null && method in value

const milliseconds = { accepts: isMilliseconds, expected: 'a whole number of milliseconds, at least 1' }

/** What each option accepts, and its default. */
const rules = {
  accessToken: {
    accepts: (value) => text.accepts(value) || hook.accepts(value),
    expected: 'text, or a function that gives it',
  },
  workspaceId: {
    accepts: (value) => typeof value === 'string' && /^[\w-]{1,64}$/.test(value),
    expected: 'the id of a workspace: 1 to 64 letters, digits, "_" and "-"',
  },
  onRefusedToken: hook,
  baseUrl: text,
  allowCustomHost: { ...flag, fallback: false },
  timeoutMs: { ...milliseconds, fallback: 30_000 },
  toolsets: toolsetNames,
  readOnly: { ...flag, fallback: false },
  only: actionNames,
  dryRun: { ...flag, fallback: false },
  deadlineMs: { ...milliseconds, fallback: 60_000 },
  onUnknown: { ...oneOf('report', 'verify', 'verify-then-resend'), fallback: 'verify' },
  settleMs: {
    accepts: isSettle,
    expected: 'an array of 1 to 10 whole numbers of milliseconds',
    fallback: [2000, 8000],
  },
  journal: {
    accepts: (value) => isPath(value) || has('acquire')(value),
    expected: 'the path of a file, or a Journal',
  },
  rateLimitFile: { accepts: isPath, expected: 'the path of a file' },
  permits: { accepts: has('lease'), expected: 'a PermitSource' },
  dispatcher: { accepts: has('dispatch'), expected: 'an undici Dispatcher' },
  onRequest: hook,
  onResponse: hook,
  onRetry: hook,
  onWait: hook,
} satisfies Rules

type Defaulted = {
  [Name in keyof typeof rules as (typeof rules)[Name] extends { fallback: unknown }
    ? Name
    : never]: NonNullable<IntercomOptions[Name]>
}

/**
 * The options with their defaults. Throws an `IntercomError` for those that are unknown or of a wrong type: a
 * misspelt safety option must not be ignored.
 */
export function checkedOptions(given: unknown): IntercomOptions & Defaulted {
  checkOptions(given, rules)
  const options = Object.entries(rules).map(([name, rule]) => {
    const value = (given as Record<string, unknown>)[name]
    return [name, value === undefined && 'fallback' in rule ? rule.fallback : value]
  })
  const checked = Object.fromEntries(options) as IntercomOptions & Defaulted // by the rules above
  if (checked.rateLimitFile !== undefined && checked.permits !== undefined)
    throw invalidInput('rateLimitFile and permits exclude each other')
  const { accessToken, rateLimitFile, workspaceId } = checked
  if (typeof accessToken === 'function' && rateLimitFile !== undefined && workspaceId === undefined)
    throw invalidInput(
      'rateLimitFile with an accessToken function needs workspaceId, by which processes share it',
    )
  return checked
}

/** What is wrong with the options of a call of this action. */
export function callProblem(
  action: Pick<ActionInfo, 'effect'>,
  options: CallOptions | undefined,
  journal: Journal | undefined,
): IntercomError | null {
  try {
    const { signal, idempotencyKey, dryRun, onlyLook, onStep } = options ?? {}
    if (signal !== undefined && typeof signal.addEventListener !== 'function')
      return invalidInput('options.signal must be an AbortSignal')
    if (onStep !== undefined && typeof onStep !== 'function')
      return invalidInput('options.onStep must be a function')
    if (dryRun !== undefined && typeof dryRun !== 'boolean')
      return invalidInput('options.dryRun must be true or false')
    const misspelt = Object.keys(options ?? {}).find((name) => name !== 'dryRun' && /^dry.?run$/i.test(name))
    if (misspelt !== undefined) return invalidInput(`options has no ${misspelt}: it is called dryRun`)
    if (onlyLook !== undefined && typeof onlyLook !== 'boolean')
      return invalidInput('options.onlyLook must be true or false')
    if (onlyLook && (idempotencyKey === undefined || dryRun))
      return invalidInput('options.onlyLook needs the idempotencyKey of an earlier call, and no dryRun')
    if (idempotencyKey === undefined) return null
    if (typeof idempotencyKey !== 'string' || !/^[\x20-\x7e]{1,200}$/.test(idempotencyKey))
      return invalidInput('options.idempotencyKey must be text of 1 to 200 printable ASCII characters')
    if (journal === undefined)
      return invalidInput('options.idempotencyKey needs the journal option of createIntercom')
    return action.effect === 'read' ? invalidInput('options.idempotencyKey is for actions that write') : null
  } catch {
    return invalidInput('options cannot be read')
  }
}

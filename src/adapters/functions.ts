import type { z } from 'zod'
import { actions } from '../actions/index.ts'
import { type Client, createClient, type RequestHook, type Trace } from '../client/client.ts'
import { credentials } from '../client/credentials.ts'
import { Redactor } from '../client/redact.ts'
import type { AnyAction, Envelope } from '../core/action.ts'
import { chosen, notChosen } from '../core/catalogue.ts'
import { dryRunPort, plannedOutput } from '../core/dry-run.ts'
import { failed, type Result, runAction } from '../core/run.ts'
import { failureOf, IntercomError } from '../errors.ts'
import { checkOptions } from './options.ts'

/** Options of `createIntercom`. */
export type IntercomOptions = {
  /**
   * The workspace's access token. It goes into the Authorization header and nowhere else.
   * @default process.env.INTERCOM_ACCESS_TOKEN
   */
  accessToken?: string | undefined
  /**
   * `https://api.intercom.io`, `https://api.eu.intercom.io` or `https://api.au.intercom.io`, or http(s) on
   * loopback. Empty means the default.
   * @default process.env.INTERCOM_API_BASE_URL, then https://api.intercom.io
   */
  baseUrl?: string | undefined
  /**
   * Accept a base URL that is neither Intercom's nor loopback (https only): it will receive the token.
   * @default false
   */
  allowCustomHost?: boolean | undefined
  /**
   * Bound in ms on each of: connecting (at most 10 s), waiting for an answer to begin, reading it.
   * @default 30000
   */
  timeoutMs?: number | undefined
  /**
   * Leave only the actions that change nothing; the others answer `not_allowed`.
   * @default false
   */
  readOnly?: boolean | undefined
  /** Leave only these actions, by name. */
  only?: readonly string[] | undefined
  /**
   * Send no write: it answers `{ dry_run: true, method, path, body }` where its result would stand. Lookups
   * are made.
   * @default false
   */
  dryRun?: boolean | undefined
  /** Called and awaited before each request. Throwing ends the call: nothing more is sent. */
  onRequest?: RequestHook | undefined
}

/** Options of a single call. */
export type CallOptions = {
  /** Ends the call early. After a write has left, the failure's `outcome` is `unknown`. */
  signal?: AbortSignal | undefined
}

type Catalogue = typeof actions
/** The name of an action. */
export type ActionName = Catalogue[number]['name']
type Named<Name extends ActionName> = Extract<Catalogue[number], { name: Name }>

/** Input of an action, by its name. */
export type ActionInput<Name extends ActionName> = z.input<Named<Name>['input']>
/** Envelope of an action, by its name: always every key of its output schema. */
export type ActionOutput<Name extends ActionName> = z.output<Named<Name>['output']>
/** What `call` answers: the envelope, and for programs what stands behind it. */
export type CallResult<Output> = Result<Output> & { trace: Trace }

type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name

/** The input may be left out where nothing is required, as in `listTags()`. */
type Arguments<Input> =
  Record<never, never> extends Input
    ? [input?: Input, options?: CallOptions]
    : [input: Input, options?: CallOptions]

type Functions = {
  [Name in ActionName as CamelCase<Name>]: (
    ...args: Arguments<ActionInput<Name>>
  ) => Promise<ActionOutput<Name>>
}

/** Every action as a camelCase function, and the same by name. No call throws or rejects. */
export type Intercom = Functions & {
  /** Runs an action by name; answers its envelope. Unknown names and inputs answer `success: false`. */
  run<Name extends ActionName>(name: Name, ...args: Arguments<ActionInput<Name>>): Promise<ActionOutput<Name>>
  run<Name extends string>(name: Unlisted<Name>, input?: unknown, options?: CallOptions): Promise<Envelope>
  /** Like `run`, with the machine-readable failure and a trace of what went over the wire. */
  call<Name extends ActionName>(
    name: Name,
    ...args: Arguments<ActionInput<Name>>
  ): Promise<CallResult<ActionOutput<Name>>>
  call<Name extends string>(
    name: Unlisted<Name>,
    input?: unknown,
    options?: CallOptions,
  ): Promise<CallResult<Envelope>>
  /** Later calls answer `client_closed`. Other clients of the same host are not affected. */
  close(): Promise<void>
}

/** A name known only at run time; a literal name of an action takes its own input. */
type Unlisted<Name extends string> = Name extends ActionName ? (string extends Name ? Name : never) : Name

/**
 * Makes an Intercom client. It costs nothing: connections belong to a pool that all clients of a host share, so
 * make one per credential. Throws an `IntercomError` when token, host or options cannot work.
 *
 * @example
 * const intercom = createIntercom({ accessToken })
 * const { success, error, result } = await intercom.getContact({ contact_id: '6762f0dd1bb69f9f2193bb83' })
 */
export function createIntercom(options: IntercomOptions = {}): Intercom {
  const accessToken = options?.accessToken ?? process.env['INTERCOM_ACCESS_TOKEN']
  try {
    return made(options, accessToken)
  } catch (error) {
    if (!(error instanceof IntercomError)) throw error
    const { message } = error
    throw new IntercomError(new Redactor(String(accessToken)).message(message), failureOf(error))
  }
}

function made(options: IntercomOptions, accessToken: string | undefined): Intercom {
  checkOptions(options)
  const { timeoutMs = 30_000, readOnly, only, dryRun = false, onRequest, allowCustomHost } = options
  const baseUrl = options.baseUrl ?? process.env['INTERCOM_API_BASE_URL']
  const credential = credentials({ accessToken, baseUrl, allowCustomHost })
  const client = createClient({ credentials: credential, timeoutMs, onRequest })
  return functionsOf(client, chosen<AnyAction>(actions, { readOnly, only }), dryRun)
}

function functionsOf(client: Client, allowed: AnyAction[], dryRun: boolean): Intercom {
  const byName = new Map(allowed.map((action) => [action.name, action]))
  let closed = false

  async function call(name: unknown, input?: unknown, options?: CallOptions): Promise<CallResult<Envelope>> {
    const trace: Trace = { attempts: 0, waits: [], rate_limit: null }
    const action = typeof name === 'string' ? byName.get(name) : undefined
    if (action === undefined) return { ...failed(...notChosen(actions, name), client.redact), trace }
    const refusal = closed ? closedError() : signalProblem(options)
    if (refusal) return { ...failed(action, refusal, client.redact), trace }
    const port = client.open(trace, options?.signal)
    if (!dryRun) return { ...(await runAction(action, input, port, client.redact)), trace }
    const dry = dryRunPort(port)
    const { output, failure } = await runAction(action, input, dry.port, client.redact)
    const planned = dry.planned()
    return { output: planned ? plannedOutput(action, output, planned) : output, failure, trace }
  }

  const run = async (name: unknown, input?: unknown, options?: CallOptions) =>
    (await call(name, input, options)).output
  const functions = Object.fromEntries(
    actions.map(({ name }) => [
      camelCase(name),
      (input?: unknown, options?: CallOptions) => run(name, input, options),
    ]),
  )
  const close = async () => {
    closed = true
  }
  return { ...functions, run, call, close } as Intercom // the functions are made from the list their type is made from
}

function signalProblem(options: CallOptions | undefined): IntercomError | null {
  try {
    const signal = options?.signal
    if (signal === undefined || typeof signal.addEventListener === 'function') return null
  } catch {}
  return new IntercomError('options.signal must be an AbortSignal', { code: 'invalid_input' })
}

function closedError(): IntercomError {
  return new IntercomError('this client is closed', {
    code: 'client_closed',
    hint: 'Make another with createIntercom.',
  })
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

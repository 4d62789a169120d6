import { actions as thirteen } from './actions/index.ts'
import type { NamedKind, Names } from './actions/names.ts'
import { chosen, notChosen } from './actions/select.ts'
import {
  type ToolsetChoice,
  type ToolsetName,
  toolsetNames,
  toolsets,
  withToolsets,
} from './actions/toolsets.ts'
import type { Trace } from './client/call.ts'
import { createClient } from './client/client.ts'
import { connectionOf, fingerprintOf } from './client/credentials.ts'
import { Redactor } from './client/redact.ts'
import type { ActionInfo, AnyAction, Envelope, Previewed, Result } from './core/action.ts'
import { Claims } from './core/claims.ts'
import { type Traced, traced } from './core/envelope.ts'
import type { Journal } from './core/journal.ts'
import { KeyedMutex } from './core/keyed-mutex.ts'
import { Memory } from './core/memory.ts'
import { type ClientState, failed } from './core/run.ts'
import { openJournal } from './core/sqlite-journal.ts'
import { type Failure, failureOf, IntercomError } from './errors.ts'
import { type CallOptions, callProblem, checkedOptions, type IntercomOptions } from './intercom/options.ts'
import { runCall } from './intercom/run-call.ts'
import { sideReads } from './intercom/side-reads.ts'
import type { Actions, DefaultActionName, Methods, ToolsetMethods } from './methods.ts'

export type { CallOptions, DefaultActionName, IntercomOptions }

/** The name of an action, in whichever toolset. */
export type ActionName = keyof Actions
/** Input of an action, by its name. */
export type ActionInput<Name extends ActionName> = Actions[Name]['input']
/** Envelope of an action, by its name: always every key of its output schema. `success` tells which of the two it is. */
export type ActionOutput<Name extends ActionName> = Actions[Name]['output']
/** What `call` answers: the envelope, the failure behind its `error`, and the trace. */
export type CallResult<Output> = Output extends { success: true }
  ? { output: Traced<Output>; failure: null; trace: Trace }
  : { output: Traced<Output>; failure: Failure; trace: Trace }

/** The thirteen actions that are always there, in the order of the contract. */
export const actions: readonly ActionInfo<DefaultActionName>[] = thirteen
/** Further actions, by the toolset that adds them. */
export const actionsByToolset: Readonly<Record<ToolsetName, readonly ActionInfo<ActionName>[]>> = toolsets

/**
 * Every action as a camelCase function, and the same by name. No call throws or rejects. `Chosen`: the toolsets whose
 * actions are there besides the thirteen.
 */
export type Intercom<Chosen extends ToolsetChoice = never> = Methods & FunctionsOf<Chosen> & AnyIntercom

/** The functions that toolsets add. */
export type FunctionsOf<Chosen extends ToolsetChoice> = AllOf<
  ToolsetMethods['all' extends Chosen ? ToolsetName : Exclude<Chosen, 'all'>]
>
/** What has all that the members of a union have. */
export type AllOf<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never

/** What every client has, whatever its toolsets. */
export interface AnyIntercom {
  /** Runs an action by name; answers its envelope. Unknown names and inputs answer `success: false`. */
  run<Name extends string>(
    name: string extends Name ? Name : never,
    input?: unknown,
    options?: CallOptions,
  ): Promise<Traced<Envelope>>
  run<Name extends ActionName>(
    name: Name,
    ...args: Actions[Name]['args']
  ): Promise<Traced<ActionOutput<Name>>>
  /** Like `run`, with the machine-readable failure and the trace as keys beside the envelope. */
  call<Name extends string>(
    name: string extends Name ? Name : never,
    input?: unknown,
    options?: CallOptions,
  ): Promise<CallResult<Envelope>>
  call<Name extends ActionName>(
    name: Name,
    ...args: Actions[Name]['args']
  ): Promise<CallResult<ActionOutput<Name>>>
  /** The names of the actions that `toolsets`, `readOnly` and `only` allow. Adapters offer no others. */
  readonly actions: readonly ActionName[]
  /** The toolsets that it was made with. */
  readonly toolsets: readonly ToolsetName[]
  /**
   * What ids of admins, teams or tags are called, for texts that people or models read. Read at most once in ten
   * minutes, whatever actions are allowed; empty where that failed.
   */
  names(kind: NamedKind): Promise<Names>
  /**
   * What there is to know about a call that has succeeded besides its answer: read afterwards, for texts that people or
   * models read. Empty where there is nothing, or where that failed.
   */
  remarks(name: string, input: unknown): Promise<readonly string[]>
  /**
   * What a person has to see before they decide on a call: whom it reaches, where, with which text. It only reads. A
   * failure is the call's own: it could not succeed, or too little is known, and nobody should be asked.
   */
  preview(name: string, input: unknown, options?: Pick<CallOptions, 'signal'>): Promise<Previewed>
  /** Identifies the workspace, or token, that it calls with, without revealing the token: 16 hexadecimal digits. */
  readonly workspace: string
  /** Where its calls are recorded; `null` without a journal, and of a dry run. */
  readonly journal: Journal | null
  /** Later calls answer `client_closed`. Other clients of the same host are not affected. */
  close(): Promise<void>
}

/**
 * Makes an Intercom client, one per credential. It is cheap: all clients of a host share a pool of connections.
 * Throws an `IntercomError` for an invalid token, host or option.
 *
 * @example
 * const intercom = createIntercom({ accessToken })
 * const { success, error, result } = await intercom.getContact({ contact_id: '6762f0dd1bb69f9f2193bb83' })
 */
export function createIntercom<const Chosen extends ToolsetChoice = never>(
  options: IntercomOptions & { toolsets?: readonly Chosen[] | undefined } = {},
): Intercom<Chosen> {
  const accessToken = options?.accessToken ?? process.env['INTERCOM_ACCESS_TOKEN']
  try {
    return clientOf(checkedOptions(options), accessToken) as Intercom<Chosen> // its functions follow from the option
  } catch (error) {
    // What is wrong with a token is told without it, and might look like it: a placeholder holds our words.
    if (!(error instanceof IntercomError) || error.code === 'invalid_token') throw error
    const { message } = error
    const fixed = typeof accessToken === 'function' ? '' : String(accessToken)
    throw new IntercomError(new Redactor(fixed).message(message), failureOf(error))
  }
}

function clientOf(
  options: ReturnType<typeof checkedOptions>,
  accessToken: IntercomOptions['accessToken'],
): Intercom {
  const { timeoutMs, dispatcher, rateLimitFile, permits, allowCustomHost, workspaceId } = options
  const { onRequest, onResponse, onRetry, onWait, deadlineMs, onUnknown, settleMs, dryRun: dry } = options
  const baseUrl = options.baseUrl ?? process.env['INTERCOM_API_BASE_URL']
  const connection = connectionOf({ accessToken, workspaceId, baseUrl, allowCustomHost })
  const client = createClient({
    credentials: connection,
    timeoutMs,
    hooks: { onRequest, onResponse, onRetry, onWait },
    dispatcher,
    rateLimitFile,
    permits,
    onRefusedToken: options.onRefusedToken,
  })
  const { redact } = client
  const journal = typeof options.journal === 'string' ? openJournal(options.journal) : options.journal
  const state: ClientState = {
    policy: { onUnknown, settleMs },
    claims: new Claims(),
    mutex: new KeyedMutex(),
    memory: new Memory(),
    redact,
  }
  const byName = new Map(chosen(options).map((action) => [action.name, action]))
  const calls = { client, state, journal, dry, deadlineMs }
  const { names, remarks, preview } = sideReads(
    (ms, signal) => client.open(Math.min(deadlineMs, ms), signal),
    state,
  )
  let closed = false

  /** The action of a call that may be made, or what is answered instead. */
  function callable(name: unknown, callOptions: CallOptions | undefined): AnyAction | { refused: Result } {
    const action = typeof name === 'string' ? byName.get(name) : undefined
    if (action === undefined)
      return { refused: failed(...notChosen(name, [...byName.keys()], options.toolsets), redact) }
    const problem = closed ? closedError() : callProblem(action, callOptions, journal)
    return problem ? { refused: failed(action, problem, redact) } : action
  }

  async function call(name: unknown, input?: unknown, options?: CallOptions): Promise<CallResult<Envelope>> {
    const action = callable(name, options)
    const { output, failure, trace } =
      'refused' in action
        ? { ...action.refused, trace: noTrace() }
        : await runCall(calls, action, input, options ?? {})
    return { output: traced(output, failure, trace), failure, trace } as CallResult<Envelope>
  }

  const run = async (name: unknown, input?: unknown, options?: CallOptions) =>
    (await call(name, input, options)).output
  const functions = Object.fromEntries(
    withToolsets(options.toolsets).map(({ name }) => [
      name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), // in camelCase
      (input?: unknown, options?: CallOptions) => run(name, input, options),
    ]),
  )
  const own: AnyIntercom = {
    run: run as AnyIntercom['run'],
    call: call as AnyIntercom['call'],
    async names(kind) {
      return closed ? new Map() : await names(kind)
    },
    async remarks(name, input) {
      const action = closed || dry ? undefined : byName.get(name)
      return action === undefined ? [] : await remarks(action, input)
    },
    async preview(name, input, callOptions) {
      const action = callable(name, callOptions)
      if ('refused' in action) return { preview: null, ...action.refused } as Previewed // with its failure
      return await preview(action, input, callOptions?.signal)
    },
    actions: [...byName.keys()] as ActionName[],
    toolsets: toolsetNames.filter((set) => options.toolsets?.some((one) => one === set || one === 'all')),
    workspace: fingerprintOf(connection),
    journal: dry ? null : (journal ?? null),
    async close() {
      closed = true
      if (typeof options.journal === 'string') journal?.close()
    },
  }
  return { ...functions, ...own } as Intercom // the functions are made from the list their type is made from
}

function noTrace(): Trace {
  return { attempts: 0, waits: [], rate_limit: null, request_id: null, verified_by: null }
}

function closedError(): IntercomError {
  return new IntercomError('this client is closed', {
    code: 'client_closed',
    hint: 'Make another with createIntercom.',
  })
}

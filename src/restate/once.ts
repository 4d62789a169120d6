import { handlers, type ObjectContext, object } from '@restatedev/restate-sdk'
import { withToolsets } from '../actions/toolsets.ts'
import type { AnyAction } from '../core/action.ts'
import { hostInput } from '../core/host-input.ts'
import { type EarlierAttempt, inputHash, retentionMs } from '../core/journal.ts'
import { failed, parsedInput } from '../core/run.ts'
import { IntercomError } from '../errors.ts'
import type { ActionInput, ActionName, ActionOutput } from '../intercom.ts'
import { type AskedResult, type Asking, askedCall } from './asking.ts'
import { type DurableResult, orRefusal, respond, terminalError } from './response.ts'
import { runWrite } from './run-writes.ts'
import { expireLater, serviceOptions } from './service-options.ts'
import type { Runtime, WriteResult } from './write-attempt.ts'

/** The handlers of the object `intercom_once`, whose key is the caller's idempotency key. */
export type IntercomOnce = {
  [Name in ActionName]: (
    ctx: ObjectContext,
    input: ActionInput<Name>,
  ) => Promise<DurableResult<ActionOutput<Name>>>
}

const name = 'intercom_once'

/** What is kept of a call: a hash of its input, and ids. */
type OperationState = {
  action: string
  input_hash: string
  at: number
  unresolved: EarlierAttempt | null
  result: WriteResult | null
  /** A person decides on it: the approval that it waits for, or was made under; null while it has none. */
  approval?: string | null
}

/** One object per idempotency key: the first input under it is the only one. */
export function intercomOnce(runtime: Runtime) {
  const writes = withToolsets(runtime.intercom.toolsets).filter(({ effect }) => effect !== 'read')
  const all = writes.map((action) => [action.name, handlerOf(runtime, action)] as const)
  return object({
    name,
    description: 'The actions that write, once per key. The same key with another input is refused.',
    options: serviceOptions,
    handlers: {
      ...Object.fromEntries(all),
      expire: handlers.object.exclusive({ ingressPrivate: true }, expire),
    },
  })
}

function handlerOf(runtime: Runtime, action: AnyAction) {
  return async (ctx: ObjectContext, given: unknown): Promise<DurableResult> => {
    const { input, input_hash } = await checked(action, given)
    const known = await ctx.get<OperationState>('operation')
    if (known !== null && (known.action !== action.name || known.input_hash !== input_hash)) {
      throw terminalError(
        'idempotency_key_mismatch',
        'this key was used with another action or input. Nothing was sent. Use a new key for a new call.',
      )
    }
    if (known?.result) return respond(known.result)
    const { asking } = runtime
    if (known?.approval !== undefined || asking?.needs(action, input) === true)
      return respond(await asked(ctx, asking, action, { input, input_hash, known }))
    const now = await ctx.date.now()
    const at = known?.at ?? now
    // A run that an operator has killed left neither a result nor what is unresolved.
    const earlier =
      known === null ? null : (known.unresolved ?? { sent_at: at, alive_at: now, unknown: false })
    const state: OperationState = { action: action.name, input_hash, at, unresolved: null, result: null }
    await startTimer(ctx)
    ctx.set('operation', state)
    const operation = `once ${ctx.key}`
    const result = await runWrite(ctx, runtime, { operation, action, input: async () => input, earlier })
    if (result.isFinal) ctx.set('operation', { ...state, result })
    else if (result.unresolved) ctx.set('operation', { ...state, unresolved: result.unresolved })
    else ctx.clear('operation')
    return respond(result)
  }
}

/** One timer for a key, however often the key becomes free. */
async function startTimer(ctx: ObjectContext): Promise<void> {
  if ((await ctx.get('timer')) !== null) return
  ctx.set('timer', true)
  expireLater(ctx, name, retentionMs)
}

/**
 * A call that a person decides on. What was begun under the key without asking may have been sent, and is not asked
 * about now; what waits is not sent without asking, whatever this worker's present policy is.
 */
async function asked(
  ctx: ObjectContext,
  asking: Asking | undefined,
  action: AnyAction,
  { input, input_hash, known }: { input: unknown; input_hash: string; known: OperationState | null },
): Promise<AskedResult> {
  if (asking === undefined || (known !== null && known.approval === undefined))
    return failed(action, otherPolicy(), (text) => text)
  const at = known?.at ?? (await ctx.date.now())
  const state: OperationState = { action: action.name, input_hash, at, unresolved: null, result: null }
  await startTimer(ctx)
  let approval = known?.approval ?? null
  ctx.set('operation', { ...state, approval })
  const call = { action, input, key: ctx.key, known: approval ?? undefined }
  const result = await askedCall(ctx, asking, call, (id) => {
    approval = id
    ctx.set('operation', { ...state, approval })
  })
  if (approval === null) ctx.clear('operation') // nobody was asked
  return result
}

function otherPolicy(): IntercomError {
  return new IntercomError('this key was used while other calls needed a person than do now', {
    code: 'approval_elsewhere',
    outcome: 'unknown',
    hint: 'This call has sent nothing; an earlier one may have. Call with the policy of that time, or look in Intercom before you use a new key.',
  })
}

/** An input that the action takes, and its hash: one that it refuses leaves nothing behind. */
async function checked(action: AnyAction, given: unknown): Promise<{ input: unknown; input_hash: string }> {
  return await orRefusal(action, async () => {
    const input = hostInput(action, given)
    parsedInput(action, input)
    return { input, input_hash: await inputHash(action.name, input) }
  })
}

async function expire(ctx: ObjectContext): Promise<void> {
  const state = await ctx.get<OperationState>('operation')
  const remaining = state === null ? 0 : state.at + retentionMs - (await ctx.date.now())
  if (remaining > 0) expireLater(ctx, name, remaining)
  else ctx.clearAll()
}

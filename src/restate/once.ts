import { handlers, type ObjectContext, object } from '@restatedev/restate-sdk'
import { withToolsets } from '../actions/toolsets.ts'
import type { AnyAction } from '../core/action.ts'
import { hostInput } from '../core/host-input.ts'
import { type EarlierAttempt, inputHash, retentionMs } from '../core/journal.ts'
import { parsedInput } from '../core/run.ts'
import type { ActionInput, ActionName, ActionOutput } from '../intercom.ts'
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
    const now = await ctx.date.now()
    const at = known?.at ?? now
    // A run that an operator has killed left neither a result nor what is unresolved.
    const earlier =
      known === null ? null : (known.unresolved ?? { sent_at: at, alive_at: now, unknown: false })
    const state: OperationState = { action: action.name, input_hash, at, unresolved: null, result: null }
    if ((await ctx.get('timer')) === null) {
      ctx.set('timer', true) // one for a key, however often it is free again
      expireLater(ctx, name, retentionMs)
    }
    ctx.set('operation', state)
    const operation = `once ${ctx.key}`
    const result = await runWrite(ctx, runtime, { operation, action, input: async () => input, earlier })
    if (result.isFinal) ctx.set('operation', { ...state, result })
    else if (result.unresolved) ctx.set('operation', { ...state, unresolved: result.unresolved })
    else ctx.clear('operation')
    return respond(result)
  }
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

import { handlers, type ObjectContext, object, rpc } from '@restatedev/restate-sdk'
import { actions } from '../actions/index.ts'
import type { AnyAction } from '../core/action.ts'
import { hashOf } from '../core/input-hash.ts'
import type { EarlierAttempt } from '../core/journal.ts'
import { failed, parsedInput } from '../core/run.ts'
import { IntercomError } from '../errors.ts'
import type { ActionInput, ActionName, ActionOutput } from '../intercom.ts'
import type { Engine } from './engine.ts'
import type { Outcome } from './receipt.ts'
import { finished, outcomeOf, refusal } from './response.ts'
import { act, type Done } from './run-writes.ts'
import { keptForMs, quiet } from './service-options.ts'

/** The handlers of the object `intercom_once`, whose key is the caller's own for what they intend. */
export type IntercomOnce = {
  [Name in ActionName]: (ctx: ObjectContext, input: ActionInput<Name>) => Promise<Outcome<ActionOutput<Name>>>
}

/** What is kept of an intent: a hash of its input, and ids. */
type Intent = {
  action: string
  input_hash: string
  at: number
  open: EarlierAttempt | null
  done: Done | null
}

type Forgetting = { forget(ctx: ObjectContext): Promise<void> }

/** One object per intent: the key is the caller's, the first input under it is the only one. */
export function intercomOnce(engine: Engine) {
  const writes = (actions as readonly AnyAction[]).filter(({ effect }) => effect !== 'read')
  const all = writes.map((action) => [action.name, onceHandlerOf(engine, action)] as const)
  return object({
    name: 'intercom_once',
    description: 'The writing actions, each key once: the same key with another input is refused.',
    options: quiet,
    handlers: {
      ...Object.fromEntries(all),
      forget: handlers.object.exclusive({ ingressPrivate: true }, forget),
    },
  })
}

function onceHandlerOf(engine: Engine, action: AnyAction) {
  return async (ctx: ObjectContext, input: unknown): Promise<Outcome> => {
    const id = `once ${ctx.key}`
    const input_hash = await checkedHash(action, input)
    const known = await ctx.get<Intent>('intent')
    if (known !== null && (known.action !== action.name || known.input_hash !== input_hash)) {
      throw refusal(
        'idempotency_key_mismatch',
        'this key was used with another action or input. Nothing was sent. Use a new key for a new intent.',
      )
    }
    if (known?.done) return finished(known.done)
    const now = await ctx.date.now()
    const at = known?.at ?? now
    // A run that was killed by an operator has left neither an outcome nor a word of what is open.
    const open = known === null ? null : (known.open ?? { sent_at: at, alive_at: now, unknown: false })
    const intent: Intent = { action: action.name, input_hash, at, open: null, done: null }
    if ((await ctx.get('timer')) === null) forgetLater(ctx, keptForMs)
    ctx.set('intent', intent)
    const [done] = await act(ctx, engine, [{ id, action, input: async () => input, open }])
    if (done?.kept) ctx.set('intent', { ...intent, done })
    else if (done?.open) ctx.set('intent', { ...intent, open: done.open })
    else ctx.clear('intent')
    return finished(done)
  }
}

/** The hash of an input that the action takes: what it refuses leaves nothing behind. */
async function checkedHash(action: AnyAction, input: unknown): Promise<string> {
  try {
    parsedInput(action, input)
    return await hashOf(action.name, input)
  } catch (error) {
    if (!(error instanceof IntercomError)) throw error
    const { output, failure } = failed(action, error, (text) => text)
    outcomeOf(output, failure) // a refusal, which is thrown
    throw error
  }
}

/** One timer for a key, however often it is free again. */
function forgetLater(ctx: ObjectContext, delay: number): void {
  ctx.set('timer', true)
  ctx.objectSendClient<Forgetting>({ name: 'intercom_once' }, ctx.key).forget(rpc.sendOpts({ delay }))
}

async function forget(ctx: ObjectContext): Promise<void> {
  const intent = await ctx.get<Intent>('intent')
  const left = intent === null ? 0 : intent.at + keptForMs - (await ctx.date.now())
  if (left > 0) forgetLater(ctx, left)
  else ctx.clearAll()
}

import { type Context, handlers, service } from '@restatedev/restate-sdk'
import { actions } from '../actions/index.ts'
import type { ActionInput, ActionName, ActionOutput } from '../adapters/functions.ts'
import type { AnyAction } from '../core/action.ts'
import { act } from './act.ts'
import type { Engine } from './engine.ts'
import { finished, outcomeOf } from './outcome.ts'
import { quiet } from './quiet.ts'
import type { Outcome } from './receipt.ts'

/** The handlers of the service `intercom`: for `ctx.serviceClient<IntercomService>({ name: 'intercom' })`. */
export type IntercomService = {
  [Name in ActionName]: (ctx: Context, input: ActionInput<Name>) => Promise<Outcome<ActionOutput<Name>>>
}

/**
 * One durable handler per action. Writes can be called by handlers only, whose own journal makes each call one; from
 * outside, `intercom_once` takes them under a key of the caller's.
 */
export function intercomService(engine: Engine) {
  const all = (actions as readonly AnyAction[]).map(
    (action) => [action.name, handlerOf(engine, action)] as const,
  )
  return service({
    name: 'intercom',
    description: 'The actions of modulex-intercom. Writes from outside: intercom_once.',
    options: quiet,
    handlers: Object.fromEntries(all),
  })
}

function handlerOf(engine: Engine, action: AnyAction) {
  if (action.effect === 'read') return (ctx: Context, input: unknown) => read(ctx, engine, action, input)
  return handlers.handler(
    { ingressPrivate: true },
    async (ctx: Context, input: unknown): Promise<Outcome> => {
      const [done] = await act(ctx, engine, [
        { id: ctx.request().id, action, input: async () => input, open: null },
      ])
      return finished(done)
    },
  )
}

/** Reads are not written down: a run that comes back reads again. */
async function read(ctx: Context, engine: Engine, action: AnyAction, input: unknown): Promise<Outcome> {
  const signal = ctx.request().attemptCompletedSignal
  const { output, failure } = await engine.intercom.call(action.name as string, input, { signal })
  if (failure?.retryable === true) throw new Error(output.error ?? failure.code) // the engine tries again
  return outcomeOf(output, failure)
}

import { type Context, handlers, service } from '@restatedev/restate-sdk'
import { actions } from '../actions/index.ts'
import type { AnyAction } from '../core/action.ts'
import type { ActionInput, ActionName, ActionOutput } from '../intercom.ts'
import type { Engine } from './engine.ts'
import type { Outcome } from './receipt.ts'
import { finished, outcomeOf } from './response.ts'
import { act, mostTries, pauseMs } from './run-writes.ts'
import { quiet } from './service-options.ts'

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
        { id: `call ${ctx.request().id}`, action, input: async () => input, open: null },
      ])
      return finished(done)
    },
  )
}

/** What was read is not written down, only whether it has to be read again. */
async function read(ctx: Context, engine: Engine, action: AnyAction, input: unknown): Promise<Outcome> {
  const signal = ctx.request().attemptCompletedSignal
  const ask = () => engine.intercom.call(action.name as string, input, { signal })
  for (let tries = 1; ; tries++) {
    let result: Awaited<ReturnType<typeof ask>> | undefined
    const again = await ctx.run(action.name, async () => {
      result = await ask()
      return result.failure?.retryable === true
    })
    if (again && tries < mostTries) {
      await ctx.sleep(pauseMs(ctx, tries), 'Intercom asks to wait')
      continue
    }
    const { output, failure } = result ?? (await ask()) // this attempt did not read it itself
    return outcomeOf(output, failure)
  }
}

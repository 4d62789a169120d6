import { type Context, handlers, service } from '@restatedev/restate-sdk'
import { withToolsets } from '../actions/toolsets.ts'
import type { AnyAction } from '../core/action.ts'
import { hostInput } from '../core/host-input.ts'
import type { ActionInput, ActionName, ActionOutput } from '../intercom.ts'
import { askedCall } from './asking.ts'
import { type DurableResult, orRefusal, respond } from './response.ts'
import { maxTries, pauseMs, runWrite } from './run-writes.ts'
import { serviceOptions } from './service-options.ts'
import type { Runtime } from './write-attempt.ts'

/** The handlers of the service `intercom`: for `ctx.serviceClient<IntercomService>({ name: 'intercom' })`. */
export type IntercomService = {
  [Name in ActionName]: (ctx: Context, input: ActionInput<Name>) => Promise<DurableResult<ActionOutput<Name>>>
}

/**
 * One durable handler per action. Writes can be called by handlers only, whose own journal makes each call happen once;
 * from outside, `intercom_once` takes them under a key of the caller's.
 */
export function intercomService(runtime: Runtime) {
  const all = withToolsets(runtime.intercom.toolsets).map(
    (action) => [action.name, handlerOf(runtime, action)] as const,
  )
  return service({
    name: 'intercom',
    description: 'The actions of modulex-intercom. Writes from outside: intercom_once.',
    options: serviceOptions,
    handlers: Object.fromEntries(all),
  })
}

function handlerOf(runtime: Runtime, action: AnyAction) {
  const asked = async (ctx: Context, given: unknown) => {
    const { asking } = runtime
    if (asking?.mayNeed(action) !== true) return null
    const input = await orRefusal(action, () => hostInput(action, given))
    const needs = await orRefusal(action, () => asking.needs(action, input))
    return needs ? respond(await askedCall(ctx, asking, { action, input, key: undefined })) : null
  }
  if (action.effect === 'read')
    return async (ctx: Context, input: unknown) =>
      (await asked(ctx, input)) ?? (await read(ctx, runtime, action, input))
  return handlers.handler({ ingressPrivate: true }, async (ctx: Context, input: unknown) => {
    const answer = await asked(ctx, input)
    if (answer !== null) return answer
    const operation = `call ${ctx.request().id}`
    return respond(
      await runWrite(ctx, runtime, {
        operation,
        action,
        input: async () => hostInput(action, input),
        earlier: null,
      }),
    )
  })
}

/** Answers are not recorded, only whether to read again. */
async function read(
  ctx: Context,
  { intercom }: Runtime,
  action: AnyAction,
  given: unknown,
): Promise<DurableResult> {
  const signal = ctx.request().attemptCompletedSignal
  const input = await orRefusal(action, () => hostInput(action, given))
  const call = () => intercom.call(action.name, input, { signal })
  for (let tries = 1; ; tries++) {
    let result: Awaited<ReturnType<typeof call>> | undefined
    const isRetryable = await ctx.run(action.name, async () => {
      result = await call()
      return result.failure?.retryable === true
    })
    if (isRetryable && tries < maxTries) {
      await ctx.sleep(pauseMs(ctx, tries), 'retrying after a failure')
      continue
    }
    return respond(result ?? (await call())) // an earlier attempt read it
  }
}

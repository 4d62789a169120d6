import type { Context } from '@restatedev/restate-sdk'
import type { Engine } from './engine.ts'

/** Aborts when the engine has given this attempt up. */
export function signalOf(ctx: Context): AbortSignal {
  return ctx.request().attemptCompletedSignal
}

/** Turns for so many calls. Those of an attempt that the engine gives up are free again. */
export function turnsOf(ctx: Context, { slots }: Engine, count: number) {
  let unused = 0
  const leaveUnused = () => {
    slots.leave(unused)
    unused = 0
  }
  return {
    async enter(): Promise<boolean> {
      const entered = await slots.enter(count)
      if (!entered) return false
      unused = count
      signalOf(ctx).addEventListener('abort', leaveUnused, { once: true })
      if (signalOf(ctx).aborted) leaveUnused()
      return true
    },
    /** A call that an earlier attempt has begun takes its turn when there is one. */
    async take<T>(call: () => Promise<T>): Promise<T> {
      if (unused > 0) unused -= 1
      else await slots.wait()
      try {
        return await call()
      } finally {
        slots.leave(1)
      }
    },
  }
}

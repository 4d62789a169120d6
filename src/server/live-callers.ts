import type { ServedCaller } from './caller.ts'
import { busy, type Refusal } from './refusal.ts'

/**
 * Callers that come with tokens, of whom there may be any number: served while they call. Beyond `most` the one that has
 * been idle longest gives way, with its counts; its live lists end, for it to ask for them again.
 */
export function liveCallers(most: number) {
  const live = new Map<string, ServedCaller>() // the longest idle first
  return {
    of(name: string, serve: () => ServedCaller): ServedCaller | Refusal {
      const known = live.get(name)
      live.delete(name)
      if (known === undefined && live.size >= most) {
        const idle = [...live.values()].find((one) => one.isIdle())
        if (idle === undefined) return busy
        live.delete(idle.name)
        idle.close().catch(() => {})
      }
      const caller = known ?? serve()
      if (known === undefined) caller.begin()
      live.set(name, caller)
      return caller
    },
    all: () => [...live.values()],
    /** It is no longer allowed anything. */
    end(name: string): void {
      live.get(name)?.end()
      live.delete(name)
    },
  }
}

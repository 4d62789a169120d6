import type { CallOptions, Intercom } from '../intercom.ts'

/** The calls of one caller that run. */
export type RunningCalls = {
  /** The same client, whose calls are counted here. */
  watched<Client extends Pick<Intercom, 'call'>>(intercom: Client): Client
  /** Ends those that wait or only read. What has been transmitted and may change something goes on, so that its outcome is known. */
  stop(): void
  /** Calls back once none runs. */
  whenIdle(act: () => void): void
}

export function runningCalls(): RunningCalls {
  const running = new Set<{ stop: AbortController; transmitted: boolean }>()
  let waiting: (() => void)[] = []
  return {
    watched(intercom) {
      const call = async (name: string, input?: unknown, options: CallOptions = {}) => {
        const one = { stop: new AbortController(), transmitted: false }
        const onStep: CallOptions['onStep'] = (step) => {
          if (step.step === 'transmitted') one.transmitted = true
          options.onStep?.(step)
        }
        const signals = [one.stop.signal, ...(options.signal ? [options.signal] : [])]
        running.add(one)
        try {
          return await intercom.call(name, input, { ...options, onStep, signal: AbortSignal.any(signals) })
        } finally {
          running.delete(one)
          if (running.size === 0) for (const act of waiting.splice(0)) act()
        }
      }
      return { ...intercom, call: call as Intercom['call'] } // the same function, seen by a name known at run time
    },
    stop() {
      for (const { stop, transmitted } of running) if (!transmitted) stop.abort()
    },
    whenIdle(act) {
      if (running.size === 0) act()
      else waiting = [...waiting, act]
    },
  }
}

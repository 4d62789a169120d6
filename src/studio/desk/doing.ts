import { useRef, useState } from 'preact/hooks'
import { messageOf, Refused } from '../shell/server.ts'

export type Doing = {
  isBusy: boolean
  problem: string | null
  /**
   * Does something once, however often it is asked for meanwhile. Answers whether it worked; `what` is told where it did
   * not: `The reply`.
   */
  run(what: string, work: () => Promise<unknown>): Promise<boolean>
  clear(): void
}

export function useDoing(): Doing {
  const isRunning = useRef(false)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  return {
    isBusy,
    problem,
    async run(what, work) {
      if (isRunning.current) return false
      isRunning.current = true
      setBusy(true)
      setProblem(null)
      try {
        await work()
        return true
      } catch (error) {
        setProblem(sentenceOf(what, error))
        return false
      } finally {
        isRunning.current = false
        setBusy(false)
      }
    },
    clear: () => setProblem(null),
  }
}

/** Whether Intercom may have done it although its answer is an error or none. */
export function isUnknown(error: unknown): boolean {
  return !(error instanceof Refused) || error.status === 0 || error.status >= 500 || error.status === 408
}

function sentenceOf(what: string, error: unknown): string {
  const said = messageOf(error)
  if (!isUnknown(error)) return `${what} was not accepted. ${said}`
  return `It is not known whether ${what.charAt(0).toLowerCase()}${what.slice(1)} took effect. ${said} Look before you try again.`
}

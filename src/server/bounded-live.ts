import { refused } from './approvals/answers.ts'
import type { MountHandler } from './mounts.ts'
import { asLive, endingBy, liveOf } from './rest/live.ts'

/** Ends a live list that was asked for with a token: whoever asks again shows that it is still good. */
export const untilTokenIsShown = () => AbortSignal.timeout(300_000)

/**
 * Counts the live lists of somebody, over all handlers, and refuses those beyond `most`. `whose`: who that is, in a sentence.
 * `until`: is asked when a list begins, for what ends it.
 */
export function boundedLive(most: number, whose: string) {
  let open = 0
  return (handler: MountHandler, until?: () => AbortSignal): MountHandler => ({
    ...handler,
    async fetch(asked) {
      const answer = await handler.fetch(asked)
      const how = liveOf(answer)
      if (how === undefined) return answer
      if (open >= most) {
        await answer.body?.cancel()
        how.over?.()
        return refused(429, 'too_many_lists', `${whose} has ${most} live lists open already. Close one.`)
      }
      open += 1
      const over = () => {
        open -= 1
        how.over?.()
      }
      return endingBy(asLive(answer, { ...how, over }), until ? [until()] : [])
    },
  })
}

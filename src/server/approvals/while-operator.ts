import type { MountHandler } from '../mounts.ts'
import { endingBy } from '../rest/live.ts'
import { refused } from './answers.ts'
import type { Operator } from './operator.ts'

/** The same handler for as long as they are an operator: also of a request that has begun before that. */
export function whileOperator({ ended }: Operator, handler: MountHandler): MountHandler {
  if (ended === undefined) return handler
  const { signal } = ended
  return {
    async fetch(request) {
      if (signal.aborted) return refused(401, 'wrong_key', 'This operator is not configured any more.')
      return endingBy(await handler.fetch(request), [signal])
    },
  }
}

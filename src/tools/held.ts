import type { Approver, AskedCall } from '../approvals/holding.ts'
import type { Approve } from './invoke.ts'
import type { Tool } from './policy.ts'

/** Asks a person who is not there now: the call is held until they have decided, and then answered by its outcome. */
export function held(
  approver: Approver,
  tool: Tool,
  asked: Pick<AskedCall, 'idempotencyKey' | 'askedBy'> = {},
): Approve {
  return async (input, look) => {
    const found = await approver.hold({ action: tool.action.name, input, ...asked }, look)
    if ('answer' in found) return found
    return { answer: await approver.answer(found.approval, found.earlier) }
  }
}

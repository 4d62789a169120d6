import type { Context } from '@restatedev/restate-sdk'
import { type Asker, holding, keepPerforming, openApprovals } from '../approvals/index.ts'
import type { AnyAction, Result } from '../core/action.ts'
import { outcomeOf } from '../core/outcome.ts'
import { idsOnly } from '../core/receipt.ts'
import { failed, parsedInput } from '../core/run.ts'
import { IntercomError } from '../errors.ts'
import type { AnyIntercom } from '../intercom.ts'
import type { Tool } from '../tools/policy.ts'

/** How the calls of a worker that need a person wait for one. */
export type Asking = {
  /** Whether a person may have to decide on calls of this action. */
  mayNeed(action: AnyAction): boolean
  /** Whether a person has to decide on this call, which the action takes. */
  needs(action: AnyAction, input: unknown): boolean
  /** Holds a call: answers its approval, or its result if it cannot be held. */
  hold(action: AnyAction, input: unknown, key: string | undefined): Promise<{ approval: string } | Result>
  /** The result of an approval; an approved call is made now if it has not been. */
  answer(action: AnyAction, id: string): Promise<AskedResult>
  close(): Promise<void>
}

/** `note`: what a person has decided, and changed. */
export type AskedResult = Result & { note?: string }

/** Whose calls they are, to whoever decides. */
const caller = 'restate'

/**
 * Holds calls in a file of this machine: a decision comes when Restate's journal of the call has ended. `client`: its
 * journal is a file of this machine too, through which approved calls are made once, whichever worker tries.
 */
export function openAsking(tools: readonly Tool[], file: string, client: AnyIntercom): Asking {
  const byName = new Map(tools.map((tool) => [tool.action.name, tool]))
  const store = openApprovals(file)
  const approver = holding(store, { caller }).approver(client)
  const makesFor = (who: Asker) => who.caller === caller
  const stop = keepPerforming(store, () => [{ ...client, makesFor }])
  return {
    mayNeed: ({ name }) => byName.get(name)?.mayNeedApproval ?? false,
    needs: (action, input) => byName.get(action.name)?.needsApproval(parsedInput(action, input)) ?? false,
    async hold(action, input, idempotencyKey) {
      const call = { action: action.name, input, idempotencyKey }
      const held = await outcomeOf(
        approver.hold(call, async () => {
          const seen = await client.preview(action.name, input)
          return seen.preview === null ? { answer: seen } : { preview: seen.preview }
        }),
      )
      if ('failure' in held) return failed(action, held.failure, (text) => text)
      return 'answer' in held.value ? idsIn(held.value.answer) : { approval: held.value.approval.id }
    },
    async answer(action, id) {
      const approval = await outcomeOf(store.get(id))
      if ('failure' in approval) return failed(action, approval.failure, (text) => text)
      if (approval.value === null) return failed(action, elsewhere(id), (text) => text)
      const answered = await outcomeOf(approver.answer(approval.value))
      if ('failure' in answered) return failed(action, answered.failure, (text) => text)
      return { ...idsIn(answered.value), note: answered.value.note }
    },
    async close() {
      await stop()
      store.close()
      await client.close()
    },
  }
}

/** A call that a person decides on. `known`: its approval, where it has one; `onHeld` is told of a new one. */
export async function askedCall(
  ctx: Context,
  asking: Asking,
  call: { action: AnyAction; input: unknown; key: string | undefined; known?: string | undefined },
  onHeld: (approval: string) => void = () => {},
): Promise<AskedResult> {
  const { action, input, key, known } = call
  if (known !== undefined) {
    const answer = await ctx.run('answer', () => asking.answer(action, known))
    if (answer.failure?.code !== 'approval_lapsed') return answer
  }
  const held = await ctx.run('hold', () => asking.hold(action, input, key))
  if (!('approval' in held)) return held
  onHeld(held.approval)
  return await ctx.run('answer', () => asking.answer(action, held.approval))
}

function idsIn({ output, failure }: Result): Result {
  return { output: idsOnly(output, null), failure }
}

/** This worker cannot say what became of it. */
function elsewhere(id: string): IntercomError {
  return new IntercomError(`approval ${id} is not in this worker's file of approvals`, {
    code: 'approval_elsewhere',
    outcome: 'unknown',
    hint: 'This call has sent nothing. Let all workers have the same file of approvals, on one machine, and call again.',
  })
}

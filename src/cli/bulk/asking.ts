import { basename, dirname } from 'node:path'
import type { ApprovalStore, Approver } from '../../approvals/index.ts'
import type { Sender } from '../../bulk/index.ts'
import type { AnyAction } from '../../core/action.ts'
import { failed, parsedInput } from '../../core/run.ts'
import { IntercomError } from '../../errors.ts'
import type { Intercom } from '../../intercom.ts'
import { type Tool, toolsOf } from '../../tools/policy.ts'
import { filesOf } from '../approvals/file.ts'
import { orUsageError } from '../command.ts'
import { accessOf } from '../connection.ts'
import { UsageError } from '../flags.ts'

/** What a person decides on of a job, and the file where their decisions are. */
export type Asking = { tool: Tool; file: string }

/** `null` where nobody is asked about any row. Throws a `UsageError` where no row may be sent at all. */
export async function askingOf(action: AnyAction, values: Record<string, unknown>): Promise<Asking | null> {
  const { sends, approve } = accessOf(values)
  const access = { toolsets: ['all'] as const, only: [action.name], sends, approve }
  const [tool] = await orUsageError(() => toolsOf(access))
  if (tool === undefined) throw new UsageError(`${action.name} is disabled by --sends off`)
  if (!tool.mayNeedApproval) return null
  if (values['local'] === true)
    throw new UsageError(
      '--local and --sends confirm cannot be combined: the local Intercom is discarded when the command ends',
    )
  return { tool, file: (await filesOf(values)).file }
}

/** What a job keeps to: what was held must not be sent without a decision, nor be held in another file as well. */
export function termsOf(asking: Asking | null, values: Record<string, unknown>): string | undefined {
  if (asking === null) return undefined
  const { approve = ['send', 'destructive'] } = accessOf(values)
  return `${[...approve].sort().join(', ')} in ${asking.file}`
}

/** Makes the calls of a job's rows that need a person, once they have approved them. */
export async function openAsking({ tool, file }: Asking, intercom: Intercom, journal: string) {
  const { holding, openApprovals } = await import('../../approvals/index.ts')
  const store: ApprovalStore = await orUsageError(() => openApprovals(file))
  const askedBy = basename(dirname(journal))
  let approver: Approver | undefined
  return {
    needs: (input: unknown) => tool.needsApproval(parsedInput(tool.action, input)),
    /** `null` where the journal has the outcome. */
    async call(
      input: unknown,
      idempotencyKey: string | undefined,
      caller: string,
    ): Promise<Awaited<ReturnType<Sender['call']>> | null> {
      approver ??= holding(store, { caller, transient: true }).approver(intercom)
      try {
        const call = { action: tool.action.name, input, idempotencyKey, askedBy }
        const held = await approver.hold(call, async () => {
          const seen = await intercom.preview(tool.action.name, input)
          return seen.preview === null ? { answer: seen } : { preview: seen.preview }
        })
        if ('answer' in held) return { ...held.answer, request_id: held.answer.failure?.request_id ?? null }
        const { output, failure, trace } = await approver.answer(held.approval, held.earlier)
        return { output, failure, request_id: failure?.request_id ?? trace?.request_id ?? null }
      } catch (error) {
        if (!(error instanceof IntercomError)) throw error
        return { ...failed(tool.action, error, (text) => text), request_id: null }
      }
    },
    close: () => store.close(),
  }
}

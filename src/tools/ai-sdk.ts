// Subpath `/ai-sdk`: the actions as tools of the AI SDK, versions 6 and 7.

import { jsonSchema, type ModelMessage, type ToolSet } from 'ai'
import type { Envelope } from '../core/action.ts'
import type { ActionName, DefaultActionName, Intercom } from '../intercom.ts'
import { callableTools, confirmationText, hashOf } from './callable.ts'
import { compactText } from './compact/render.ts'
import type { ToolOptions } from './offer.ts'

export { confirmationText, type ToolOptions }

/** Tools by name; those of toolsets where they are chosen. */
export type Offered = Record<DefaultActionName, ToolSet[string]> &
  Partial<Record<ActionName, ToolSet[string]>>

/** What the SDK hands a tool; only its types vouch for it. */
type Execution = { toolCallId?: string; messages?: ModelMessage[]; abortSignal?: AbortSignal | undefined }

/**
 * The actions as a `ToolSet`, by name; those that an option excludes are absent. With `sends: 'confirm'` those that
 * reach a customer have `needsApproval`, and send only a call whose approval is in the messages that the SDK hands
 * them, with the very input that it asked about. A tool's output is the envelope; a failure reaches the model as an
 * error that says what to do. Throws an `IntercomError` on options that name no action or parameter.
 *
 * @example
 * const agent = new ToolLoopAgent({ model, tools: intercomTools(intercom, { sends: 'confirm' }) })
 */
export function intercomTools(intercom: Pick<Intercom, 'call'>, options: ToolOptions = {}): Offered {
  const tools = callableTools(intercom, options)
  const made: ToolSet = Object.fromEntries(
    tools.map(
      ({ description: { name, title, description, input_schema }, mayNeedApproval, needsApproval, call }) => [
        name,
        {
          title,
          description,
          inputSchema: jsonSchema<unknown>(input_schema),
          needsApproval: mayNeedApproval && needsApproval,
          async execute(given: unknown, { abortSignal, ...asked }: Execution) {
            const approved = mayNeedApproval && (await wasApproved(name, given, asked))
            const answer = await call(given, { approved, signal: abortSignal })
            return answer.structured
          },
          toModelOutput: ({ output }: { output: Envelope }) => ({
            type: output.success ? ('text' as const) : ('error-text' as const),
            value: options.output === 'full' ? JSON.stringify(output) : compactText(output),
          }),
        },
      ],
    ),
  )
  return made as Offered // the names are the actions'
}

/** Whether the messages hold a person's yes to this call, as the model made it. */
async function wasApproved(name: string, given: unknown, asked: Execution): Promise<boolean> {
  const { toolCallId, messages = [] } = asked
  const parts = messages.flatMap(({ content }): { type: string }[] => (Array.isArray(content) ? content : []))
  const of = <Type extends Part['type']>(type: Type) =>
    parts.filter((part): part is Extract<Part, { type: Type }> => part.type === type)
  const call = of('tool-call').findLast((one) => one.toolCallId === toolCallId)
  if (toolCallId === undefined || call?.toolName !== name) return false
  if (of('tool-result').some((one) => one.toolCallId === toolCallId)) return false
  const ids = of('tool-approval-request').flatMap((one) =>
    one.toolCallId === toolCallId ? one.approvalId : [],
  )
  const answers = of('tool-approval-response').filter(({ approvalId }) => ids.includes(approvalId))
  if (answers.length === 0 || !answers.every(({ approved }) => approved === true)) return false
  const [input, shown] = await Promise.all([hashOf(name, given), hashOf(name, call.input)])
  return input !== null && input === shown
}

type Part = Exclude<ModelMessage['content'], string>[number]

// Subpath `/ai-sdk`: the actions as tools of the AI SDK, versions 6 and 7.

import { jsonSchema, type ToolSet } from 'ai'
import type { Envelope } from '../core/action.ts'
import type { ActionName, DefaultActionName, Intercom } from '../intercom.ts'
import { callableTools, confirmationText } from './callable.ts'
import { compactText } from './compact/render.ts'
import type { ToolOptions } from './invoke.ts'

export { confirmationText, type ToolOptions }

/** By name; those of toolsets where they are chosen. */
type Offered = Record<DefaultActionName, ToolSet[string]> & Partial<Record<ActionName, ToolSet[string]>>

/**
 * The actions as a `ToolSet`, by name; those that an option excludes are absent. With `sends: 'confirm'` those that
 * reach a customer have `needsApproval`, and the SDK asks before it runs them. A tool's output is the envelope; a
 * failure reaches the model as an error that says what to do. Throws an `IntercomError` on options that name no action or parameter.
 *
 * @example
 * const agent = new ToolLoopAgent({ model, tools: intercomTools(intercom, { sends: 'confirm' }) })
 */
export function intercomTools(intercom: Pick<Intercom, 'call'>, options: ToolOptions = {}): Offered {
  const tools = callableTools(intercom, options)
  const made: ToolSet = Object.fromEntries(
    tools.map(({ description: { name, title, description, input_schema }, needsApproval, call }) => [
      name,
      {
        title,
        description,
        inputSchema: jsonSchema<unknown>(input_schema),
        needsApproval,
        async execute(given: unknown, { abortSignal }: { abortSignal?: AbortSignal | undefined }) {
          const answer = await call(given, { approved: true, signal: abortSignal })
          return answer.structured
        },
        toModelOutput: ({ output }: { output: Envelope }) => ({
          type: output.success ? ('text' as const) : ('error-text' as const),
          value: options.output === 'full' ? JSON.stringify(output) : compactText(output),
        }),
      },
    ]),
  )
  return made as Offered // the names are the actions'
}

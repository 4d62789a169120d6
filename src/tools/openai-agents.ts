// Subpath `/openai-agents`: the actions as tools of the OpenAI Agents SDK.

import { type FunctionTool, tool } from '@openai/agents'
import type { ActionName, Intercom } from '../intercom.ts'
import { callableTools, confirmationText } from './callable.ts'
import type { ToolOptions } from './invoke.ts'

export { confirmationText, type ToolOptions }

/** The SDK's type of a JSON Schema; the action itself checks the input. */
export type ToolParameters = {
  type: 'object'
  properties: Record<string, object>
  required: string[]
  additionalProperties: true
}

/** A tool whose name is an action's. */
export type OpenAIAgentsTool = FunctionTool<unknown, ToolParameters, string> & { name: ActionName }

/**
 * The actions as function tools. With `sends: 'confirm'` those that reach a customer need approval: the run stops
 * with `interruptions` before them. A failure is answered as a text that says what to do, never thrown. Throws an
 * `IntercomError` on options that name no action or parameter.
 *
 * @example
 * const agent = new Agent({ name: 'Support', tools: intercomTools(intercom, { sends: 'confirm' }) })
 */
export function intercomTools(
  intercom: Pick<Intercom, 'call'>,
  options: ToolOptions = {},
): OpenAIAgentsTool[] {
  return callableTools(intercom, options).map(
    ({ description: { name, description, input_schema }, needsApproval, call }) =>
      tool({
        name,
        description,
        parameters: input_schema as ToolParameters,
        strict: false,
        needsApproval,
        execute: async (given, _context, details) =>
          (await call(given, { approved: true, signal: details?.signal })).text,
      }) as OpenAIAgentsTool, // the names are the actions'
  )
}

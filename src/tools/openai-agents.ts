// Subpath `/openai-agents`: the actions as tools of the OpenAI Agents SDK.

import { type FunctionTool, tool } from '@openai/agents'
import type { Intercom } from '../intercom.ts'
import { callableTools, type ToolOptions } from './tools.ts'

export type { ToolOptions }

/** JSON Schema in the SDK's words; what a call is given is checked by the action itself. */
type Parameters = {
  type: 'object'
  properties: Record<string, object>
  required: string[]
  additionalProperties: true
}

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
): FunctionTool<unknown, Parameters, string>[] {
  return callableTools(intercom, options).map(
    ({ description: { name, description, input_schema }, needsApproval, call }) =>
      tool({
        name,
        description,
        parameters: input_schema as Parameters,
        strict: false,
        needsApproval,
        execute: async (given, _context, details) =>
          (await call(given, { approved: true, signal: details?.signal })).text,
      }),
  )
}

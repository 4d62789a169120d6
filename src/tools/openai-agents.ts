// Subpath `/openai-agents`: the actions as tools of the OpenAI Agents SDK.

import { type FunctionTool, type RunContext, tool } from '@openai/agents'
import { jsonValue } from '../core/exact-json.ts'
import type { ActionName, Intercom } from '../intercom.ts'
import { callableTools, confirmationText, hashOf } from './callable.ts'
import type { ToolOptions } from './offer.ts'

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

/** What the SDK tells a tool of its call. */
type Details = NonNullable<Parameters<OpenAIAgentsTool['invoke']>[2]>

/** The inputs that were asked about, by tool call id. */
type Asked = Map<string, Promise<string | null>>

/** How many questions are remembered. */
const maxAsked = 1000

/**
 * The actions as function tools. With `sends: 'confirm'` those that reach a customer need approval: the run stops
 * with `interruptions` before them, and they send only what the run's state has as approved. A failure is answered as
 * a text that says what to do, never thrown. Throws an `IntercomError` on options that name no action or parameter.
 *
 * @example
 * const agent = new Agent({ name: 'Support', tools: intercomTools(intercom, { sends: 'confirm' }) })
 */
export function intercomTools(
  intercom: Pick<Intercom, 'call'>,
  options: ToolOptions = {},
): OpenAIAgentsTool[] {
  const asked: Asked = new Map()
  return callableTools(intercom, options).map(
    ({ description: { name, description, input_schema }, mayNeedApproval, needsApproval, call }) =>
      tool({
        name,
        description,
        parameters: input_schema as ToolParameters,
        strict: false,
        needsApproval:
          mayNeedApproval &&
          (async (_context, given, id) =>
            (await needsApproval(given)) && remember(asked, id, hashOf(name, given))),
        execute: async (given, context, details) => {
          const approved = mayNeedApproval && (await wasApproved(asked, name, given, context, details))
          return (await call(given, { approved, signal: details?.signal })).text
        },
      }) as OpenAIAgentsTool, // the names are the actions'
  )
}

function remember(asked: Asked, id: string | undefined, input: Promise<string | null>): true {
  if (id === undefined) return true
  asked.delete(id) // the newest is the last
  asked.set(id, input)
  for (const oldest of asked.keys()) if (asked.size > maxAsked) asked.delete(oldest)
  return true
}

/**
 * Whether the run's state has this call as approved. The input is that which was asked about, or, where the run was
 * taken up elsewhere or the tool approved for good, that of the model's call.
 */
async function wasApproved(
  asked: Asked,
  name: string,
  given: unknown,
  context: RunContext | undefined,
  { toolCall }: Details = {},
): Promise<boolean> {
  if (toolCall?.name !== name || context?.isToolApproved === undefined) return false
  const { callId, namespace } = toolCall
  const names = namespace === undefined ? [name] : namesWithin(namespace, name)
  if (!names.some((toolName) => context.isToolApproved({ toolName, callId }) === true)) return false
  const [input, shown] = await Promise.all([
    hashOf(name, given),
    asked.get(callId) ?? hashOf(name, jsonValue(toolCall.arguments)),
  ])
  return input !== null && input === shown
}

/** What versions of the SDK call a tool of a namespace in a run's state (agents-core/src/toolIdentity.ts). */
function namesWithin(namespace: string, name: string): string[] {
  return [`${namespace}.${name}`, JSON.stringify(['namespaced', namespace, name])]
}

// Subpath `/langchain`: the actions as tools of LangChain and LangGraph.js.

import { ToolMessage } from '@langchain/core/messages'
import { type DynamicStructuredTool, tool } from '@langchain/core/tools'
import type { Intercom } from '../intercom.ts'
import { type CallableTool, callableTools, type ToolOptions } from './tools.ts'

export type { ToolOptions }

/** When the human-in-the-loop middleware stops, by tool: its `interruptOn`. */
export type InterruptOn = Record<
  string,
  { allowedDecisions: ('approve' | 'edit' | 'reject')[]; description(call: Asked): string }
>

type Asked = { id?: string | undefined; args: Record<string, unknown> }

/** Tools for an agent or a `ToolNode`, and what its middleware has to ask a person about. */
export type LangChainTools = { tools: DynamicStructuredTool[]; interruptOn: InterruptOn }

/** How many questions to people are remembered. */
const mostAsked = 1000

/**
 * The actions as LangChain tools. Each answers a `ToolMessage`: the text for the model, the envelope as `artifact`,
 * `status: 'error'` with what to do on a failure. With `sends: 'confirm'` those that reach a customer send only what
 * a person has approved through `humanInTheLoopMiddleware({ interruptOn })`; without the middleware they send
 * nothing. Throws an `IntercomError` on options that name no action or parameter.
 *
 * @example
 * const { tools, interruptOn } = intercomTools(intercom, { sends: 'confirm' })
 * const agent = createAgent({ model, tools, middleware: [humanInTheLoopMiddleware({ interruptOn })], checkpointer })
 */
export function intercomTools(intercom: Pick<Intercom, 'call'>, options: ToolOptions = {}): LangChainTools {
  const callable = callableTools(intercom, options)
  const asked = new Set<string>()
  const asking = callable.filter(({ needsApproval }) => needsApproval)
  return {
    tools: callable.map((one) => toolOf(one, (id) => asked.delete(id))),
    interruptOn: Object.fromEntries(
      asking.map(({ description: { name, title } }) => [
        name,
        {
          allowedDecisions: ['approve', 'edit', 'reject'],
          description({ id, args }) {
            if (id !== undefined) asked.add(id)
            for (const oldest of asked) if (asked.size > mostAsked) asked.delete(oldest)
            return `${title}? This reaches a customer and cannot be taken back.\n\n${JSON.stringify(args, null, 2)}`
          },
        },
      ]),
    ),
  }
}

/**
 * The middleware calls `description` just before it asks, also when it takes an answer up in another process, and lets
 * a call through only when it was approved: so a call whose id was asked about, and that arrives here, is approved.
 */
function toolOf(
  { description, call }: CallableTool,
  wasAsked: (id: string) => boolean,
): DynamicStructuredTool {
  const { name, description: text, input_schema: schema } = description
  const made = tool(
    async (given: unknown, config) => {
      const id: string | undefined = config.toolCall?.id
      const approved = id !== undefined && wasAsked(id)
      const answer = await call(given, { approved, signal: config.signal })
      if (id === undefined) return answer.text
      return new ToolMessage({
        name,
        tool_call_id: id,
        content: answer.text,
        artifact: answer.structured,
        status: answer.isError ? 'error' : 'success',
      })
    },
    { name, description: text, schema },
  )
  made.call = made.call.bind(unchecked(made))
  return made
}

/** LangChain would check the input first, and tell the model a stack trace; the action says what is wrong with it. */
function unchecked(made: DynamicStructuredTool): DynamicStructuredTool {
  return Object.create(made, { schema: { value: {} } })
}

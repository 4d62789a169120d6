// Subpath `/langchain`: the actions as tools of LangChain and LangGraph.js.

import { ToolMessage } from '@langchain/core/messages'
import { type DynamicStructuredTool, tool } from '@langchain/core/tools'
import type { ActionName, Intercom } from '../intercom.ts'
import { type CallableTool, callableTools } from './callable.ts'
import type { ToolOptions } from './invoke.ts'

export type { ToolOptions }

/** The `interruptOn` of the human-in-the-loop middleware: what it asks, by tool. */
export type InterruptOn = Partial<
  Record<
    ActionName,
    {
      allowedDecisions: ('approve' | 'edit' | 'reject')[]
      description(call: { id?: string | undefined; args: Record<string, unknown> }): string
    }
  >
>

/** A tool whose name is an action's. */
export type LangChainTool = DynamicStructuredTool & { name: ActionName }

/** Tools for an agent or a `ToolNode`, and the calls for which its middleware has to ask a person. */
export type LangChainTools = {
  tools: LangChainTool[]
  interruptOn: InterruptOn
}

/** How many open approvals are remembered. */
const maxAsked = 1000

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
      asking.map(({ description: { name }, question }) => [
        name,
        {
          allowedDecisions: ['approve', 'edit', 'reject'],
          description({ id, args }) {
            if (id !== undefined) asked.add(id)
            for (const oldest of asked) if (asked.size > maxAsked) asked.delete(oldest)
            return question(args)
          },
        },
      ]),
    ),
  }
}

/**
 * The middleware calls `description` just before it asks, also when it resumes in another process, and lets only
 * approved calls through: so a call that arrives here and whose id was asked about is approved.
 */
function toolOf({ description, call }: CallableTool, wasAsked: (id: string) => boolean): LangChainTool {
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
  return made as LangChainTool // the names are the actions'
}

/** LangChain would check the input first, and tell the model a stack trace; the action says what is wrong with it. */
function unchecked(made: DynamicStructuredTool): DynamicStructuredTool {
  return Object.create(made, { schema: { value: {} } })
}

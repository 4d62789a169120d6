// Subpath `/langchain`: the actions as tools of LangChain and LangGraph.js.

import { ToolMessage } from '@langchain/core/messages'
import { type DynamicStructuredTool, tool } from '@langchain/core/tools'
import type { ActionName, Intercom } from '../intercom.ts'
import { type CallableTool, callableTools, hashOf } from './callable.ts'
import type { ToolOptions } from './offer.ts'

export type { ToolOptions }

/** The `interruptOn` of the human-in-the-loop middleware: what it asks, by tool. */
export type InterruptOn = Partial<
  Record<
    ActionName,
    {
      allowedDecisions: ('approve' | 'edit' | 'reject')[]
      /** Versions of `langchain` that do not know it ask about every call of the tool. */
      when(request: {
        toolCall: { id?: string | undefined; args: Record<string, unknown> }
      }): Promise<boolean>
      description(
        call: { id?: string | undefined; args: Record<string, unknown> },
        state?: unknown,
      ): string | Promise<string>
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

/** How many questions are remembered, and for how long, ms; who takes a run up again asks anew. */
const maxAsked = 1000
const maxAskedMs = 600_000

/** A call that a person was asked about. `message`: the model's, in which the middleware records what they have edited. */
type Asked = { input: Promise<string | null>; at: number; message: Message | undefined; calls: unknown }
type Message = { tool_calls?: { id?: string; args: unknown }[]; tool_call_id?: string }

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
  const asked = new Map<string, Asked>()
  const asking = callable.filter(({ mayNeedApproval }) => mayNeedApproval)
  return {
    tools: callable.map((one) => toolOf(one, asked)),
    interruptOn: Object.fromEntries(
      asking.map(({ description: { name }, needsApproval, question }) => [
        name,
        {
          allowedDecisions: ['approve', 'edit', 'reject'],
          // Who resumes a run asks once more, and must not miss a question that has been put.
          when: async ({ toolCall: { id, args } }) =>
            (id !== undefined && asked.has(id)) || (await needsApproval(args)),
          description({ id, args }, state) {
            remember(asked, name, id, args, messagesOf(state))
            return question(args)
          },
        },
      ]),
    ),
  }
}

function remember(
  asked: Map<string, Asked>,
  name: string,
  id: string | undefined,
  args: unknown,
  messages: readonly Message[],
): void {
  // What was rejected is answered without a call.
  for (const { tool_call_id } of messages) if (tool_call_id !== undefined) asked.delete(tool_call_id)
  if (id === undefined) return
  const message = messages.findLast(({ tool_calls }) => tool_calls?.some((one) => one.id === id))
  asked.delete(id) // the newest is the last
  asked.set(id, { input: hashOf(name, args), at: Date.now(), message, calls: message?.tool_calls })
  for (const oldest of asked.keys()) if (asked.size > maxAsked) asked.delete(oldest)
}

function messagesOf(state: unknown): readonly Message[] {
  const messages = (state as { messages?: unknown } | undefined)?.messages
  return Array.isArray(messages) ? messages : []
}

/**
 * The middleware calls `description` just before it asks, also when it resumes in another process, and lets only
 * approved calls through: so a call is approved that arrives here once, with an id that was asked about and the very
 * input that was shown, or else what the person has made of it.
 */
async function wasApproved(
  asked: Map<string, Asked>,
  name: string,
  id: string | undefined,
  given: unknown,
): Promise<boolean> {
  const question = id === undefined ? undefined : asked.get(id)
  if (id === undefined || question === undefined) return false
  asked.delete(id)
  if (Date.now() - question.at > maxAskedMs) return false
  const { message, calls } = question
  const isDecided = message !== undefined && message.tool_calls !== calls
  const decided = message?.tool_calls?.find((one) => one.id === id)
  const approved = isDecided ? decided && hashOf(name, decided.args) : question.input
  const [input, expected] = await Promise.all([hashOf(name, given), approved])
  return input !== null && input === expected
}

function toolOf({ description, call }: CallableTool, asked: Map<string, Asked>): LangChainTool {
  const { name, description: text, input_schema: schema } = description
  const made = tool(
    async (given: unknown, config) => {
      const id: string | undefined = config.toolCall?.id
      const approved = await wasApproved(asked, name, id, given)
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

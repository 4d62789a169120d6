import { type Model, Usage } from '@openai/agents'
import { MockLanguageModelV4 } from 'ai/test'

/** What a model does in its turns: it asks for a tool with an input, then ends. */
export type Turns = readonly { tool: string; input: object; namespace?: string }[]

/** A model of the AI SDK, and what it was told. */
export function aiSdkModel(turns: Turns): MockLanguageModelV4 {
  let at = 0
  return new MockLanguageModelV4({
    doGenerate: async () => {
      const turn = turns[at++]
      const { tool: toolName = '', input = {} } = turn ?? {}
      const call = {
        type: 'tool-call',
        toolCallId: `call ${at}`,
        toolName,
        input: JSON.stringify(input),
      } as const
      return {
        content: [turn === undefined ? { type: 'text', text: 'Done.' } : call],
        finishReason: { unified: turn === undefined ? 'stop' : 'tool-calls', raw: undefined },
        usage: {
          inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: 1, text: 1, reasoning: 0 },
        },
        warnings: [],
      }
    },
  })
}

/** A model of the OpenAI Agents SDK. */
export function openAiModel(turns: Turns): Model {
  let at = 0
  return {
    getResponse: async () => {
      const turn = turns[at++]
      const { tool: name = '', input = {}, namespace } = turn ?? {}
      const call = {
        type: 'function_call',
        callId: `call ${at}`,
        name,
        ...(namespace !== undefined && { namespace }),
        arguments: JSON.stringify(input),
      } as const
      const text = { type: 'output_text', text: 'Done.' } as const
      const end = { type: 'message', role: 'assistant', status: 'completed', content: [text] } as const
      return { usage: new Usage(), output: [turn === undefined ? { ...end, content: [text] } : call] }
    },
    getStreamedResponse() {
      throw new Error('these tests do not stream')
    },
  }
}

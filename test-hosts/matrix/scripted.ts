import { Agent, type Model, Runner, Usage } from '@openai/agents'
import { generateText, type ToolSet } from 'ai'
import { MockLanguageModelV4 } from 'ai/test'
import type { intercomTools as agentTools } from '../../src/tools/openai-agents.ts'

/** The AI SDK's own loop, with a model that asks for one tool; answers the tool's output. */
export async function throughAiSdk(tools: ToolSet, name: string, input: object): Promise<unknown> {
  let asked = false
  const model = new MockLanguageModelV4({
    doGenerate: async () => {
      const first = !asked
      asked = true
      return {
        content: [
          first
            ? { type: 'tool-call', toolCallId: '1', toolName: name, input: JSON.stringify(input) }
            : { type: 'text', text: 'Done.' },
        ],
        finishReason: { unified: first ? 'tool-calls' : 'stop', raw: undefined },
        usage: {
          inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: 1, text: 1, reasoning: 0 },
        },
        warnings: [],
      }
    },
  })
  const { steps } = await generateText({
    model,
    tools,
    prompt: 'Go.',
    stopWhen: ({ steps }) => steps.length > 1,
  })
  return steps[0]?.toolResults[0]?.output
}

const runner = new Runner({ tracingDisabled: true })

/** The OpenAI Agents SDK's own loop, with a model that asks for one tool; answers what the model was told. */
export async function throughAgents(
  tools: ReturnType<typeof agentTools>,
  name: string,
  input: object,
): Promise<unknown> {
  let told: unknown
  const model: Model = {
    async getResponse({ input: items }) {
      const last = (Array.isArray(items) ? items.at(-1) : undefined) as
        | { output?: { text?: string } }
        | undefined
      if (last?.output === undefined) {
        const call = { type: 'function_call', callId: '1', name, status: 'completed' } as const
        return { usage: new Usage(), output: [{ ...call, arguments: JSON.stringify(input) }] }
      }
      told = last.output.text
      const content = [{ type: 'output_text', text: 'Done.' } as const]
      return {
        usage: new Usage(),
        output: [{ type: 'message', id: '2', role: 'assistant', status: 'completed', content }],
      }
    },
    getStreamedResponse() {
      throw new Error('not streamed here')
    },
  }
  await runner.run(new Agent({ name: 'Matrix', model, tools }), 'Go.')
  return JSON.parse(String(told))
}

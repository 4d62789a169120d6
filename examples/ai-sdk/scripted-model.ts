import { MockLanguageModelV4 } from 'ai/test'
import { next } from '../case.ts'

/** A model that needs no key. */
export function scriptedModel() {
  return new MockLanguageModelV4({
    doGenerate: async ({ prompt }) => {
      const results = prompt.flatMap(({ role, content }) => (role === 'tool' ? content : [])).flatMap(textOf)
      const step = next(results)
      const asks = 'tool' in step
      return {
        content: [
          asks
            ? {
                type: 'tool-call',
                toolCallId: `call_${results.length}`,
                toolName: step.tool,
                input: JSON.stringify(step.input),
              }
            : { type: 'text', text: step.text },
        ],
        finishReason: { unified: asks ? 'tool-calls' : 'stop', raw: undefined },
        usage: {
          inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: 0, text: 0, reasoning: 0 },
        },
        warnings: [],
      }
    },
  })
}

function textOf(part: { type: string; output?: { type: string; value?: unknown } }): string[] {
  if (part.type !== 'tool-result') return []
  return [String(part.output?.value ?? part.output?.type)]
}

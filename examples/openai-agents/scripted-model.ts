import { type AgentInputItem, type Model, Usage } from '@openai/agents'
import { next } from '../case.ts'

/** A model that needs no key. */
export function scriptedModel(): Model {
  return {
    async getResponse({ input }) {
      const results = Array.isArray(input) ? input.flatMap(textOf) : []
      const step = next(results)
      const id = `call_${results.length}`
      if ('tool' in step) {
        const call = { type: 'function_call', callId: id, name: step.tool, status: 'completed' } as const
        return { usage: new Usage(), output: [{ ...call, arguments: JSON.stringify(step.input) }] }
      }
      const content = [{ type: 'output_text', text: step.text } as const]
      return {
        usage: new Usage(),
        output: [{ type: 'message', id, role: 'assistant', status: 'completed', content }],
      }
    },
    getStreamedResponse() {
      throw new Error('the scripted model does not stream')
    },
  }
}

function textOf(item: AgentInputItem): string[] {
  if (item.type !== 'function_call_result') return []
  const { output } = item
  return [typeof output === 'object' && 'text' in output ? output.text : JSON.stringify(output)]
}

import { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessage, type BaseMessage, ToolMessage } from '@langchain/core/messages'
import type { ChatResult } from '@langchain/core/outputs'
import { next } from '../case.ts'

/** A model that needs no key. */
export class ScriptedModel extends BaseChatModel {
  override _llmType(): string {
    return 'scripted'
  }

  override bindTools() {
    return this
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const results = messages.filter((one) => ToolMessage.isInstance(one)).map(({ text }) => text)
    const step = next(results)
    const message =
      'tool' in step
        ? new AIMessage({
            content: '',
            tool_calls: [
              { id: `call_${results.length}`, name: step.tool, args: step.input, type: 'tool_call' },
            ],
          })
        : new AIMessage(step.text)
    return { generations: [{ text: message.text, message }] }
  }
}

import { openai } from '@ai-sdk/openai'
import { type ModelMessage, ToolLoopAgent } from 'ai'
import { createIntercom } from 'modulex-intercom'
import { confirmationText, intercomTools } from 'modulex-intercom/ai-sdk'
import { createWorkspace } from 'modulex-intercom/workspace'
import { approve } from '../approve.ts'
import { customer, instructions, question, task } from '../case.ts'
import { scriptedModel } from './scripted-model.ts'

// A local Intercom. For a real one: createIntercom() and INTERCOM_ACCESS_TOKEN.
const workspace = await createWorkspace({ seed: 'small' })
const { url, accessToken } = await workspace.listen()
const intercom = createIntercom({ accessToken, baseUrl: url })
const { contact } = await intercom.upsertContact(customer)
await intercom.sendIncomingMessage({ contact_id: contact?.id ?? '', body: question })

const agent = new ToolLoopAgent({
  model: process.env['OPENAI_API_KEY']
    ? openai(process.env['OPENAI_MODEL'] ?? 'gpt-5-mini')
    : scriptedModel(),
  instructions,
  tools: intercomTools(intercom, { sends: 'confirm' }),
})

const messages: ModelMessage[] = [{ role: 'user', content: task }]
for (;;) {
  const { responseMessages, content, text } = await agent.generate({ messages })
  messages.push(...responseMessages)
  const requests = content.filter((part) => part.type === 'tool-approval-request')
  if (requests.length === 0) {
    console.log(text)
    break
  }
  for (const { approvalId, toolCall } of requests) {
    const card = await confirmationText(toolCall.toolName, toolCall.input, { sends: 'confirm', intercom })
    const approved = await approve(card)
    messages.push({ role: 'tool', content: [{ type: 'tool-approval-response', approvalId, approved }] })
  }
}

console.log('What the customer received:', workspace.control.outbox(1)[0])
await workspace.close()

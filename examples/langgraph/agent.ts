import { Command, MemorySaver } from '@langchain/langgraph'
import { ChatOpenAI } from '@langchain/openai'
import { createAgent, type HITLRequest, humanInTheLoopMiddleware } from 'langchain'
import { createIntercom } from 'modulex-intercom'
import { intercomTools } from 'modulex-intercom/langchain'
import { createWorkspace } from 'modulex-intercom/workspace'
import { approve } from '../approve.ts'
import { customer, instructions, question, task } from '../case.ts'
import { ScriptedModel } from './scripted-model.ts'

// A local Intercom. For a real one: createIntercom() and INTERCOM_ACCESS_TOKEN.
const workspace = await createWorkspace({ seed: 'small' })
const { url, accessToken } = await workspace.listen()
const intercom = createIntercom({ accessToken, baseUrl: url })
const { contact } = await intercom.upsertContact(customer)
await intercom.sendIncomingMessage({ contact_id: contact?.id ?? '', body: question })

const { tools, interruptOn } = intercomTools(intercom, { sends: 'confirm' })
const agent = createAgent({
  model: process.env['OPENAI_API_KEY']
    ? new ChatOpenAI({ model: process.env['OPENAI_MODEL'] ?? 'gpt-5-mini' })
    : new ScriptedModel({}),
  systemPrompt: instructions,
  tools,
  middleware: [humanInTheLoopMiddleware({ interruptOn })],
  checkpointer: new MemorySaver(),
})

const thread = { configurable: { thread_id: '1' }, recursionLimit: 50 }
let result = await agent.invoke({ messages: [{ role: 'user', content: task }] }, thread)
for (;;) {
  const [interrupt] = (result as { __interrupt__?: { value: HITLRequest }[] }).__interrupt__ ?? []
  if (interrupt === undefined) break
  const decisions: { type: 'approve' | 'reject' }[] = []
  for (const { description = '' } of interrupt.value.actionRequests) {
    decisions.push({ type: (await approve(description)) ? 'approve' : 'reject' })
  }
  result = await agent.invoke(new Command({ resume: { decisions } }), thread)
}
console.log(result.messages.at(-1)?.text)

console.log('What the customer received:', workspace.control.outbox(1)[0])
await workspace.close()

import { Agent, Runner } from '@openai/agents'
import { createIntercom } from 'modulex-intercom'
import { confirmationText, intercomTools } from 'modulex-intercom/openai-agents'
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

const hasKey = Boolean(process.env['OPENAI_API_KEY'])
const agent = new Agent({
  name: 'Support',
  instructions,
  model: hasKey ? (process.env['OPENAI_MODEL'] ?? 'gpt-5-mini') : scriptedModel(),
  tools: intercomTools(intercom, { sends: 'confirm' }),
})

const runner = new Runner({ tracingDisabled: !hasKey })
let result = await runner.run(agent, task)
while (result.interruptions.length > 0) {
  for (const call of result.interruptions) {
    const input: unknown = JSON.parse(call.arguments ?? '{}')
    const card = await confirmationText(call.name ?? '', input, { sends: 'confirm', intercom })
    if (await approve(card)) result.state.approve(call)
    else result.state.reject(call)
  }
  result = await runner.run(agent, result.state)
}
console.log(result.finalOutput)

console.log('What the customer received:', workspace.control.outbox(1)[0])
await workspace.close()

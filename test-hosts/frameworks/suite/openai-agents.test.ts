import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Agent, type Model, type ModelRequest, type ModelResponse, Runner, Usage } from '@openai/agents'
import { intercomTools } from 'modulex-intercom/openai-agents'
import { desk, nobody } from './desk.ts'

type Step = { tool: string; input: object | string } | { text: string }

/** A model that asks for one tool after the other, and keeps what it was told. */
function scripted(...steps: Step[]) {
  const requests: ModelRequest[] = []
  const model: Model = {
    async getResponse(request): Promise<ModelResponse> {
      requests.push({ ...request, input: structuredClone(request.input) })
      const step = steps[requests.length - 1] ?? { text: 'Done.' }
      const id = `call_${requests.length}`
      return {
        usage: new Usage(),
        output: [
          'tool' in step
            ? {
                type: 'function_call',
                callId: id,
                name: step.tool,
                status: 'completed',
                arguments: typeof step.input === 'string' ? step.input : JSON.stringify(step.input),
              }
            : {
                type: 'message',
                id,
                role: 'assistant',
                status: 'completed',
                content: [{ type: 'output_text', text: step.text }],
              },
        ],
      }
    },
    getStreamedResponse() {
      throw new Error('these tests do not stream')
    },
  }
  return { model, requests }
}

const runner = new Runner({ tracingDisabled: true })

/** The text that the model was given for its last tool call. */
function told(requests: ModelRequest[]): string {
  const items = requests.at(-1)?.input
  assert.ok(Array.isArray(items))
  const item = items.at(-1) as { type?: string; output?: unknown }
  assert.equal(item.type, 'function_call_result')
  const output = item.output as string | { text?: string }
  return typeof output === 'string' ? output : String(output.text)
}

test('the model asks for a tool, the tool writes to the workspace, the model reads the result', async () => {
  const { intercom, note, notes } = await desk()
  const { model, requests } = scripted({ tool: 'create_note', input: note }, { text: 'Noted.' })
  const agent = new Agent({ name: 'Support', model, tools: intercomTools(intercom) })
  const { finalOutput } = await runner.run(agent, 'Note that we called.')
  assert.equal(finalOutput, 'Noted.')
  assert.equal((await notes())[0], 'Called back.')
  assert.match(told(requests), /Called back/)
})

test('a tool that fails tells the model what to do', async () => {
  const { intercom } = await desk()
  const { model, requests } = scripted({ tool: 'get_contact', input: { contact_id: nobody } })
  await runner.run(new Agent({ name: 'Support', model, tools: intercomTools(intercom) }), 'Who is it?')
  assert.match(told(requests), /^get_contact: 404 not_found: User Not Found.*search_contacts/)
})

test('an input that does not fit is answered by the action, and nothing is sent', async () => {
  const { intercom } = await desk()
  const { model, requests } = scripted({ tool: 'get_contact', input: { contactId: nobody } })
  await runner.run(new Agent({ name: 'Support', model, tools: intercomTools(intercom) }), 'Who is it?')
  assert.match(told(requests), /contact_id is required.*Nothing was sent/)
})

for (const approved of [true, false]) {
  test(`a send waits for a person, who ${approved ? 'approves' : 'rejects'} it`, async () => {
    const { intercom, reply, parts } = await desk()
    const before = await parts()
    const { model, requests } = scripted({ tool: 'reply_to_conversation', input: reply }, { text: 'Over.' })
    const tools = intercomTools(intercom, { sends: 'confirm' })
    const agent = new Agent({ name: 'Support', model, tools })
    const asked = await runner.run(agent, 'Tell them that it is fixed.')
    const [interruption] = asked.interruptions
    assert.ok(interruption)
    assert.deepEqual(await parts(), before)
    if (approved) asked.state.approve(interruption)
    else asked.state.reject(interruption)
    const { finalOutput } = await runner.run(agent, asked.state)
    assert.equal(finalOutput, 'Over.')
    assert.deepEqual(await parts(), approved ? [...before, 'It is fixed.'] : before)
    assert.match(told(requests), approved ? /It is fixed/ : /not approved/i)
  })
}

test('what the operator sets the model neither sees nor changes', async () => {
  const { intercom } = await desk()
  const options = { readOnly: true, parameterOverrides: { list_conversations: { per_page: 1 } } }
  const tools = intercomTools(intercom, { ...options, output: 'full' })
  const { model, requests } = scripted({ tool: 'list_conversations', input: {} })
  await runner.run(new Agent({ name: 'Support', model, tools }), 'What is new?')
  const offered = requests[0]?.tools.map((tool) => ('name' in tool ? tool.name : '')) ?? []
  assert.deepEqual([offered.includes('create_note'), offered.includes('get_contact')], [false, true])
  const listing = requests[0]?.tools.find((tool) => 'name' in tool && tool.name === 'list_conversations')
  assert.ok(!JSON.stringify(listing).includes('per_page'))
  assert.equal(JSON.parse(told(requests)).conversations.length, 1)
})

test('an agent with a context of its own takes the tools', async () => {
  const { intercom, contactId } = await desk()
  const { model, requests } = scripted({ tool: 'get_contact', input: { contact_id: contactId } })
  const agent = new Agent<{ team: string }>({ name: 'Support', model, tools: intercomTools(intercom) })
  await runner.run(agent, 'Who is it?', { context: { team: 'one' } })
  assert.ok(told(requests).includes(contactId))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages'
import { Command, MemorySaver } from '@langchain/langgraph'
import { ToolNode } from '@langchain/langgraph/prebuilt'
import { createAgent, FakeToolCallingModel, humanInTheLoopMiddleware } from 'langchain'
import { intercomTools, type ToolOptions } from 'modulex-intercom/langchain'
import { desk, nobody } from './desk.ts'

type Call = { name: string; args: Record<string, unknown>; id: string }

const asks = (name: string, args: Record<string, unknown>): Call => ({ name, args, id: `call ${name}` })

/** An agent whose model asks for one tool, and then ends. */
function agentOf(
  intercom: Parameters<typeof intercomTools>[0],
  options: ToolOptions,
  call: Call,
  checkpointer = new MemorySaver(),
) {
  const { tools, interruptOn } = intercomTools(intercom, options)
  return createAgent({
    model: new FakeToolCallingModel({ toolCalls: [[call], []] }),
    tools,
    middleware: [humanInTheLoopMiddleware({ interruptOn })],
    checkpointer,
  })
}

const thread = { configurable: { thread_id: '1' } }
const messages = [new HumanMessage('Go on.')]

/** What the model was told that its last tool call answered. */
function told(all: BaseMessage[]): ToolMessage {
  const message = all.findLast((one) => ToolMessage.isInstance(one))
  assert.ok(message !== undefined)
  return message
}

test('the model asks for a tool, the tool writes to the workspace, the model reads the result', async () => {
  const { intercom, note, notes } = await desk()
  const agent = agentOf(intercom, {}, asks('create_note', note))
  const result = await agent.invoke({ messages }, thread)
  assert.equal((await notes())[0], 'Called back.')
  const { status, content, artifact } = told(result.messages)
  assert.deepEqual([status, artifact.success], ['success', true])
  assert.match(String(content), /Called back/)
  assert.ok(result.messages.at(-1) instanceof AIMessage)
})

test('a tool that fails tells the model what to do, as an error', async () => {
  const { intercom } = await desk()
  const agent = agentOf(intercom, {}, asks('get_contact', { contact_id: nobody }))
  const { status, content } = told((await agent.invoke({ messages }, thread)).messages)
  assert.equal(status, 'error')
  assert.match(String(content), /^get_contact: 404 not_found: User Not Found.*search_contacts/)
})

test('an input that does not fit is answered by the action, and nothing is sent', async () => {
  const { intercom } = await desk()
  const agent = agentOf(intercom, {}, asks('get_contact', { contactId: nobody }))
  const { content } = told((await agent.invoke({ messages }, thread)).messages)
  assert.match(String(content), /contact_id is required.*Nothing was sent/)
})

for (const type of ['approve', 'reject'] as const) {
  test(`a send waits for a person, who says ${type}`, async () => {
    const { intercom, reply, parts } = await desk()
    const before = await parts()
    const agent = agentOf(intercom, { sends: 'confirm' }, asks('reply_to_conversation', reply))
    const asked = await agent.invoke({ messages }, thread)
    const [interrupt] = (asked as { __interrupt__?: { value: unknown }[] }).__interrupt__ ?? []
    assert.match(JSON.stringify(interrupt?.value), /cannot be taken back.*It is fixed/)
    assert.deepEqual(await parts(), before)
    const result = await agent.invoke(new Command({ resume: { decisions: [{ type }] } }), thread)
    assert.deepEqual(await parts(), type === 'approve' ? [...before, 'It is fixed.'] : before)
    assert.equal(told(result.messages).status, type === 'approve' ? 'success' : 'error')
  })
}

test('what a person has edited is what is sent', async () => {
  const { intercom, reply, parts } = await desk()
  const agent = agentOf(intercom, { sends: 'confirm' }, asks('reply_to_conversation', reply))
  await agent.invoke({ messages }, thread)
  const editedAction = { name: 'reply_to_conversation', args: { ...reply, body: 'It works.' } }
  await agent.invoke(new Command({ resume: { decisions: [{ type: 'edit', editedAction }] } }), thread)
  assert.equal((await parts()).at(-1), 'It works.')
})

test('another process takes up what a person has approved', async () => {
  const { intercom, reply, parts } = await desk()
  const [kept, call] = [new MemorySaver(), asks('reply_to_conversation', reply)]
  await agentOf(intercom, { sends: 'confirm' }, call, kept).invoke({ messages }, thread)
  const later = agentOf(intercom, { sends: 'confirm' }, call, kept)
  await later.invoke(new Command({ resume: { decisions: [{ type: 'approve' }] } }), thread)
  assert.equal((await parts()).at(-1), 'It is fixed.')
})

test('a ToolNode runs the tools of a graph', async () => {
  const { intercom, note, notes } = await desk()
  const node = new ToolNode(intercomTools(intercom).tools)
  const call = { ...asks('create_note', note), type: 'tool_call' as const }
  const result = await node.invoke({ messages: [new AIMessage({ content: '', tool_calls: [call] })] })
  assert.equal(told(result.messages).tool_call_id, call.id)
  assert.equal((await notes())[0], 'Called back.')
})

test('without the middleware, what a person has to confirm is not sent', async () => {
  const { intercom, reply, parts } = await desk()
  const before = await parts()
  const { tools } = intercomTools(intercom, { sends: 'confirm' })
  const call = { ...asks('reply_to_conversation', reply), type: 'tool_call' as const }
  const result = await new ToolNode(tools).invoke({
    messages: [new AIMessage({ content: '', tool_calls: [call] })],
  })
  const { status, content } = told(result.messages)
  assert.equal(status, 'error')
  assert.match(String(content), /a person has to confirm.*Nothing was sent/)
  assert.deepEqual(await parts(), before)
})

test('what the operator sets the model neither sees nor changes', async () => {
  const { intercom } = await desk()
  const options = { readOnly: true, parameterOverrides: { list_conversations: { per_page: 1 } } }
  const { tools } = intercomTools(intercom, options)
  assert.equal(
    tools.find(({ name }) => name === 'create_note'),
    undefined,
  )
  const listing = tools.find(({ name }) => name === 'list_conversations')
  assert.ok(listing !== undefined && !JSON.stringify(listing.schema).includes('per_page'))
  const agent = agentOf(intercom, options, asks('list_conversations', {}))
  const { artifact } = told((await agent.invoke({ messages }, thread)).messages)
  assert.equal(artifact.conversations.length, 1)
})

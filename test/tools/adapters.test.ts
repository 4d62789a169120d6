import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ToolMessage } from '@langchain/core/messages'
import { Agent, RunContext, Runner, RunState, toolNamespace } from '@openai/agents'
import { generateText, isStepCount, type ModelMessage } from 'ai'
import { actions } from '../../src/actions/index.ts'
import { createIntercom, type Intercom, IntercomError } from '../../src/index.ts'
import { intercomTools as aiSdkTools } from '../../src/tools/ai-sdk.ts'
import { intercomTools } from '../../src/tools/functions.ts'
import { intercomTools as langChainTools } from '../../src/tools/langchain.ts'
import { intercomTools as openAiTools } from '../../src/tools/openai-agents.ts'
import { createWorkspace, type Workspace } from '../../src/workspace/index.ts'
import { actionExamples, type Subjects, subjects } from '../support/action-examples.ts'
import { heldCall } from '../support/held-call.ts'
import { aiSdkModel, openAiModel } from '../support/scripted-models.ts'

let workspace: Workspace
let intercom: Intercom
let of: Subjects
before(async () => {
  workspace = await createWorkspace({ seed: 20 })
  const { url, accessToken } = await workspace.listen()
  intercom = createIntercom({ accessToken, baseUrl: url })
  of = await subjects(intercom)
})
after(() => workspace.close())

const requests = () => workspace.control.requests(1000).length
const writes = () =>
  workspace.control.requests(1000).filter(({ method, path }) => method !== 'GET' && !/\/search\b/.test(path))
    .length

test('every action is a tool with its name, its description and its schema', () => {
  const { tools } = intercomTools(intercom)
  assert.deepEqual(
    tools.map(({ name }) => name),
    actions.map(({ name }) => name),
  )
  for (const tool of tools) {
    assert.ok(tool.description.length > 20)
    assert.equal(tool.parameters['type'], 'object')
    assert.deepEqual([tool.strict, tool.needsApproval], [false, false])
  }
})

test('what a model sent as text or as an object runs the tool', async () => {
  const { call } = intercomTools(intercom)
  const input = actionExamples.get_contact(of)
  for (const given of [input, JSON.stringify(input)]) {
    const { isError, text, structured } = await call('get_contact', given)
    assert.equal(isError, false)
    assert.ok(text.includes(of.contact))
    assert.equal(structured.success, true)
  }
  assert.equal((await call('list_tags', undefined)).isError, false)
})

test('a failure is an answer that says what to do', async () => {
  const { call } = intercomTools(intercom)
  const missing = await call('get_contact', { contact_id: 'f'.repeat(24) })
  assert.deepEqual([missing.isError, missing.structured.success], [true, false])
  assert.match(missing.text, /^get_contact: 404 not_found: .*search_contacts/)
  const sent = requests()
  for (const [name, given, said] of [
    ['get_contact', '{"contact_id":', /must be an object, not a string.*Nothing was sent/],
    ['get_contact', { contactId: '1' }, /contact_id is required/],
    ['get_contacts', {}, /no such action.*get_contact/],
  ] as const) {
    const { isError, text } = await call(name, given)
    assert.equal(isError, true)
    assert.match(text, said)
  }
  assert.equal(requests(), sent)
})

test('a send that a person has to confirm is sent only when the program says that one did', async () => {
  const { tools, call } = intercomTools(intercom, { sends: 'confirm' })
  const asking = tools.filter(({ needsApproval }) => needsApproval).map(({ name }) => name)
  assert.deepEqual(
    asking,
    actions.filter(({ effect }) => effect === 'send').map(({ name }) => name),
  )
  const sent = writes()
  const input = actionExamples.reply_to_conversation(of)
  for (const [given, said] of [
    [input, /a person has to confirm this call.*Nothing was sent/],
    [{ ...input, approved: true }, /unknown parameter "approved".*Nothing was sent/],
  ] as const) {
    const { isError, text } = await call('reply_to_conversation', given)
    assert.equal(isError, true)
    assert.match(text, said)
  }
  assert.equal(writes(), sent)
  assert.equal((await call('reply_to_conversation', input, { approved: true })).isError, false)
  const once = writes()
  assert.ok(once > sent)
  assert.match((await call('reply_to_conversation', input)).text, /a person has to confirm this call/)
  assert.equal(writes(), once)
})

test('what the operator leaves out, sets or forbids is neither offered nor run', async () => {
  const { tools, call } = intercomTools(intercom, {
    readOnly: true,
    parameterOverrides: { list_conversations: { per_page: 1 } },
  })
  assert.deepEqual(
    tools.map(({ name }) => name),
    actions.filter(({ effect }) => effect === 'read').map(({ name }) => name),
  )
  const listing = tools.find(({ name }) => name === 'list_conversations')
  assert.ok(listing !== undefined && !JSON.stringify(listing.parameters).includes('per_page'))
  const { structured } = await call('list_conversations', {})
  assert.equal((structured['conversations'] as unknown[]).length, 1)
  assert.match((await call('list_conversations', { per_page: 9 })).text, /set by the operator/)
  assert.match((await call('create_note', actionExamples.create_note(of))).text, /switched off/)
  assert.throws(() => intercomTools(intercom, { only: ['get_contacts'] }), IntercomError)
})

test('strict schemas require every property, leave none open, and keep no default', () => {
  const { tools } = intercomTools(intercom, { strict: true })
  const loose = tools.filter(({ strict }) => !strict)
  for (const { parameters } of loose) assert.match(JSON.stringify(parameters), /"additionalProperties":true/)
  assert.ok(loose.length < 3)
  for (const { name, parameters, strict } of tools) {
    if (!strict) continue
    const properties = parameters['properties'] as Record<string, Record<string, unknown>>
    assert.deepEqual(parameters['required'], Object.keys(properties), name)
    assert.equal(parameters['additionalProperties'], false)
    assert.ok(Object.values(properties).every((property) => !('default' in property)))
  }
  const { parameters = {} } = tools.find(({ name }) => name === 'reply_to_conversation') ?? {}
  assert.deepEqual((parameters['properties'] as Record<string, unknown>)['message_type'], {
    description:
      'Message type (‘comment’ or ‘note’, note only for admin) (Default: comment). A comment reaches the customer, a note stays internal. null means "comment"',
    type: ['string', 'null'],
    enum: ['comment', 'note', null],
  })
})

test('the nulls of a strict call leave parameters out, an operator’s default included', async () => {
  const { call } = intercomTools(intercom, {
    strict: true,
    parameterDefaults: { list_conversations: { per_page: 2 } },
  })
  const given = { per_page: null, starting_after: null }
  for (const form of [given, JSON.stringify(given)]) {
    const { isError, structured } = await call('list_conversations', form)
    assert.equal(isError, false)
    assert.equal((structured['conversations'] as unknown[]).length, 2)
  }
})

test('a program can end a call early', async () => {
  const { call } = intercomTools(intercom)
  const { isError, text } = await call('list_tags', {}, { signal: AbortSignal.abort() })
  assert.equal(isError, true)
  assert.match(text, /^list_tags: aborted/)
})

test('a null given to a tool without a strict schema is an input like any other', async () => {
  const { isError, text } = await intercomTools(intercom).call('list_conversations', {
    per_page: 2,
    nothing: null,
  })
  assert.deepEqual([isError, /nothing/.test(text)], [true, true], text)
})

test('a null given to a tool that has no strict schema is left out in strict mode too', async () => {
  const { tools, call } = intercomTools(intercom, { strict: true })
  assert.equal(tools.find(({ name }) => name === 'upsert_contact')?.strict, false)
  const { isError, text } = await call('upsert_contact', { email: 'a@b.test', name: null })
  assert.deepEqual([isError, /action_type: created/.test(text)], [false, true], text)
})

test('the full output of a name that is no tool is an envelope too', async () => {
  const { structured, text } = await intercomTools(intercom, { output: 'full' }).call('get_nobody', {})
  assert.equal(structured.success, false)
  assert.deepEqual(JSON.parse(text), structured)
})

test('the full output is the envelope itself', async () => {
  const { call } = intercomTools(intercom, { output: 'full' })
  const input = actionExamples.get_conversation(of)
  const envelope = await intercom.getConversation(input)
  const { structured, text } = await call('get_conversation', input)
  assert.deepEqual(structured, envelope)
  assert.deepEqual(JSON.parse(text), envelope)
})

/** A client that answers every call with a success, and keeps what was sent. */
function answering() {
  const sent: unknown[] = []
  const call = async (_name: string, input: unknown) => {
    sent.push(input)
    return {
      output: { success: true, error: null, result: {} },
      failure: null,
    }
  }
  return { client: { call } as unknown as Pick<Intercom, 'call'>, sent }
}

const reply = { conversation_id: '7', reply_type: 'admin', admin_id: '1', body: 'It is fixed.' }
const asksToReply = { tool: 'reply_to_conversation', input: reply }
const runner = new Runner({ tracingDisabled: true })
const stopWhen = isStepCount(5)

test('AI SDK: aborting a run ends the call', async () => {
  const { intercom: client, begun, ended } = heldCall()
  const abort = new AbortController()
  const model = aiSdkModel([{ tool: 'list_tags', input: {} }])
  const run = generateText({ model, tools: aiSdkTools(client), prompt: 'Go on.', abortSignal: abort.signal })
  await begun
  abort.abort()
  await Promise.all([ended, run.catch(() => {})])
})

test('LangChain: aborting a run ends the call', async () => {
  const { intercom: client, begun, ended } = heldCall()
  const abort = new AbortController()
  const tool = langChainTools(client).tools.find(({ name }) => name === 'list_tags')
  const run = tool?.invoke({}, { signal: abort.signal })
  await begun
  abort.abort()
  await Promise.all([ended, assert.rejects(async () => await run)])
})

test('OpenAI Agents: aborting a run ends the call', async () => {
  const { intercom: client, begun, ended } = heldCall()
  const abort = new AbortController()
  const model = openAiModel([{ tool: 'list_tags', input: {} }])
  const agent = new Agent({ name: 'Support', model, tools: openAiTools(client) })
  const run = runner.run(agent, 'Go on.', { signal: abort.signal })
  await begun
  abort.abort()
  await Promise.all([ended, run.catch(() => {})])
})

test('AI SDK: a person approves one call, which is sent once; the next one is asked about again', async () => {
  const { client, sent } = answering()
  const model = aiSdkModel([asksToReply, asksToReply])
  const tools = aiSdkTools(client, { sends: 'confirm' })
  const messages: ModelMessage[] = [{ role: 'user', content: 'Tell them.' }]
  const run = async () => {
    const { content, response } = await generateText({ model, tools, messages, stopWhen })
    messages.push(...response.messages)
    return content.find((part) => part.type === 'tool-approval-request')
  }
  const request = await run()
  assert.ok(request)
  assert.deepEqual(sent, [])
  const { approvalId } = request
  messages.push({ role: 'tool', content: [{ type: 'tool-approval-response', approvalId, approved: true }] })
  assert.ok((await run()) !== undefined)
  assert.deepEqual(sent, [reply])
})

test('LangChain: a person approves one call, which is sent once', async () => {
  const { client, sent } = answering()
  const { tools, interruptOn } = langChainTools(client, { sends: 'confirm' })
  const sends = actions.filter(({ effect }) => effect === 'send').map(({ name }) => name as string)
  assert.deepEqual(Object.keys(interruptOn), sends)
  const tool = tools.find(({ name }) => name === 'reply_to_conversation')
  const call = (id: string) => ({
    type: 'tool_call' as const,
    id,
    name: 'reply_to_conversation',
    args: reply,
  })
  const statusOf = async (id: string): Promise<unknown> => {
    const message: unknown = await tool?.invoke(call(id))
    assert.ok(ToolMessage.isInstance(message))
    return message.status
  }
  for (const id of ['one', 'two']) interruptOn['reply_to_conversation']?.description(call(id))
  assert.deepEqual([await statusOf('one'), await statusOf('one')], ['success', 'error'])
  assert.deepEqual([await statusOf('never asked'), sent.length], ['error', 1])
  assert.deepEqual([await statusOf('two'), sent.length], ['success', 2])
})

test('LangChain: an approval counts for the input that was shown or edited, once, for ten minutes, and not after a rejection', async (t) => {
  const { client, sent } = answering()
  const { tools, interruptOn } = langChainTools(client, { sends: 'confirm' })
  const name = 'reply_to_conversation'
  const tool = tools.find((one) => one.name === name)
  const other = { ...reply, body: 'Something else' }
  const call = (id: string, args: Record<string, unknown>) => ({ type: 'tool_call' as const, id, name, args })
  const invoke = async (id: string, args: Record<string, unknown>) => {
    const before = sent.length
    await tool?.invoke(call(id, args))
    return sent.length - before
  }
  const ask = (id: string, message?: { tool_calls: unknown[] }, ...answers: object[]) =>
    interruptOn[name]?.description(call(id, reply), message && { messages: [message, ...answers] })

  ask('other input')
  assert.deepEqual([await invoke('other input', other), await invoke('other input', reply)], [0, 0])
  const { conversation_id, ...rest } = reply
  ask('other order')
  assert.equal(await invoke('other order', { ...rest, conversation_id }), 1)

  // As the middleware does: it puts the decided calls into the message that it has asked about.
  const messageOf = (id: string) => ({ tool_calls: [call(id, reply)] })
  const edited = messageOf('edited')
  ask('edited', edited)
  edited.tool_calls = [call('edited', other)]
  assert.equal(await invoke('edited', other), 1)
  const kept = messageOf('kept')
  ask('kept', kept)
  kept.tool_calls = [call('kept', other)]
  assert.equal(await invoke('kept', reply), 0, 'what was edited away')
  const dropped = messageOf('dropped')
  ask('dropped', dropped)
  dropped.tool_calls = []
  assert.equal(await invoke('dropped', reply), 0)

  ask('rejected', messageOf('rejected'))
  ask('next', messageOf('next'), { tool_call_id: 'rejected' })
  assert.deepEqual([await invoke('rejected', reply), await invoke('next', reply)], [0, 1])

  t.mock.timers.enable({ apis: ['Date'], now: 1_800_000_000_000 })
  for (const [id, minutes, expected] of [
    ['nine', 9, 1],
    ['eleven', 11, 0],
  ] as const) {
    ask(id)
    t.mock.timers.tick(minutes * 60_000)
    assert.equal(await invoke(id, reply), expected)
  }
})

test('LangChain: only the newest thousand questions are remembered', async () => {
  const { client, sent } = answering()
  const { tools, interruptOn } = langChainTools(client, { sends: 'confirm' })
  const tool = tools.find(({ name }) => name === 'reply_to_conversation')
  const call = (n: number) => ({
    type: 'tool_call' as const,
    id: `call ${n}`,
    name: 'reply_to_conversation',
    args: reply,
  })
  for (let n = 0; n <= 1000; n++) interruptOn['reply_to_conversation']?.description(call(n))
  await tool?.invoke(call(0))
  assert.equal(sent.length, 0)
  await tool?.invoke(call(1))
  assert.equal(sent.length, 1)
})

test('OpenAI Agents: a person approves one call, which is sent once; the next one is asked about again', async () => {
  const { client, sent } = answering()
  const model = openAiModel([asksToReply, asksToReply])
  const agent = new Agent({ name: 'Support', model, tools: openAiTools(client, { sends: 'confirm' }) })
  const asked = await runner.run(agent, 'Tell them.')
  const [interruption] = asked.interruptions
  assert.ok(interruption)
  assert.deepEqual(sent, [])
  asked.state.approve(interruption)
  const { interruptions } = await runner.run(agent, asked.state)
  assert.deepEqual([interruptions.length, sent], [1, [reply]])
})

const other = { ...reply, body: 'Something else' }

test('AI SDK: execute sends only what the messages hold an approval of, with the input that was asked about', async () => {
  const name = 'reply_to_conversation'
  const asked = [
    {
      role: 'assistant',
      content: [
        { type: 'tool-call', toolCallId: 'one', toolName: name, input: reply },
        { type: 'tool-approval-request', approvalId: 'a', toolCallId: 'one' },
        { type: 'tool-call', toolCallId: 'two', toolName: name, input: reply },
        { type: 'tool-approval-request', approvalId: 'b', toolCallId: 'two' },
        { type: 'tool-call', toolCallId: 'three', toolName: 'create_note', input: reply },
        { type: 'tool-approval-request', approvalId: 'c', toolCallId: 'three' },
      ],
    },
  ] as ModelMessage[]
  const answered = (...approvals: [string, boolean][]): ModelMessage[] => [
    ...asked,
    {
      role: 'tool',
      content: approvals.map(([approvalId, approved]) => ({
        type: 'tool-approval-response',
        approvalId,
        approved,
      })),
    },
  ]
  const result = {
    type: 'tool-result',
    toolCallId: 'one',
    toolName: name,
    output: { type: 'text', value: '' },
  }
  const done = { role: 'tool', content: [result] } as ModelMessage
  const { conversation_id, ...rest } = reply
  for (const [what, toolCallId, input, messages, expected] of [
    ['approved', 'one', reply, answered(['a', true]), 1],
    ['in another order', 'one', { ...rest, conversation_id }, answered(['a', true]), 1],
    ['only asked about', 'one', reply, asked, 0],
    ['rejected', 'one', reply, answered(['a', false]), 0],
    ['rejected after all', 'one', reply, answered(['a', true], ['a', false]), 0],
    ['approved with other input', 'one', other, answered(['a', true]), 0],
    ['another call was approved', 'two', reply, answered(['a', true]), 0],
    ['the approval of another tool', 'three', reply, answered(['c', true]), 0],
    ['never asked about', 'four', reply, answered(['a', true]), 0],
    ['done already', 'one', reply, [...answered(['a', true]), done], 0],
    ['without messages', 'one', reply, undefined, 0],
  ] as const) {
    const { client, sent } = answering()
    const execute = aiSdkTools(client, { sends: 'confirm' }).reply_to_conversation.execute
    const output = await execute?.(input, { toolCallId, messages } as never)
    assert.equal(sent.length, expected, what)
    if (expected === 0) assert.match(String(output.error), /a person has to confirm this call/)
  }
})

test('OpenAI Agents: invoke sends only what the state has as approved, with the input that was asked about', async () => {
  const name = 'reply_to_conversation'
  const asking = async () => {
    const { client, sent } = answering()
    const model = openAiModel([asksToReply])
    const tools = openAiTools(client, { sends: 'confirm' })
    const agent = new Agent({ name: 'Support', model, tools })
    const { state, interruptions } = await runner.run(agent, 'Tell them.')
    const [item] = interruptions
    assert.ok(item)
    const invoke = async (input: object, args: object, id = 'call 1', context = state._context) => {
      const toolCall = { type: 'function_call', callId: id, name, arguments: JSON.stringify(args) } as const
      const said = await tools
        .find((one) => one.name === name)
        ?.invoke(context, JSON.stringify(input), { toolCall })
      if (sent.length === 0) assert.match(String(said), /a person has to confirm this call/)
      return sent.length
    }
    return { state, item, invoke }
  }
  const approve = (state: State, item: Item) => state.approve(item)
  for (const [what, expected, decide, ...call] of [
    ['only asked about', 0, () => {}, reply, reply],
    ['rejected', 0, (state, item) => state.reject(item), reply, reply],
    ['approved', 1, approve, reply, reply],
    ['other input', 0, approve, other, reply],
    ['a changed call', 0, approve, other, other],
    ['another id', 0, approve, reply, reply, 'call 2'],
    ['no state', 0, approve, reply, reply, 'call 1', new RunContext()],
    ['for good', 1, (state, item) => state.approve(item, { alwaysApprove: true }), other, other, 'call 2'],
  ] as [string, number, (state: State, item: Item) => void, ...Parameters<Asking['invoke']>][]) {
    const { state, item, invoke } = await asking()
    decide(state, item)
    assert.equal(await invoke(...call), expected, what)
  }
  type Asking = Awaited<ReturnType<typeof asking>>
  type State = Asking['state']
  type Item = Asking['item']
})

test('OpenAI Agents: a run that is taken up elsewhere, and tools of a namespace, send what was approved', async () => {
  for (const within of [(tools: ReturnType<typeof openAiTools>) => tools, namespaced]) {
    const { client, sent } = answering()
    const agentOf = () =>
      new Agent({
        name: 'Support',
        model: openAiModel([{ ...asksToReply, ...(within === namespaced && { namespace: 'desk' }) }]),
        tools: within(openAiTools(client, { sends: 'confirm' })),
      })
    const asked = await runner.run(agentOf(), 'Tell them.')
    const agent = agentOf()
    const state = await RunState.fromString(agent, asked.state.toString())
    const [item] = state.getInterruptions()
    assert.ok(item)
    state.approve(item)
    await runner.run(agent, state)
    assert.deepEqual(sent, [reply], within.name)
  }
})

function namespaced(tools: ReturnType<typeof openAiTools>) {
  return toolNamespace({ name: 'desk', description: 'The help desk', tools })
}

test('AI SDK: the model is told a failure as an error, a success as text, and all of it where the operator says', async () => {
  for (const [input, output, type, value] of [
    [{ contactId: '1' }, 'compact', 'error-text', /contact_id is required.*Nothing was sent/],
    [actionExamples.get_contact(of), 'compact', 'text', /^# result/],
    [actionExamples.get_contact(of), undefined, 'text', /^# result/],
    [actionExamples.get_contact(of), 'full', 'text', /^\{.*"workspace_id"/],
  ] as const) {
    const model = aiSdkModel([{ tool: 'get_contact', input }])
    await generateText({ model, tools: aiSdkTools(intercom, { output }), prompt: 'Who?', stopWhen })
    const last = model.doGenerateCalls[1]?.prompt.at(-1)
    assert.equal(last?.role, 'tool')
    const [part] = last.content
    assert.ok(part?.type === 'tool-result' && 'value' in part.output)
    assert.equal(part.output.type, type)
    assert.match(String(part.output.value), value)
  }
})

test('LangChain: what is wrong with an input the action says, in a message or as text', async () => {
  const { tools } = langChainTools(intercom)
  const tool = tools.find(({ name }) => name === 'get_contact')
  assert.match(String(await tool?.invoke({ contactId: '1' })), /contact_id is required.*Nothing was sent/)
  const message: unknown = await tool?.invoke({ type: 'tool_call', id: '1', name: 'get_contact', args: {} })
  assert.ok(ToolMessage.isInstance(message))
  assert.deepEqual([message.status, message.artifact.success], ['error', false])
})

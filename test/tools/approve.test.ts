// What needs a person, over every adapter for models: by the effect of the input, and by what the operator names.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Tool as AiSdkTool } from 'ai'
import { createIntercom, type Intercom } from '../../src/index.ts'
import { intercomTools as aiSdkTools, confirmationText } from '../../src/tools/ai-sdk.ts'
import { intercomTools as functionTools } from '../../src/tools/functions.ts'
import { intercomTools as langChainTools } from '../../src/tools/langchain.ts'
import type { ToolOptions } from '../../src/tools/offer.ts'
import { intercomTools as openAiTools } from '../../src/tools/openai-agents.ts'
import { createWorkspace, type Workspace } from '../../src/workspace/index.ts'
import { actionExamples, type Subjects, subjects } from '../support/action-examples.ts'

let workspace: Workspace
let intercom: Intercom
let of: Subjects
before(async () => {
  workspace = await createWorkspace({ seed: 20 })
  const { accessToken, dispatcher } = workspace
  intercom = createIntercom({ accessToken, dispatcher })
  of = await subjects(intercom)
})
after(() => workspace.close())

type Given = Record<string, unknown>

/** Whether each adapter asks a person about a call. */
const adapters: Record<string, (name: string, given: Given, options: ToolOptions) => Promise<boolean>> = {
  'AI SDK': async (name, given, options) => {
    const { needsApproval } = aiSdkTools(intercom, options)[name as 'create_note'] as AiSdkTool
    return typeof needsApproval === 'function'
      ? await needsApproval(given as never, {} as never)
      : (needsApproval ?? false)
  },
  LangChain: async (name, given, options) => {
    const config = langChainTools(intercom, options).interruptOn[name as 'create_note']
    return (await config?.when({ toolCall: { args: given } })) ?? false
  },
  'OpenAI Agents': async (name, given, options) => {
    const tool = openAiTools(intercom, options).find((one) => one.name === name)
    return (await tool?.needsApproval({} as never, given as never, 'id')) ?? false
  },
  functions: (name, given, options) => functionTools(intercom, options).needsApproval(name, given),
}

const reply = (changes: Given = {}): Given => ({ ...actionExamples.reply_to_conversation(of), ...changes })

for (const [adapter, asks] of Object.entries(adapters)) {
  test(`${adapter}: a person is asked about what reaches a customer, and about nothing else`, async () => {
    const options = { sends: 'confirm' } as const
    for (const [what, given, expected] of [
      ['a reply', reply(), true],
      ['a note', reply({ message_type: 'note' }), false],
      ['an input that is refused', reply({ body: '' }), false],
      ['a parameter that there is not', reply({ approved: true }), false],
      ['a conversation that there is not', reply({ conversation_id: '999999999' }), false],
      ['an admin whom there is not', reply({ admin_id: '999' }), false],
    ] as const)
      assert.equal(await asks('reply_to_conversation', given, options), expected, what)
    assert.equal(await asks('create_note', actionExamples.create_note(of), options), false)
  })

  test(`${adapter}: an operator names exactly what a person is asked about`, async () => {
    const note = actionExamples.create_note(of)
    for (const [approve, replyAsks, replyNoteAsks, noteAsks] of [
      [['create_note'], false, false, true],
      [['create'], false, true, true],
      [['send', 'create_note'], true, false, true],
      [['reply_to_conversation'], true, true, false],
      [[], false, false, false],
    ] as const) {
      const options: ToolOptions = { sends: 'allow', approve }
      const asked = [
        await asks('reply_to_conversation', reply(), options),
        await asks('reply_to_conversation', reply({ message_type: 'note' }), options),
        await asks('create_note', note, options),
      ]
      assert.deepEqual(asked, [replyAsks, replyNoteAsks, noteAsks], JSON.stringify(approve))
    }
  })

  test(`${adapter}: while nothing can be looked up nobody is asked`, async () => {
    workspace.control.addFault({ kind: 'status', status: 401 })
    try {
      assert.equal(await asks('reply_to_conversation', reply(), { sends: 'confirm' }), false)
    } finally {
      workspace.control.clearFaults()
    }
  })
}

const partsOf = async () => {
  const { result } = await intercom.getConversation({ conversation_id: of.conversation })
  return result?.conversation_parts.conversation_parts.length
}

test('a call that nobody was asked about sends nothing, and says what is missing', async () => {
  const { call } = functionTools(intercom, { sends: 'confirm' })
  const before = await partsOf()
  const missing = await call('reply_to_conversation', reply({ conversation_id: '999999999' }))
  assert.match(missing.text, /404 not_found.*search_conversations.*Nothing was sent/)
  const unasked = await call('reply_to_conversation', reply())
  assert.match(unasked.text, /a person has to confirm this call/)
  const named = functionTools(intercom, { approve: ['list_tags'] })
  assert.match((await named.call('list_tags', {})).text, /a person has to confirm this call/)
  assert.equal(await partsOf(), before)
  assert.equal((await call('reply_to_conversation', reply({ message_type: 'note' }))).isError, false)
})

test('every adapter shows whom a call reaches, and what was said there last', async () => {
  const options = { sends: 'confirm' } as const
  const text = await confirmationText('reply_to_conversation', reply(), { ...options, intercom })
  assert.match(text, /\nTo: ".*", e-mail ".*", user, /)
  assert.match(text, /\nFrom: ".*", e-mail ".*", admin, id \d+\nIn: \d+, /)
  assert.match(text, /\nWhat was said last, which is not what will be sent:\n {2}- ".*", /)
  assert.match(text, /\nThe text as it will be sent \(\d+ characters\):\n {4}\| It is on its way\.\n/)
  assert.match(text, /\nbody: the text above\n/)
  const { interruptOn } = langChainTools(intercom, options)
  const call = { id: 'one', args: reply() }
  assert.equal(await interruptOn.reply_to_conversation?.description(call), text)
  const gone = reply({ conversation_id: '999999999' })
  const unknown = await confirmationText('reply_to_conversation', gone, { ...options, intercom })
  assert.match(unknown, /\nNothing could be looked up: reply_to_conversation: 404 not_found/)
})

test('LangChain: a run that is resumed puts the questions that it has put, whatever can be looked up then', async () => {
  const { interruptOn } = langChainTools(intercom, { sends: 'confirm' })
  const config = interruptOn.reply_to_conversation
  const toolCall = { id: 'one', args: reply() }
  assert.equal(await config?.when({ toolCall }), true)
  await config?.description(toolCall)
  workspace.control.addFault({ kind: 'status', status: 401 })
  try {
    assert.equal(await config?.when({ toolCall }), true)
    assert.equal(await config?.when({ toolCall: { ...toolCall, id: 'two' } }), false)
  } finally {
    workspace.control.clearFaults()
  }
})

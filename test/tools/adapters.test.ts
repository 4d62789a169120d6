import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { actions } from '../../src/actions/index.ts'
import { createIntercom, type Intercom, IntercomError } from '../../src/index.ts'
import { intercomTools } from '../../src/tools/functions.ts'
import { createWorkspace, type Workspace } from '../../src/workspace/index.ts'
import { actionExamples, type Subjects, subjects } from '../support/action-examples.ts'

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
  const sent = requests()
  for (const given of [actionExamples.reply_to_conversation(of), { approved: true }]) {
    const { isError, text } = await call('reply_to_conversation', given)
    assert.equal(isError, true)
    assert.match(text, /a person has to confirm this call.*Nothing was sent/)
  }
  assert.equal(requests(), sent)
  const input = actionExamples.reply_to_conversation(of)
  assert.equal((await call('reply_to_conversation', input, { approved: true })).isError, false)
  assert.ok(requests() > sent)
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

test('the full output is the envelope itself', async () => {
  const { call } = intercomTools(intercom, { output: 'full' })
  const input = actionExamples.get_conversation(of)
  const envelope = await intercom.getConversation(input)
  const { structured, text } = await call('get_conversation', input)
  assert.deepEqual(structured, envelope)
  assert.deepEqual(JSON.parse(text), envelope)
})

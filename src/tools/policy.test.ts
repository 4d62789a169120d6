import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actions } from '../actions/index.ts'
import type { AnyAction } from '../core/action.ts'
import type { JsonSchema } from '../core/describe.ts'
import { type Access, type Tool, toolsOf } from './policy.ts'

const all = actions as readonly AnyAction[]

function tool(name: string, access: Access): Tool {
  const found = toolsOf(access).find(({ action }) => action.name === name)
  assert.ok(found)
  return found
}

test('only, deny, readOnly and sends narrow the list, which keeps its order', () => {
  const names = (access: Access) => toolsOf(access).map(({ action }) => action.name)
  assert.deepEqual(
    names({}),
    all.map(({ name }) => name),
  )
  assert.deepEqual(names({ only: ['list_tags', 'get_contact'] }), ['get_contact', 'list_tags'])
  assert.deepEqual(names({ only: ['list_tags', 'get_contact'], deny: ['get_contact'] }), ['list_tags'])
  const kept = (access: Access) => new Set(toolsOf(access).map(({ action }) => action.effect))
  assert.deepEqual(kept({ readOnly: true }), new Set(['read']))
  assert.deepEqual(kept({ sends: 'off' }), new Set(['read', 'update', 'create']))
})

test('with sends "confirm" exactly the actions that reach a customer need approval', () => {
  for (const { action, mayNeedApproval, needsApproval } of toolsOf({ sends: 'confirm' })) {
    assert.equal(mayNeedApproval, action.effect === 'send', action.name)
    assert.equal(needsApproval({}), action.effect === 'send', action.name)
  }
  assert.ok(toolsOf({}).every(({ mayNeedApproval, needsApproval }) => !mayNeedApproval && !needsApproval({})))
})

const comment = { message_type: 'comment' }
const note = { message_type: 'note' }

for (const [what, access, asked] of [
  ['a note stays among teammates', { sends: 'confirm' }, [comment]],
  ['approve holds where sends are allowed', { approve: ['send'] }, [comment]],
  ['what the input makes of it is asked about', { approve: ['create'] }, [note]],
  ['an action that is named is asked about each time', { approve: ['reply_to_ticket'] }, [comment, note]],
  ['another effect asks nobody', { sends: 'confirm', approve: ['update', 'destructive'] }, []],
  ['approve can be empty where sends are allowed', { approve: [] }, []],
] as [string, Access, object[]][])
  test(`what needs a person: ${what}`, () => {
    const { needsApproval } = tool('reply_to_ticket', { toolsets: ['tickets'], ...access })
    assert.deepEqual([comment, note].filter(needsApproval), asked)
  })

test('approve is exactly what needs a person, by effect, as destructive, or by name', () => {
  const asked = (access: Access) =>
    toolsOf({ toolsets: ['contacts'], ...access }).flatMap(({ action, mayNeedApproval }) =>
      mayNeedApproval ? [action.name] : [],
    )
  const sends = ['send_incoming_message', 'send_message_to_contact', 'reply_to_conversation']
  const destructive = ['delete_contact', 'merge_contacts']
  assert.deepEqual(asked({ sends: 'confirm' }), [...sends, ...destructive])
  assert.deepEqual(asked({ sends: 'confirm', approve: ['destructive'] }), destructive)
  assert.deepEqual(asked({ approve: ['list_tags', 'send_message_to_contact'] }), [
    'list_tags',
    'send_message_to_contact',
  ])
  assert.ok(asked({ approve: ['update'] }).includes('update_contact'))
  assert.deepEqual(asked({ sends: 'off', approve: ['send', 'create_note'] }), ['create_note'])
})

for (const [access, message] of [
  [{ sends: 'confirm', approve: [] }, /approve is empty.*would ask nobody/],
  [{ approve: ['sends'] }, /unknown name "sends".*Did you mean "?send"?/],
  [{ approve: ['delete_contacts'] }, /unknown name.*delete_contact/],
  [{ approve: 'send' }, /approve must be an array/],
  [{ approve: [1] }, /approve must be an array/],
] as [Access, RegExp][])
  test(`a server does not start with ${JSON.stringify(access)}`, () => {
    assert.throws(() => toolsOf(access), message)
  })

test('names that are no action or no parameter are refused when the access is made', () => {
  const wrong: Access[] = [
    { only: ['get_contacts'] },
    { deny: ['nothing'] },
    { parameterDefaults: { get_contacts: {} } },
    { parameterOverrides: { get_contact: { admin_id: '1' } } },
  ]
  for (const access of wrong) assert.throws(() => toolsOf(access), { name: 'IntercomError' })
})

test('an override is not shown, holds whatever is given by default, and refuses what a caller gives', () => {
  const reply = tool('reply_to_conversation', {
    parameterOverrides: { reply_to_conversation: { admin_id: '9', attachment_urls: null } },
  })
  const shown = reply.description.input_schema['properties'] as object
  assert.ok(!('admin_id' in shown) && !('attachment_urls' in shown) && 'body' in shown)
  assert.deepEqual(reply.input({ body: 'Hi' }), { body: 'Hi', admin_id: '9' })
  const note = tool('create_note', { parameterOverrides: { create_note: { contact_id: 'x' } } })
  assert.deepEqual(note.description.input_schema['required'], ['body'])
  for (const given of [{ admin_id: '9' }, { attachment_urls: [] }]) {
    assert.throws(() => reply.input(given), { code: 'not_allowed', outcome: 'not_sent' })
  }
})

test('a default makes a parameter optional and gives way to the caller', () => {
  const note = tool('create_note', { parameterDefaults: { create_note: { body: 'Seen' } } })
  assert.deepEqual(note.description.input_schema['required'], ['contact_id'])
  assert.equal(note.description.parameters['body']?.required, false)
  const { properties } = note.description.input_schema as { properties: Record<string, JsonSchema> }
  assert.equal(properties['body']?.['default'], 'Seen')
  assert.deepEqual(note.input({ contact_id: 'x' }), { body: 'Seen', contact_id: 'x' })
  assert.deepEqual(note.input({ contact_id: 'x', body: 'Mine' }), { body: 'Mine', contact_id: 'x' })
})

test('objects and arrays that arrive as JSON text are understood; text that should be text is left alone', () => {
  const upsert = tool('upsert_contact', {})
  const fields = { email: 'a@b.c', custom_attributes: '{"plan":"pro"}', name: '{"a":1}' }
  const parsed = { ...fields, custom_attributes: { plan: 'pro' } }
  assert.deepEqual(upsert.input(fields), parsed)
  assert.deepEqual(upsert.input(JSON.stringify(fields)), parsed)
  const urls = '["https://a.test/x.png"]'
  assert.deepEqual(tool('reply_to_conversation', {}).input({ attachment_urls: urls }), {
    attachment_urls: ['https://a.test/x.png'],
  })
  assert.deepEqual(upsert.input({ custom_attributes: '{broken' }), { custom_attributes: '{broken' })
})

test('a key named __proto__ stays a key, for the action to refuse', () => {
  const given = JSON.parse('{"contact_id":"1","__proto__":{"polluted":true}}')
  const input = tool('get_contact', {}).input(given) as object
  assert.deepEqual(Object.keys(input), ['contact_id', '__proto__'])
  assert.equal(({} as { polluted?: boolean }).polluted, undefined)
})

test('a name that is dropped is no parameter of any action that is offered', () => {
  const ignoredParameters = ['snoozed_until']
  assert.throws(
    () => toolsOf({ toolsets: ['desk'], ignoredParameters }),
    /"snoozed_until" is a parameter of snooze_conversation/,
  )
  assert.ok(toolsOf({ ignoredParameters }).length > 0)
})

test('what the operator names besides is dropped, and null leaves room for what the operator has set', () => {
  const access: Access = {
    ignoredParameters: ['traceId'],
    parameterDefaults: { create_note: { body: 'Seen' } },
    parameterOverrides: { create_note: { contact_id: 'x' } },
  }
  const note = tool('create_note', access)
  assert.deepEqual(note.input({ traceId: 1, body: null, contact_id: null }), {
    body: 'Seen',
    contact_id: 'x',
  })
  assert.deepEqual(note.input({ traceId: 1, spanId: 1 }), { spanId: 1, body: 'Seen', contact_id: 'x' })
  assert.throws(() => tool('create_note', {}).input({ body: null, contact_id: 'x' }), { field: 'body' })
})

test('a list for a search is read by the operator that the operator of the server has set', () => {
  const search = tool('search_contacts', { parameterDefaults: { search_contacts: { query_operator: 'IN' } } })
  const given = { query_field: 'role', query_value: ['user', 'lead'] }
  assert.deepEqual(search.input(given), { ...given, query_operator: 'IN', query_value: '["user","lead"]' })
  assert.throws(() => tool('search_contacts', {}).input(given), { field: 'query_value' })
})

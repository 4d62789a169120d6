import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemAttributes } from '../shapes/system-attributes.ts'
import { deskWithConversation, type Part } from './conversation-desk.test.ts'

/** Adds a company row by itself: companies have tests of their own. */
function deskWithCompany() {
  const desk = deskWithConversation()
  const companyId = '6745a1b2c3d4e5f601234567'
  desk.store.db.run(
    `INSERT INTO companies (seq, id, company_id, name, created_at, updated_at, monthly_spend, session_count,
     user_count, custom_attributes) VALUES (1, ?, 'acme', 'Acme', 1, 1, 0, 0, 0, '{}')`,
    companyId,
  )
  const as = (version: string, method: string, target: string, body?: unknown) =>
    desk.call(method, target, body, { 'intercom-version': version }).json
  return { ...desk, companyId, as }
}

const types = (conversation: { conversation_parts: { conversation_parts: Part[] } }) =>
  conversation.conversation_parts.conversation_parts.map(({ part_type }) => part_type)

test('each attribute that is named is a part by the bot', () => {
  const { ok, path, store, clock } = deskWithConversation()
  const declare = { id: 1, model: 'conversation', data_type: 'string', created_at: 1, updated_at: 1 }
  store.insertDataAttribute({ ...declare, name: 'topic' })
  clock.seconds += 60
  const changed = ok('PUT', path, { custom_attributes: { plan: 'pro', topic: 'refund' } })
  assert.deepEqual(changed.custom_attributes, { ...systemAttributes, plan: 'pro', topic: 'refund' })
  assert.deepEqual(types(changed).slice(1), [
    'conversation_attribute_updated_by_admin',
    'conversation_attribute_updated_by_admin',
  ])
  assert.equal(changed.conversation_parts.conversation_parts.at(-1).author.type, 'bot')
  assert.equal(changed.updated_at, clock.seconds)
  assert.equal(changed.statistics.count_conversation_parts, 4)
  const cleared = ok('PUT', path, { read: false, custom_attributes: { plan: null } })
  assert.deepEqual(
    [cleared.custom_attributes, cleared.read],
    [{ ...systemAttributes, topic: 'refund' }, false],
  )
})

test('a title is set from 2.13 on and overlooked before', () => {
  const { as, path } = deskWithCompany()
  for (const version of ['2.11', '2.12']) assert.equal(as(version, 'PUT', path, { title: 'No' }).title, '')
  for (const version of ['2.13', '2.14']) {
    assert.equal(as(version, 'PUT', path, { title: `In ${version}` }).title, `In ${version}`)
  }
  const { title, conversation_parts } = as('2.12', 'GET', path)
  assert.deepEqual([title, conversation_parts.total_count], ['In 2.14', 1])
})

test('a company is set, shown and taken away in 2.14, and overlooked before', () => {
  const { as, refused, path, companyId } = deskWithCompany()
  const company_id = companyId
  assert.equal('company_id' in as('2.13', 'PUT', path, { company_id }), false)
  assert.equal(as('2.14', 'GET', path).company_id, null)
  const set = as('2.14', 'PUT', path, { company_id })
  assert.deepEqual([set.company_id, types(set).at(-1)], [companyId, 'company_updated'])
  assert.equal(as('2.14', 'PUT', path, { company_id }).conversation_parts.total_count, 2)
  assert.equal(as('2.14', 'PUT', path, { company_id: null }).company_id, null)
  const version = { 'intercom-version': '2.14' }
  assert.equal(
    refused('PUT', path, { company_id: 'nope' }, version),
    '404 company_not_found: Company Not Found',
  )
  assert.equal('company_id' in as('2.12', 'GET', path), false)
})

test('a conversation is about the company of who opened it, and its first part says so', () => {
  const { ok, as, store, contact, companyId } = deskWithCompany()
  store.db.run(
    `INSERT INTO contact_companies (contact_seq, company_seq, attached_at)
     SELECT seq, 1, 1 FROM contacts WHERE id = ?`,
    contact.id,
  )
  const message = ok('POST', '/conversations', { from: { type: 'user', id: contact.id }, body: 'Hi' })
  const opened = as('2.14', 'GET', `/conversations/${message.conversation_id}`)
  assert.equal(opened.company_id, companyId)
  assert.deepEqual(types(opened), ['company_updated', 'conversation_attribute_updated_by_admin'])
  assert.equal(opened.statistics.count_conversation_parts, 3)
})

test('assignment rules run for 2.11 alone, and leave the conversation with nobody', () => {
  const { as, ok, path, adminId } = deskWithCompany()
  const assign = { message_type: 'assignment', type: 'admin', admin_id: adminId, assignee_id: adminId }
  ok('POST', `${path}/parts`, assign)
  const ran = as('2.11', 'POST', `${path}/run_assignment_rules`)
  assert.equal(ran.admin_assignee_id, null)
  const part = ran.conversation_parts.conversation_parts.at(-1)
  assert.deepEqual(
    [part.part_type, part.assigned_to, part.author.type],
    ['default_assignment', { type: 'nobody_admin', id: null }, 'bot'],
  )
  for (const version of ['2.12', '2.13', '2.14']) {
    const [error] = as(version, 'POST', `${path}/run_assignment_rules`).errors
    assert.equal(error.message, 'Requested resource is not available in current API version')
  }
  const [error] = as('2.11', 'POST', '/conversations/1/run_assignment_rules').errors
  assert.equal(error.message, 'Resource Not Found')
})

test('a conversation is deleted from 2.13 on, with all that hangs on it', () => {
  const { as, ok, refused, store, path, id, contact } = deskWithCompany()
  assert.equal(as('2.12', 'DELETE', path).errors[0].code, 'intercom_version_invalid')
  assert.deepEqual(as('2.13', 'DELETE', path), { id, object: 'conversation', deleted: true })
  assert.equal(refused('GET', path), '404 not_found: Resource Not Found')
  assert.equal(ok('GET', '/conversations').total_count, 0)
  const query = { field: 'source.body', operator: '=', value: 'support' }
  assert.equal(ok('POST', '/conversations/search', { query }).total_count, 0)
  for (const table of ['conversation_parts', 'conversation_contacts']) {
    assert.equal(store.db.number(`SELECT count(*) FROM ${table}`), 0, table)
  }
  assert.equal(as('2.14', 'DELETE', path).errors[0].message, 'Resource Not Found')
  ok('GET', `/contacts/${contact.id}`)
})

test('system attributes are always there, and come back without a part', () => {
  const { ok, path } = deskWithConversation()
  const { custom_attributes, conversation_parts } = ok('GET', path)
  assert.equal(custom_attributes['Copilot used'], false)
  const again = ok('PUT', path, { custom_attributes: { ...custom_attributes, 'Copilot used': true } })
  assert.deepEqual(again.custom_attributes, custom_attributes)
  assert.equal(again.conversation_parts.total_count, conversation_parts.total_count)
})

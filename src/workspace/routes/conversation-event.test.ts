import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deskWithConversation, type Part } from './conversation-desk.test.ts'

interface Item {
  type: string
  id: string
  conversation_parts?: { conversation_parts: Part[] }
}

/** A desk that writes down what it would tell a webhook that wants everything. */
function listeningDesk() {
  const desk = deskWithConversation()
  const heard: { topic: string; item: Item }[] = []
  desk.store.announcements = {
    wants: () => true,
    add: (topic, item) => heard.push({ topic, item: item as Item }),
  }
  const topics = (happening: () => unknown) => {
    heard.length = 0
    happening()
    return heard.map(({ topic }) => topic)
  }
  const part = (body: object) => desk.ok('POST', `${desk.path}/parts`, { admin_id: desk.adminId, ...body })
  return { ...desk, heard, topics, part }
}

test('each event is told by its topic, with the part that caused it alone', () => {
  const { topics, heard, as, part, admin, user, adminId, id } = listeningDesk()
  const note = { ...admin, message_type: 'note' }
  const assign = { message_type: 'assignment', type: 'admin', assignee_id: adminId }
  const rows: [happening: () => unknown, topics: string[], part: string][] = [
    [() => as(user, { body: 'x' }), ['conversation.user.replied'], 'comment'],
    [() => as(admin, { body: 'x' }), ['conversation.admin.replied'], 'comment'],
    [() => as(note, { body: 'x' }), ['conversation.admin.noted'], 'note'],
    [() => part(assign), ['conversation.admin.assigned', 'conversation.admin.open.assigned'], 'assignment'],
    [
      () => part({ message_type: 'snoozed', snoozed_until: 4_000_000_000 }),
      ['conversation.admin.snoozed'],
      'snoozed',
    ],
    [
      () => as(admin, { body: 'x' }),
      ['conversation.admin.replied', 'conversation.admin.unsnoozed'],
      'comment',
    ],
    [() => part({ message_type: 'close' }), ['conversation.admin.closed'], 'close'],
    [() => part(assign), ['conversation.admin.assigned'], 'assign_and_reopen'],
    [() => part({ message_type: 'open' }), ['conversation.admin.opened'], 'open'],
  ]
  for (const [happening, expected, type] of rows) {
    assert.deepEqual(topics(happening), expected)
    for (const { item } of heard) {
      assert.deepEqual([item.type, item.id], ['conversation', id])
      assert.deepEqual(
        item.conversation_parts?.conversation_parts.map(({ part_type }) => part_type),
        [type],
      )
    }
  }
})

test('creation, reading, tags, people, redaction and deletion are told, and a refusal is not', () => {
  const { topics, ok, call, path, id, contact, adminId, heard, user, as } = listeningDesk()
  const from = { type: 'user', id: contact.id }
  assert.deepEqual(
    topics(() => ok('POST', '/conversations', { from, body: 'x' })),
    ['conversation.user.created'],
  )
  ok('PUT', path, { read: false })
  assert.deepEqual(
    topics(() => ok('PUT', path, { read: true })),
    ['conversation.read'],
  )
  assert.deepEqual(
    topics(() => ok('PUT', path, { read: true })),
    [],
  )
  const tag = ok('POST', '/tags', { name: 'Told' })
  const tagged = { id: tag.id, admin_id: adminId }
  assert.deepEqual(
    topics(() => ok('POST', `${path}/tags`, tagged)),
    ['conversation_part.tag.created'],
  )
  assert.deepEqual(
    topics(() => ok('POST', `${path}/tags`, tagged)),
    [],
  )
  const joining = { admin_id: adminId, customer: { email: 'two@example.com' } }
  assert.deepEqual(
    topics(() => ok('POST', `${path}/customers`, joining)),
    ['contact.lead.created', 'conversation.contact.attached'],
  )
  assert.deepEqual(
    topics(() => ok('DELETE', `${path}/customers/${contact.id}`, { admin_id: adminId })),
    ['conversation.contact.detached'],
  )
  ok('POST', `${path}/customers`, { admin_id: adminId, customer: { intercom_user_id: contact.id } })
  const said = as(user, { body: 'secret' }).json.conversation_parts.conversation_parts.at(-1)
  as(user, { body: 'later' })
  const redact = { type: 'conversation_part', conversation_id: id, conversation_part_id: said.id }
  assert.deepEqual(
    topics(() => ok('POST', '/conversations/redact', redact)),
    ['conversation_part.redacted'],
  )
  assert.equal(heard[0]?.item.conversation_parts?.conversation_parts[0]?.id, said.id)
  assert.deepEqual(
    topics(() => call('POST', `${path}/reply`, { ...user, body: '' })),
    [],
  )
  assert.deepEqual(
    topics(() => call('DELETE', path, undefined, { 'intercom-version': '2.13' })),
    ['conversation.deleted'],
  )
  assert.deepEqual([heard[0]?.item.type, heard[0]?.item.id], ['conversation', id])
})

test('an admin who goes away is told, once', () => {
  const { topics, ok, adminId, heard } = listeningDesk()
  const away = { away_mode_enabled: true, away_mode_reassign: false }
  const go = () => ok('PUT', `/admins/${adminId}/away`, away)
  assert.deepEqual(topics(go), ['admin.away_mode_updated'])
  assert.equal(heard[0]?.item.type, 'admin')
  assert.deepEqual(topics(go), [])
})

test('a snooze into the past ends at once, and its end is not dated before it', () => {
  const { part, parts, clock, ok, path } = listeningDesk()
  clock.seconds += 60
  assert.equal(part({ message_type: 'snoozed', snoozed_until: clock.seconds - 1_000 }).state, 'snoozed')
  const at = clock.seconds
  clock.seconds += 60
  assert.equal(ok('GET', path).state, 'open')
  const ends = parts().slice(-2)
  assert.deepEqual(
    ends.map(({ part_type, updated_at }) => [part_type, updated_at]),
    [
      ['snoozed', at],
      ['timer_unsnooze', at],
    ],
  )
})

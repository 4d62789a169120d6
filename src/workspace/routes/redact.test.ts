import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deskWithConversation } from './conversation-desk.test.ts'

const gone = '<p><i>This message was deleted</i></p>'

test("a part's words and files are gone, its time is new, and it is so a second time", () => {
  const { ok, as, user, id, path, clock } = deskWithConversation()
  const said = as(user, { body: 'My card is 4111', attachment_urls: ['https://a.example/x.png'] }).json
  const part = said.conversation_parts.conversation_parts.at(-1)
  clock.seconds += 60
  const request = { type: 'conversation_part', conversation_id: id, conversation_part_id: part.id }
  const redacted = ok('POST', '/conversations/redact', request)
  assert.deepEqual(redacted.conversation_parts.conversation_parts.at(-1), {
    ...part,
    body: gone,
    attachments: [],
    redacted: true,
    updated_at: clock.seconds,
  })
  assert.deepEqual([redacted.updated_at, redacted.state], [clock.seconds, 'open'])
  clock.seconds += 60
  const numbers = { ...request, conversation_id: Number(id), conversation_part_id: Number(part.id) }
  assert.deepEqual(ok('POST', '/conversations/redact', numbers), redacted)
  assert.deepEqual(ok('GET', path), redacted)
  const [entry] = ok('GET', `/admins/activity_logs?created_at_after=${clock.seconds - 60}`).activity_logs
  assert.equal(entry.activity_type, 'conversation_part_deletion')
})

test("a contact's source is redacted, and a search no longer finds its words", () => {
  const { ok, id, message } = deskWithConversation()
  const find = (value: string) =>
    ok('POST', '/conversations/search', { query: { field: 'source.body', operator: '=', value } }).total_count
  assert.equal(find('support'), 1)
  const request = { type: 'source', conversation_id: id, source_id: message.id }
  const { source } = ok('POST', '/conversations/redact', request)
  assert.deepEqual([source.body, source.redacted, source.attachments], [gone, true, []])
  assert.deepEqual([find('support'), find('deleted')], [0, 1])
})

test('what nobody said, and what an admin opened, cannot be redacted', () => {
  const { ok, refused, id, parts, contact, adminId } = deskWithConversation()
  const [wordless] = parts()
  const not = '422 conversation_part_not_redactable: Conversation part is not redactable'
  const request = { type: 'conversation_part', conversation_id: id, conversation_part_id: wordless?.id }
  assert.equal(refused('POST', '/conversations/redact', request), not)
  const { id: source_id } = ok('POST', '/messages', {
    message_type: 'inapp',
    body: 'Hello',
    from: { type: 'admin', id: adminId },
    to: { type: 'user', id: contact.id },
    create_conversation_without_contact_reply: true,
  })
  const query = { field: 'source.id', operator: '=', value: source_id }
  const [opened] = ok('POST', '/conversations/search', { query }).conversations
  const source = { type: 'source', conversation_id: opened.id, source_id }
  assert.equal(refused('POST', '/conversations/redact', source), not)
})

test('parts and sources that are not there, or elsewhere, are all one 404', () => {
  const { ok, refused, id, parts, contact, message } = deskWithConversation()
  const other = ok('POST', '/conversations', { from: { type: 'user', id: contact.id }, body: 'x' })
  const redact = (request: object) => refused('POST', '/conversations/redact', request)
  const missing = '404 conversation_part_or_message_not_found: Conversation part or message not found'
  const part = { type: 'conversation_part', conversation_id: id, conversation_part_id: parts()[0]?.id }
  const source = { type: 'source', conversation_id: id, source_id: message.id }
  for (const request of [
    { ...part, conversation_id: 'really_123_doesnt_exist' },
    { ...part, conversation_part_id: 'really_123_doesnt_exist' },
    { ...part, conversation_id: other.conversation_id },
    { ...source, conversation_id: other.conversation_id },
    { ...source, conversation_id: '1' },
    { ...source, source_id: other.id },
  ]) {
    assert.equal(redact(request), missing, JSON.stringify(request))
  }
  assert.equal(redact({ ...part, type: 'note' }), "400 parameter_invalid: Type isn't an option")
  assert.equal(redact({}), "400 parameter_invalid: Type isn't an option")
  assert.match(redact({ type: 'source', conversation_id: id }), /^400 parameter_not_found: /)
})

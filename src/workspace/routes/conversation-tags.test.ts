import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deskWithConversation } from './conversation-desk.test.ts'

function deskWithTag() {
  const desk = deskWithConversation()
  const tag = desk.ok('POST', '/tags', { name: 'Refund' })
  return { ...desk, tag, tags: `${desk.path}/tags`, signed: { admin_id: desk.adminId } }
}

test('a tag is put on with a part by its admin, and shows who put it there', () => {
  const { ok, parts, path, tags, tag, signed, adminId, clock } = deskWithTag()
  clock.seconds += 10
  const applied = {
    type: 'tag',
    id: tag.id,
    name: 'Refund',
    applied_at: clock.seconds,
    applied_by: { type: 'admin', id: adminId },
  }
  assert.deepEqual(ok('POST', tags, { id: tag.id, ...signed }), applied)
  const tagged = ok('GET', path)
  assert.deepEqual(tagged.tags, { type: 'tag.list', tags: [applied] })
  assert.equal(tagged.updated_at, clock.seconds)
  const [before, own] = parts()
  assert.deepEqual(
    [own?.part_type, own?.body, own?.author.type, own?.author.id],
    ['conversation_tags_updated', null, 'admin', adminId],
  )
  assert.equal(before?.updated_at, clock.seconds)
})

test('the same tag twice leaves one part; ids may be numbers', () => {
  const { ok, parts, tags, tag, signed, clock } = deskWithTag()
  const first = ok('POST', tags, { id: Number(tag.id), ...signed })
  clock.seconds += 10
  assert.deepEqual(ok('POST', tags, { id: tag.id, admin_id: Number(signed.admin_id) }), first)
  assert.equal(parts().length, 2)
})

test('a tag is taken off with another part, and nobody has applied it any more', () => {
  const { ok, parts, path, tags, tag, signed } = deskWithTag()
  ok('POST', tags, { id: tag.id, ...signed })
  const off = ok('DELETE', `${tags}/${tag.id}`, signed)
  assert.deepEqual(off, { type: 'tag', id: tag.id, name: 'Refund', applied_at: null, applied_by: null })
  assert.deepEqual(ok('GET', path).tags.tags, [])
  assert.deepEqual(
    parts().map(({ part_type }) => part_type),
    ['conversation_attribute_updated_by_admin', 'conversation_tags_updated', 'conversation_tags_updated'],
  )
  ok('DELETE', `${tags}/${tag.id}`, signed)
  assert.equal(parts().length, 3)
})

test('tags of conversations have their own texts for what is missing', () => {
  const { refused, parts, tags, tag, signed } = deskWithTag()
  const nowhere = '/conversations/1/tags'
  const conversation = '404 not_found: Conversation not found'
  const noTag = '404 tag_not_found: Tag not found'
  assert.equal(refused('POST', nowhere, { id: tag.id, ...signed }), conversation)
  assert.equal(refused('DELETE', `${nowhere}/${tag.id}`, signed), conversation)
  assert.equal(refused('POST', tags, { id: '1', ...signed }), noTag)
  assert.equal(refused('DELETE', `${tags}/1`, signed), noTag)
  assert.equal(refused('DELETE', `${tags}/x`, signed), noTag)
  assert.equal(refused('POST', tags, { id: tag.id, admin_id: '1' }), '404 not_found: Resource Not Found')
  assert.match(refused('POST', tags, { id: tag.id }), /^400 parameter_not_found: /)
  assert.match(refused('DELETE', `${tags}/${tag.id}`), /^400 parameter_not_found: /)
  assert.match(refused('POST', tags, signed), /^400 parameter_not_found: /)
  assert.equal(parts().length, 1)
})

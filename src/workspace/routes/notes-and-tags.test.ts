import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'

const absent = '6745a1b2c3d4e5f601234567'

test("a note is signed by the token's admin unless another is named", () => {
  const { user, ok, adminId, store, refused } = openDesk()
  const { id, updated_at } = user({ email: 'a@example.com' })
  const other = store.nextId('admins')
  store.insertAdmin({ id: other, name: 'Bo', email: 'bo@example.com' })
  assert.equal(ok('POST', `/contacts/${id}/notes`, { body: 'Hello' }).author.id, adminId)
  const note = ok('POST', `/contacts/${id}/notes`, { body: '<p>Hi</p>', admin_id: other })
  assert.deepEqual([note.author.id, note.body, note.contact.id], [String(other), '<p>Hi</p>', id])
  assert.deepEqual(ok('GET', `/notes/${note.id}`), note)
  assert.equal(ok('GET', `/contacts/${id}`).updated_at, updated_at)
  assert.equal(
    refused('POST', `/contacts/${id}/notes`, { body: 'x', admin_id: 5 }),
    '404 not_found: Resource Not Found',
  )
  assert.equal(refused('POST', `/contacts/${absent}/notes`, { body: 'x' }), '404 not_found: User Not Found')
  assert.match(refused('POST', `/contacts/${id}/notes`, { body: ' ' }), /^400 parameter_invalid: /)
  assert.equal(refused('GET', '/notes/1'), '404 not_found: Resource Not Found')
})

test('a note outlives its contact', () => {
  const { user, ok } = openDesk()
  const { id } = user({ email: 'a@example.com' })
  const note = ok('POST', `/contacts/${id}/notes`, { body: 'Hello' })
  ok('POST', `/contacts/${id}/archive`)
  assert.deepEqual(ok('GET', `/notes/${note.id}`), note)
  ok('DELETE', `/contacts/${id}`)
  assert.deepEqual(ok('GET', `/notes/${note.id}`), { ...note, contact: null })
})

test('notes are paged by number, newest first, with a link and then null', () => {
  const { user, ok } = openDesk()
  const { id } = user({ email: 'a@example.com' })
  for (let i = 1; i <= 12; i++) ok('POST', `/contacts/${id}/notes`, { body: `note ${i}` })
  const first = ok('GET', `/contacts/${id}/notes?per_page=5`)
  assert.equal(first.data[0].body, '<p>note 12</p>')
  assert.deepEqual(first.pages, {
    type: 'pages',
    next: `http://local/contacts/${id}/notes?per_page=5&page=2`,
    page: 1,
    per_page: 5,
    total_pages: 3,
  })
  const last = ok('GET', `/contacts/${id}/notes?per_page=5&page=3`)
  assert.deepEqual([last.data.length, last.pages.next, last.total_count], [2, null, 12])
  assert.deepEqual(ok('GET', `/contacts/${id}/notes?per_page=5&page=4`).data, [])
  const inline = ok('GET', `/contacts/${id}`).notes
  assert.deepEqual([inline.data.length, inline.total_count, inline.has_more], [10, 12, true])
})

test('a tag is made once whatever its case, renamed by id, and put on a contact by id', () => {
  const { user, ok, refused, adminId, clock } = openDesk()
  const { id } = user({ email: 'a@example.com' })
  const tag = ok('POST', '/tags', { name: 'VIP' })
  assert.deepEqual(ok('POST', '/tags', { name: 'vip' }), tag)
  assert.equal(ok('POST', '/tags', { id: tag.id, name: 'Gold' }).name, 'Gold')
  const applied = ok('POST', `/contacts/${id}/tags`, { id: Number(tag.id) })
  assert.deepEqual(applied, {
    type: 'tag',
    id: tag.id,
    name: 'Gold',
    applied_at: clock.seconds,
    applied_by: { type: 'admin', id: adminId },
  })
  clock.seconds += 5
  assert.deepEqual(ok('POST', `/contacts/${id}/tags`, { id: tag.id }), applied)
  assert.deepEqual(ok('GET', `/contacts/${id}/tags`).data, [applied])
  assert.deepEqual(ok('GET', `/contacts/${id}`).tags.data, [
    { id: tag.id, type: 'tag', url: `/tags/${tag.id}` },
  ])
  assert.equal(refused('POST', `/contacts/${id}/tags`, { id: '1' }), '404 not_found: Resource Not Found')
  assert.equal(refused('POST', `/contacts/${absent}/tags`, { id: tag.id }), '404 not_found: User Not Found')
  assert.equal(refused('POST', '/tags', {}), '400 parameter_invalid: invalid tag parameters')
  ok('DELETE', `/contacts/${id}/tags/${tag.id}`)
  ok('DELETE', `/contacts/${id}/tags/${tag.id}`)
  assert.deepEqual(ok('GET', `/contacts/${id}/tags`).data, [])
})

test('a deleted tag leaves its contacts, answers an empty body, and its id never returns', () => {
  const { user, ok, refused } = openDesk()
  const { id } = user({ email: 'a@example.com' })
  const tag = ok('POST', '/tags', { name: 'Gone', users: [{ id }] })
  assert.equal(ok('GET', `/contacts/${id}/tags`).data.length, 1)
  assert.equal(ok('DELETE', `/tags/${tag.id}`), undefined)
  assert.equal(ok('GET', `/contacts/${id}`).tags.total_count, 0)
  assert.equal(refused('GET', `/tags/${tag.id}`), '404 not_found: Resource Not Found')
  assert.notEqual(ok('POST', '/tags', { name: 'Gone' }).id, tag.id)
})

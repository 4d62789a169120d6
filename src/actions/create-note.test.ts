import assert from 'node:assert/strict'
import { test } from 'node:test'
import { portTo } from '../core/port.ts'
import { createNote } from './create-note.ts'

test('a note is looked for among the newest of the token’s own admin, oldest first', async () => {
  const note = (id: string, author: { id: unknown } | null, body = '<p>Hi</p>') => ({
    id,
    body,
    author,
    created_at: 1,
  })
  const data = [
    note('5', { id: '9' }),
    note('4', { id: '8' }),
    note('3', { id: null }),
    note('0', null),
    note('2', { id: 9 }, '<p>Ho</p>'),
    note('1', { id: '9' }),
    null,
  ]
  const asked: string[] = []
  const port = portTo(async ({ path }) => {
    asked.push(path.encoded)
    return path.encoded === '/me' ? { type: 'admin', id: '9' } : { type: 'list', data }
  })
  const looked = await createNote.verify?.look(port, { contact_id: 'abc', body: 'Hi' }, 0)
  assert.deepEqual(
    looked?.items.map(({ id, same }) => [id, same]),
    [
      ['1', true],
      ['2', false],
      ['0', false],
      ['3', false],
      ['5', true],
      ['', false], // may be any note
    ],
  )
  assert.deepEqual(asked, ['/me', '/contacts/abc/notes?per_page=150'])
})

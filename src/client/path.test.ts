import assert from 'node:assert/strict'
import { test } from 'node:test'
import { path, withQuery } from './path.ts'

test('every id becomes one encoded segment', () => {
  assert.equal(path`/contacts/${'a/b?c#d e'}/notes`.encoded, '/contacts/a%2Fb%3Fc%23d%20e/notes')
  assert.equal(path`/contacts/${'../admins'}`.encoded, '/contacts/..%2Fadmins')
  assert.equal(path`/contacts/${'%2e%2e'}`.encoded, '/contacts/%252e%252e')
})

test('segments that are no ids are refused', () => {
  for (const id of ['', '.', '..', 'a\nb', '\u0000', '\u0085', '\ud800']) {
    assert.throws(() => path`/contacts/${id}`, { code: 'invalid_input' }, JSON.stringify(id))
  }
})

test('a query is encoded, and absent values are left out', () => {
  const page = { per_page: 20, starting_after: 'WzE=&x', none: undefined }
  assert.equal(
    withQuery(path`/conversations`, page).encoded,
    '/conversations?per_page=20&starting_after=WzE%3D%26x',
  )
  assert.equal(withQuery(path`/conversations`, { none: undefined }).encoded, '/conversations')
})

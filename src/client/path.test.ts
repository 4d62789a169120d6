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

test('an id that no server would take in a URL is refused', () => {
  assert.equal(path`/contacts/${'a'.repeat(2000)}`.encoded.length, 2010)
  for (const id of ['a'.repeat(2001), '退'.repeat(223), '\ud800'.repeat(223), ' '.repeat(4_000_000)]) {
    assert.throws(() => path`/contacts/${id}`, {
      message: /is longer than 2000 characters \(percent-encoded\)/,
    })
  }
  assert.throws(() => withQuery(path`/conversations`, { starting_after: 'a'.repeat(2001) }), {
    message: /^starting_after is longer than 2000 characters/,
  })
})

test('a query is encoded, and absent values are left out', () => {
  const page = { per_page: 20, starting_after: 'WzE=&x', none: undefined }
  assert.equal(
    withQuery(path`/conversations`, page).encoded,
    '/conversations?per_page=20&starting_after=WzE%3D%26x',
  )
  assert.equal(withQuery(path`/conversations`, { none: undefined }).encoded, '/conversations')
})

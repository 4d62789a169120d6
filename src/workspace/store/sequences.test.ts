import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'
import { type Sequence, Sequences } from './sequences.ts'

test('the id of what was deleted does not come back, not even after a restart', () => {
  const { ok, call, adminId, store } = openDesk()
  const source = ok('POST', '/ai/content_import_sources', { sync_behavior: 'api', url: 'https://a.example' })
  const page = { title: 'A', html: '', locale: 'en', source_id: source.id, external_id: 'a' }
  const made: readonly (readonly [sequence: Sequence, path: string, body: object])[] = [
    ['articles', '/articles', { title: 'A', author_id: adminId }],
    ['collections', '/help_center/collections', { name: 'A' }],
    [
      'content_import_sources',
      '/ai/content_import_sources',
      { sync_behavior: 'api', url: 'https://a.example' },
    ],
    ['external_pages', '/ai/external_pages', page],
    ['news_items', '/news/news_items', { title: 'A', sender_id: adminId }],
    ['tags', '/tags', { name: 'A' }],
  ]
  for (const [sequence, path, body] of made) {
    const { id } = ok('POST', path, body)
    assert.ok(call('DELETE', `${path}/${id}`).status < 300)
    assert.equal(new Sequences(store.db).next(sequence), Number(id) + 1, sequence)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildAnswer } from '../http/answer.ts'
import { routes } from '../routes/all.ts'
import { openSample } from './sample.test.ts'

function openDesk() {
  const { store } = openSample()
  const token = store.db.get<{ token: string }>('SELECT token FROM tokens')?.token
  const answer = buildAnswer(store, routes)
  const send = (method: string, target: string, body: object) => {
    const header = (name: string) => (name === 'authorization' ? `Bearer ${token}` : undefined)
    const { body: text } = answer({
      method,
      origin: 'http://desk',
      target,
      header,
      body: JSON.stringify(body),
    })
    return JSON.parse(String(text)) as { total_count: number; conversations?: { id: string }[] }
  }
  const made = (name: string) => store.db.number('SELECT count(*) FROM sqlite_schema WHERE name = ?', name)
  return { store, send, made }
}

const query = (field: string, operator: string, value: unknown) => ({ query: { field, operator, value } })

test('a field is indexed by the first search that needs it, and not where another index finds enough', () => {
  const { send, made } = openDesk()
  assert.equal(made('contacts_by_os'), 0)
  const both = [query('email', '=', 'ann1@example.com').query, query('os', '=', 'windows').query]
  send('POST', '/contacts/search', { query: { operator: 'AND', value: both } })
  assert.equal(made('contacts_by_os'), 0)
  assert.ok(send('POST', '/contacts/search', query('os', '=', 'windows')).total_count > 0)
  assert.equal(made('contacts_by_os'), 1)
})

test('custom attributes of conversations are found by what they are now', () => {
  const { store, send, made } = openDesk()
  const found = (value: string) => {
    const { conversations = [] } = send(
      'POST',
      '/conversations/search',
      query('custom_attributes.plan', '=', value),
    )
    return conversations.map(({ id }) => id)
  }
  assert.deepEqual(found('Gold'), [])
  assert.equal(made('conversation_attributes'), 1)
  const [one = 0, other = 0] = store.db
    .all<{ id: number }>('SELECT id FROM conversations LIMIT 2')
    .map(({ id }) => id)
  for (const id of [one, other]) {
    send('PUT', `/conversations/${id}`, { custom_attributes: { plan: 'gold' } })
  }
  assert.deepEqual(found('Gold').sort(), [String(one), String(other)].sort())
  send('PUT', `/conversations/${one}`, { custom_attributes: { plan: 'silver' } })
  assert.deepEqual(found('GOLD'), [String(other)])
  store.db.run('DELETE FROM conversations WHERE id = ?', other)
  assert.deepEqual(found('gold'), [])
  assert.equal(
    store.db.number('SELECT count(*) FROM conversation_attributes WHERE conversation_id = ?', other),
    0,
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'

const path = '/help_center/collections'

function openCenter() {
  const desk = openDesk()
  const make = (fields: object = {}) => desk.ok('POST', path, { name: 'Getting started', ...fields })
  return { ...desk, make }
}

test('a new workspace has one help center, and nothing in it', () => {
  const { ok, refused } = openCenter()
  const { data } = ok('GET', '/help_center/help_centers')
  assert.equal(data.length, 1)
  assert.deepEqual(ok('GET', `/help_center/help_centers/${data[0].id}`), data[0])
  assert.equal(data[0].url, 'https://intercom.help/lc0a1b2c')
  assert.equal(refused('GET', '/help_center/help_centers/1'), '404 not_found: Resource Not Found')
  assert.deepEqual(ok('GET', path), {
    type: 'list',
    data: [],
    total_count: 0,
    pages: { type: 'pages', page: 1, per_page: 20, total_pages: 0 },
  })
})

test('collections nest, in the order they came, and change by what is given', () => {
  const { ok, make, clock } = openCenter()
  const top = make()
  const next = make({ name: 'Billing', description: 'Money' })
  const inside = make({ name: 'Invoices', parent_id: top.id })
  assert.deepEqual([top.order, next.order, inside.order], [1, 2, 1])
  assert.deepEqual([inside.parent_id, inside.help_center_id], [top.id, top.help_center_id])
  assert.deepEqual([top.description, top.icon], ['', 'book-bookmark'])
  assert.equal(next.url, `https://intercom.help/lc0a1b2c/en/collections/${next.id}-billing`)
  clock.seconds += 60
  assert.deepEqual(ok('PUT', `${path}/${inside.id}`, {}), inside)
  const moved = ok('PUT', `${path}/${inside.id}`, { parent_id: next.id })
  assert.deepEqual(moved, { ...inside, parent_id: next.id, updated_at: clock.seconds })
  assert.equal(ok('PUT', `${path}/${inside.id}`, { parent_id: null }).parent_id, null)
  assert.equal(ok('GET', `${path}?per_page=1`).data[0].id, inside.id)
})

test('a deleted collection takes those inside with it, and leaves its articles alone', () => {
  const { ok, refused, make, adminId } = openCenter()
  const { id: top } = make()
  const { id: inside } = make({ parent_id: top })
  const { id: other } = make()
  const article = (parent_id: string) =>
    ok('POST', '/articles', { title: 'Hello', author_id: adminId, parent_id }).id
  const [lost, kept] = [article(inside), article(other)]
  assert.deepEqual(ok('DELETE', `${path}/${top}`), { id: top, object: 'collection', deleted: true })
  assert.equal(refused('GET', `${path}/${inside}`), '404 not_found: Resource Not Found')
  assert.deepEqual(ok('GET', `/articles/${lost}`).parent_ids, [])
  assert.deepEqual(ok('GET', `/articles/${kept}`).parent_ids, [Number(other)])
})

test('what is wrong with a collection is refused', () => {
  const { ok, refused, make } = openCenter()
  const { id: top } = make()
  const { id: inside } = make({ parent_id: top })
  const name = '400 parameter_not_found: Name is a required parameter.'
  const refusals: readonly (readonly [method: string, target: string, body: object, message: string])[] = [
    ['POST', path, { description: 'No name' }, name],
    ['POST', path, { name: '' }, name],
    ['POST', path, { name: [] }, '400 type_mismatch: name must be a string'],
    ['POST', path, { name: 'A', parent_id: '1' }, '400 parameter_invalid: Parent not found'],
    ['POST', path, { name: 'A', help_center_id: 1 }, '400 parameter_invalid: Help Center not found'],
    ['PUT', `${path}/${top}`, { name: ' ' }, name],
    [
      'PUT',
      `${path}/${top}`,
      { parent_id: inside },
      '400 parameter_invalid: Parent is the collection itself or inside it',
    ],
    [
      'PUT',
      `${path}/${top}`,
      { parent_id: top },
      '400 parameter_invalid: Parent is the collection itself or inside it',
    ],
    ['PUT', `${path}/1`, { name: 'A' }, '404 not_found: Resource Not Found'],
    ['DELETE', `${path}/x`, {}, '404 not_found: Resource Not Found'],
  ]
  for (const [method, target, body, message] of refusals) assert.equal(refused(method, target, body), message)
  assert.equal(ok('GET', path).total_count, 2)
})

test('translations of a collection are shown by a multilingual help center', () => {
  const { ok, make, store } = openCenter()
  const fr = { name: 'Débuter', description: 'Ici' }
  const { id } = make({ translated_content: { type: 'group_translated_content', fr } })
  store.write(() => store.db.run(`UPDATE help_centers SET locales = '["en","fr"]'`))
  const { translated_content } = ok('PUT', `${path}/${id}`, {
    translated_content: { fr: { description: null } },
  })
  assert.deepEqual(translated_content, {
    type: 'group_translated_content',
    fr: { type: 'group_content', name: 'Débuter', description: '' },
  })
})

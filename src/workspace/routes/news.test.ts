import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'

const path = '/news/news_items'

function openDeskWithNews() {
  const desk = openDesk()
  const feed = desk.ok('GET', '/news/newsfeeds').data[0]
  const make = (fields: object = {}) =>
    desk.ok('POST', path, { title: 'Halloween is here!', sender_id: Number(desk.adminId), ...fields })
  const live = () =>
    desk.ok('GET', `/news/newsfeeds/${feed.id}/items`).data.map(({ id }: { id: string }) => id)
  return { ...desk, feed, make, live }
}

test('a news item is a draft without anything that is not given, and lists labels in order', () => {
  const { ok, make, adminId } = openDeskWithNews()
  const { id, created_at, ...made } = make({ body: 'New costumes', labels: ['Product', 'Update', 'New'] })
  assert.deepEqual(made, {
    type: 'news-item',
    workspace_id: 'lc0a1b2c',
    title: 'Halloween is here!',
    body: '<p>New costumes</p>',
    sender_id: Number(adminId),
    state: 'draft',
    labels: ['New', 'Product', 'Update'],
    cover_image_url: null,
    reactions: [],
    deliver_silently: false,
    updated_at: created_at,
    newsfeed_assignments: [],
  })
  const changed = ok('PUT', `${path}/${id}`, { reactions: ['😝', '😂'], title: 'Christmas is here!' })
  assert.deepEqual(changed, { id, created_at, ...made, reactions: ['😝', '😂'], title: 'Christmas is here!' })
  assert.deepEqual(ok('GET', path).data, [changed])
})

test('an item is on a feed while it is live, and dated when it goes live or as it is told', () => {
  const { ok, make, live, feed, clock } = openDeskWithNews()
  const newsfeed_id = Number(feed.id)
  const old = { newsfeed_id, published_at: 1_664_638_214 }
  const draft = make({ newsfeed_assignments: [old] })
  assert.deepEqual(draft.newsfeed_assignments, [{ newsfeed_id }])
  assert.deepEqual(live(), [])
  clock.seconds += 60
  const published = ok('PUT', `${path}/${draft.id}`, { state: 'live' })
  assert.deepEqual(published.newsfeed_assignments, [{ newsfeed_id, published_at: clock.seconds }])
  const imported = make({ state: 'live', newsfeed_assignments: [old] })
  assert.deepEqual(imported.newsfeed_assignments, [old])
  assert.deepEqual(live(), [draft.id, imported.id])
  assert.deepEqual(ok('PUT', `${path}/${draft.id}`, { state: 'draft' }).newsfeed_assignments, [
    { newsfeed_id },
  ])
  assert.deepEqual(ok('PUT', `${path}/${imported.id}`, { newsfeed_assignments: [] }).newsfeed_assignments, [])
  assert.deepEqual(live(), [])
})

test('a deleted item is gone, from its feed too', () => {
  const { ok, refused, make, live, feed } = openDeskWithNews()
  const { id } = make({ state: 'live', newsfeed_assignments: [{ newsfeed_id: feed.id }] })
  assert.deepEqual(live(), [id])
  assert.deepEqual(ok('DELETE', `${path}/${id}`), { id, object: 'news-item', deleted: true })
  assert.deepEqual(live(), [])
  assert.equal(refused('GET', `${path}/${id}`), '404 not_found: Resource Not Found')
})

test('what is wrong with a news item is refused, and changes nothing', () => {
  const { ok, refused, make, feed, clock, adminId } = openDeskWithNews()
  const { id } = make()
  const before = ok('GET', `${path}/${id}`)
  const future = [{ newsfeed_id: feed.id, published_at: clock.seconds + 1 }]
  const refusals: readonly (readonly [fields: object, message: string])[] = [
    [{ title: '' }, '400 parameter_invalid: Title is required'],
    [{ sender_id: 1 }, '400 parameter_invalid: Sender must be a teammate of the workspace'],
    [{ state: 'published' }, "400 parameter_invalid: State isn't an option"],
    [{ labels: 'New' }, "400 parameter_invalid: Labels isn't an array"],
    [{ reactions: [1] }, '400 type_mismatch: reactions must be an array of strings'],
    [{ deliver_silently: 'so' }, '400 type_mismatch: deliver_silently must be a boolean'],
    [{ newsfeed_assignments: [1] }, '400 type_mismatch: newsfeed_assignments must be an array of objects'],
    [{ newsfeed_assignments: [{ newsfeed_id: 1 }] }, '400 parameter_invalid: Newsfeed not found'],
    [{ newsfeed_assignments: future }, '400 parameter_invalid: Published At cannot be in the future'],
  ]
  for (const [fields, message] of refusals) {
    assert.equal(refused('PUT', `${path}/${id}`, { title: 'Changed', ...fields }), message)
  }
  assert.deepEqual(ok('GET', `${path}/${id}`), before)
  assert.equal(refused('POST', path, { sender_id: adminId }), '400 parameter_not_found: title is required')
  assert.equal(refused('POST', path, { title: 'A' }), '400 parameter_not_found: sender_id is required')
  for (const target of ['/news/newsfeeds/1', '/news/newsfeeds/1/items', `${path}/1`]) {
    assert.equal(refused('GET', target), '404 not_found: Resource Not Found')
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'

const sources = '/ai/content_import_sources'
const pages = '/ai/external_pages'

function openLibrary() {
  const desk = openDesk()
  const { ok } = desk
  const source = (fields: object = {}) =>
    ok('POST', sources, { sync_behavior: 'api', url: 'https://www.example.com', ...fields })
  const page = (source_id: number, fields: object = {}) =>
    ok('POST', pages, {
      ...{ title: 'Test', html: '<html><body><h1>Test</h1></body></html>', locale: 'en', source_id },
      ...{ external_id: 'abc1234', url: 'https://www.example.com/1', ...fields },
    })
  return { ...desk, source, page }
}

test('a source is made, read, changed and deleted together with its pages', () => {
  const { ok, call, refused, source, page, clock } = openLibrary()
  const made = source()
  assert.deepEqual([made.sync_behavior, made.status], ['api', 'active'])
  assert.deepEqual(ok('GET', `${sources}/${made.id}`), made)
  clock.seconds += 60
  const changes = { sync_behavior: 'api', url: 'https://help.example.com', status: 'deactivated' }
  assert.deepEqual(ok('PUT', `${sources}/${made.id}`, changes), {
    ...made,
    ...changes,
    updated_at: clock.seconds,
  })
  const { id } = page(made.id)
  const other = page(source().id)
  const { status, bytes } = call('DELETE', `${sources}/${made.id}`)
  assert.deepEqual([status, bytes.length], [204, 0])
  assert.equal(refused('GET', `${sources}/${made.id}`), '404 not_found: Resource Not Found')
  assert.equal(refused('GET', `${pages}/${id}`), '404 not_found: Resource Not Found')
  assert.deepEqual(ok('GET', pages).data, [other])
})

test('sources are listed oldest first, pages newest first', () => {
  const { ok, source, page } = openLibrary()
  const ids = [source().id, source().id, source().id]
  assert.deepEqual(
    ok('GET', `${sources}?per_page=2`).data.map(({ id }: { id: number }) => id),
    ids.slice(0, 2),
  )
  const made = ids.map((id) => page(id).id)
  const list = ok('GET', pages)
  assert.deepEqual(
    list.data.map(({ id }: { id: string }) => id),
    made.reverse(),
  )
  assert.deepEqual(list.pages, { type: 'pages', page: 1, per_page: 50, total_pages: 1 })
})

test('a page of a source and external id is updated by the next one, and keeps its availability', () => {
  const { ok, source, page, clock } = openLibrary()
  const { id } = source()
  const made = page(id)
  assert.equal(made.ai_agent_availability, true)
  assert.equal(made.html, '<html><body><h1>Test</h1></body></html>')
  ok('PUT', `${pages}/${made.id}`, { ...made, ai_copilot_availability: false })
  clock.seconds += 60
  const again = page(id, { title: 'Second', url: undefined })
  const times = { updated_at: clock.seconds, last_ingested_at: clock.seconds }
  const off = { ai_copilot_availability: false, fin_availability: false }
  assert.deepEqual(again, { ...made, title: 'Second', ...off, ...times })
  assert.notEqual(page(source().id).id, made.id)
  assert.equal(ok('GET', pages).total_count, 2)
  const { fin_availability, ai_agent_availability } = page(id, { fin_availability: true })
  assert.deepEqual([fin_availability, ai_agent_availability], [true, true])
})

test('a deleted page is answered without its text, and is gone', () => {
  const { ok, refused, source, page } = openLibrary()
  const made = page(source().id)
  assert.deepEqual(ok('DELETE', `${pages}/${made.id}`), { ...made, html: '' })
  assert.equal(refused('DELETE', `${pages}/${made.id}`), '404 not_found: Resource Not Found')
})

test('what is wrong with a source or a page is refused', () => {
  const { ok, refused, source, page } = openLibrary()
  const { id } = source()
  const first = page(id)
  const second = page(id, { external_id: 'other' })
  const api = { sync_behavior: 'api', url: 'https://a.example' }
  const whole = {
    title: 'A',
    html: '',
    url: 'https://a.example',
    locale: 'en',
    source_id: id,
    external_id: 'z',
  }
  const refusals: readonly (readonly [method: string, target: string, body: object, message: string])[] = [
    ['POST', sources, { url: 'https://a.example' }, '400 parameter_not_found: sync_behavior is required'],
    [
      'POST',
      sources,
      { ...api, sync_behavior: 'manual' },
      "400 parameter_invalid: Sync Behavior isn't an option",
    ],
    ['POST', sources, { sync_behavior: 'api' }, '400 parameter_not_found: url is required'],
    ['POST', sources, { ...api, url: 'javascript:alert(1)' }, '400 parameter_invalid: url is invalid'],
    ['POST', sources, { ...api, status: 'on' }, "400 parameter_invalid: Status isn't an option"],
    [
      'PUT',
      `${sources}/${id}`,
      { ...api, sync_behavior: 'automatic' },
      '400 parameter_invalid: Sync Behavior can not be changed to or from api',
    ],
    ['PUT', `${sources}/${id}`, { sync_behavior: 'api' }, '400 parameter_not_found: url is required'],
    ['PUT', `${sources}/1`, api, '404 not_found: Resource Not Found'],
    ['POST', pages, { ...whole, title: null }, '400 parameter_not_found: title is required'],
    ['POST', pages, { ...whole, html: undefined }, '400 parameter_not_found: html is required'],
    ['POST', pages, { ...whole, locale: 'fr' }, "400 parameter_invalid: Locale isn't an option"],
    ['POST', pages, { ...whole, source_id: 1 }, '400 parameter_invalid: Source not found'],
    ['POST', pages, { ...whole, external_id: undefined }, '400 parameter_not_found: external_id is required'],
    [
      'POST',
      pages,
      { ...whole, ai_agent_availability: 'yes' },
      '400 type_mismatch: ai_agent_availability must be a boolean',
    ],
    ['PUT', `${pages}/${first.id}`, { ...whole, url: undefined }, '400 parameter_not_found: url is required'],
    [
      'PUT',
      `${pages}/${second.id}`,
      { ...whole, external_id: 'abc1234' },
      '400 parameter_invalid: External ID is already taken',
    ],
  ]
  for (const [method, target, body, message] of refusals) assert.equal(refused(method, target, body), message)
  assert.deepEqual(ok('GET', pages).data, [second, first])
})

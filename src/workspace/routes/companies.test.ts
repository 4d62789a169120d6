import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'

const absent = '6745a1b2c3d4e5f601234567'

test('a company is looked up by company_id, and what is not set is absent', () => {
  const { ok, clock, store } = openDesk()
  const made = ok('POST', '/companies', { company_id: 'c1', name: 'One' })
  assert.deepEqual(made, {
    type: 'company',
    company_id: 'c1',
    id: made.id,
    app_id: store.app.id_code,
    name: 'One',
    created_at: clock.seconds,
    updated_at: clock.seconds,
    monthly_spend: 0,
    session_count: 0,
    user_count: 0,
    tags: { type: 'tag.list', tags: [] },
    segments: { type: 'segment.list', segments: [] },
    plan: {},
    custom_attributes: { creation_source: 'api' },
  })
  clock.seconds += 10
  const again = ok('POST', '/companies', { company_id: 'c1', size: 3, plan: 'Pro' })
  assert.deepEqual([again.id, again.name, again.size, again.plan.name], [made.id, 'One', 3, 'Pro'])
  assert.equal(again.updated_at, made.updated_at + 10)
  assert.equal(ok('POST', '/companies', { company_id: 'c2', plan: 'Pro' }).plan.id, again.plan.id)
})

test('company_id never changes, and names are not unique', () => {
  const { ok } = openDesk()
  const { id } = ok('POST', '/companies', { company_id: 'c1', name: 'Same' })
  ok('POST', '/companies', { company_id: 'c2', name: 'Same' })
  assert.equal(ok('PUT', `/companies/${id}`, { company_id: 'c9' }).company_id, 'c1')
  assert.equal(ok('GET', '/companies?name=Same').id, id)
})

test('the id that older clients send along is no error, and names the company where no company_id does', () => {
  const { ok, call, refused } = openDesk()
  const { id } = ok('POST', '/companies', { company_id: 'acme', name: 'Acme' })
  const other = ok('POST', '/companies', { company_id: 'other', name: 'Other' })
  assert.equal(ok('POST', '/companies', { id, company_id: 'acme', name: 'Acme 2' }).name, 'Acme 2')
  assert.equal(ok('POST', '/companies', { id, name: 'Acme 3' }).company_id, 'acme')
  assert.equal(ok('POST', '/companies', { id, company_id: 'other', name: 'Mine' }).id, other.id)
  assert.equal(ok('POST', '/companies', { id: null, company_id: 'acme' }).name, 'Acme 3')
  assert.equal(ok('PUT', `/companies/${id}`, { id, name: 'Acme 4' }).name, 'Acme 4')
  assert.equal(
    refused('POST', '/companies', { id: 'f'.repeat(24), name: 'x' }),
    '404 company_not_found: Company Not Found',
  )
  assert.equal(call('GET', `/companies/${id}`).json.name, 'Acme 4')
})

test('what was read of a company can be written back with its own origin, which nothing changes', () => {
  const { ok } = openDesk()
  const { id, company_id, name, custom_attributes } = ok('POST', '/companies', { company_id: 'acme' })
  for (const given of [custom_attributes, { creation_source: 'mine' }, { creation_source: null }]) {
    const saved = ok('POST', '/companies', { id, company_id, name, custom_attributes: given })
    assert.deepEqual(saved.custom_attributes, { creation_source: 'api' })
  }
})

test('monthly_spend loses what is behind the point, and has an upper limit', () => {
  const { ok, refused } = openDesk()
  assert.equal(ok('POST', '/companies', { company_id: 'c', monthly_spend: 155.98 }).monthly_spend, 155)
  assert.equal(ok('POST', '/companies', { monthly_spend: 2 ** 31 - 1 }).monthly_spend, 2 ** 31 - 1)
  assert.match(refused('POST', '/companies', { monthly_spend: 2 ** 31 }), /^400 parameter_invalid/)
})

test('unknown parameters, attributes and companies are refused as Intercom does', () => {
  const { call, refused } = openDesk()
  const { json } = call('POST', '/companies', { test: 'invalid' })
  assert.equal(json.request_id, null)
  assert.equal(refused('POST', '/companies', { test: 1 }), "400 bad_request: bad 'test' parameter")
  assert.equal(
    refused('POST', '/companies', { custom_attributes: { x: 1 } }),
    "400 parameter_invalid: Custom attribute 'x' does not exist",
  )
  for (const [method, path] of [
    ...[['GET', `/companies/${absent}`] as const, ['PUT', `/companies/${absent}`] as const],
    ...[['DELETE', `/companies/${absent}`] as const, ['GET', '/companies?name=nobody'] as const],
    ...[['GET', '/companies?company_id=no'] as const, ['GET', `/companies/${absent}/contacts`] as const],
    ['GET', `/companies/${absent}/segments`] as const,
  ]) {
    assert.equal(refused(method, path), '404 company_not_found: Company Not Found')
  }
})

test('lists hold companies with people only, the last seen first', () => {
  const { ok, user, clock } = openDesk()
  const names = ['a', 'b', 'c'].map((name, index) => {
    const { id } = ok('POST', '/companies', { company_id: name, name })
    const person = user({ email: `${name}@example.com`, last_seen_at: clock.seconds - index })
    ok('POST', `/contacts/${person.id}/companies`, { id })
    return name
  })
  ok('POST', '/companies', { company_id: 'nobody' })
  const named = (path: string, method = 'POST') =>
    ok(method, path).data.map((company: { name: string }) => company.name)
  assert.deepEqual(named('/companies/list'), names)
  assert.deepEqual(named('/companies/list?order=asc'), names.toReversed())
  assert.deepEqual(named('/companies', 'GET'), names)
  const page = ok('GET', '/companies?per_page=2')
  assert.equal(page.pages.next, 'http://local/companies?per_page=2&page=2')
  assert.deepEqual(named('/companies?per_page=2&page=2', 'GET'), ['c'])
  assert.deepEqual(named('/companies/list?page=9'), [])
})

test('one scroll at a time, over by an empty page or after a minute without use', () => {
  const { ok, refused, user, clock } = openDesk()
  const person = user({ email: 'a@example.com' })
  const { id } = ok('POST', '/companies', { company_id: 'c' })
  ok('POST', `/contacts/${person.id}/companies`, { id })
  const first = ok('GET', '/companies/scroll')
  assert.deepEqual([first.data.length, first.pages, first.total_count], [1, null, null])
  assert.match(refused('GET', '/companies/scroll'), /^400 scroll_exists: /)
  clock.seconds += 59
  const next = `/companies/scroll?scroll_param=${first.scroll_param}`
  assert.deepEqual(ok('GET', next), { ...first, data: [] })
  assert.match(refused('GET', next), /^404 not_found: /)
  const second = ok('GET', '/companies/scroll')
  clock.seconds += 60
  assert.match(refused('GET', `/companies/scroll?scroll_param=${second.scroll_param}`), /^404 /)
  ok('GET', '/companies/scroll')
})

test('attaching counts people once, and only while they are active', () => {
  const { ok, refused, user } = openDesk()
  const person = user({ email: 'a@example.com' })
  const company = ok('POST', '/companies', { company_id: 'c' })
  const path = `/contacts/${person.id}/companies`
  const count = () => ok('GET', `/companies/${company.id}`).user_count
  assert.equal(ok('POST', path, { id: company.id }).user_count, 1)
  assert.equal(ok('POST', path, { id: company.id }).user_count, 1)
  assert.deepEqual(ok('GET', `/contacts/${person.id}`).companies, {
    type: 'list',
    data: [{ id: company.id, type: 'company', url: `/companies/${company.id}` }],
    url: `/contacts/${person.id}/companies`,
    total_count: 1,
    has_more: false,
  })
  ok('POST', `/contacts/${person.id}/archive`)
  ok('POST', `/contacts/${person.id}/archive`)
  assert.equal(count(), 0)
  assert.equal(ok('GET', `/companies/${company.id}/contacts`).total_count, 0)
  ok('POST', `/contacts/${person.id}/unarchive`)
  assert.equal(count(), 1)
  assert.equal(ok('DELETE', `${path}/${company.id}`).user_count, 0)
  assert.equal(refused('DELETE', `${path}/${company.id}`), '404 company_not_found: Company Not Found')
  assert.equal(refused('POST', path, {}), '400 parameter_not_found: company not specified')
  assert.equal(refused('POST', path, { id: '123' }), '404 company_not_found: Company Not Found')
  ok('POST', path, { id: company.id })
  ok('DELETE', `/contacts/${person.id}`)
  assert.equal(count(), 0)
})

test('nobody is in more than a thousand companies', () => {
  const { ok, refused, user } = openDesk()
  const path = `/contacts/${user({ email: 'a@example.com' }).id}/companies`
  const ids = Array.from({ length: 1001 }, (_, n) => ok('POST', '/companies', { company_id: `c${n}` }).id)
  for (const id of ids.slice(0, 1000)) ok('POST', path, { id })
  assert.equal(
    refused('POST', path, { id: ids[1000] }),
    '400 contact_company_limit_exceeded: Contact has reached the maximum of 1000 company associations',
  )
  ok('POST', path, { id: ids[0] })
  const last = ok('GET', `${path}?page=20`)
  assert.deepEqual([last.data.length, last.pages.next, last.total_count], [50, null, 1000])
})

test('a deleted company is gone, its company_id is free, its id is never given again', () => {
  const { ok } = openDesk()
  const { id } = ok('POST', '/companies', { company_id: 'c' })
  assert.deepEqual(ok('DELETE', `/companies/${id}`), { id, object: 'company', deleted: true })
  assert.notEqual(ok('POST', '/companies', { company_id: 'c' }).id, id)
})

test('companies are tagged by either id and untagged, or none of them when one is unknown', () => {
  const { ok, refused } = openDesk()
  const { id } = ok('POST', '/companies', { company_id: 'c1' })
  ok('POST', '/companies', { company_id: 'c2' })
  const tags = (company: string) => ok('GET', `/companies?company_id=${company}`).tags.tags
  const unknown = { name: 'Gold', companies: [{ id }, { company_id: 'no' }] }
  assert.equal(refused('POST', '/tags', unknown), '404 company_not_found: Company Not Found')
  assert.deepEqual(ok('GET', '/tags').data, [])
  const tag = ok('POST', '/tags', { name: 'Gold', companies: [{ id }, { company_id: 'c2' }] })
  assert.deepEqual([tags('c1'), tags('c2')], [[tag], [tag]])
  ok('POST', '/tags', { name: 'gold', companies: [{ id, untag: true }] })
  assert.deepEqual([tags('c1'), tags('c2')], [[], [tag]])
  ok('DELETE', `/tags/${tag.id}`)
  assert.deepEqual(tags('c2'), [])
})

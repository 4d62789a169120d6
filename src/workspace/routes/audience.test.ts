import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'

const day = 24 * 3600

test('a new workspace has three segments, and time moves people through them', () => {
  const { ok, user, lead, clock, refused } = openDesk()
  const { segments } = ok('GET', '/segments')
  const [active, fresh, slipping] = segments
  assert.deepEqual(
    segments.map((segment: { name: string; count?: number }) => [segment.name, segment.count]),
    [
      ['Active', undefined],
      ['New', undefined],
      ['Slipping Away', undefined],
    ],
  )
  const { id } = user({ email: 'a@example.com', last_seen_at: clock.seconds })
  lead({ name: 'Not a user', last_seen_at: clock.seconds })
  const inside = () =>
    ok('GET', `/contacts/${id}/segments`).data.map((segment: { name: string }) => segment.name)
  const counts = () =>
    ok('GET', '/segments?include_count=true').segments.map((s: { count: number }) => s.count)
  const found = (segment: { id: string }, operator = '=') =>
    ok('POST', '/contacts/search', { query: { field: 'segment_id', operator, value: segment.id } })
      .total_count
  assert.deepEqual(
    [inside(), counts()],
    [
      ['Active', 'New'],
      [1, 1, 0],
    ],
  )
  clock.seconds += 31 * day
  assert.deepEqual([inside(), counts()], [['Slipping Away'], [0, 0, 1]])
  assert.deepEqual([found(active), found(fresh), found(slipping), found(slipping, '!=')], [0, 0, 1, 1])
  clock.seconds += 30 * day
  assert.deepEqual([inside(), counts()], [[], [0, 0, 0]])
  assert.equal(refused('GET', '/segments/123'), '404 not_found: Resource Not Found')
})

test('segments use the indexes of times', () => {
  const { store, ok } = openDesk()
  const { segments } = ok('GET', '/segments')
  const plans: string[] = []
  const { prepare } = store.db
  store.db.prepare = (sql) => {
    if (sql.includes('segment_id = ?')) {
      const plan = store.db.raw.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      const marks = sql.split('?').length - 1
      plans.push(...plan.all(...Array(marks).fill(0)).map((row) => String(row['detail'])))
    }
    return prepare.call(store.db, sql)
  }
  const query = { field: 'segment_id', operator: '=', value: segments[0].id }
  ok('POST', '/contacts/search', { query })
  ok('GET', '/segments?include_count=true')
  assert.ok(plans.some((detail) => detail.includes('contact_recent')))
  assert.deepEqual(
    plans.filter((detail) => /SCAN contacts(?! USING)/.test(detail)),
    [],
  )
})

test('only explicit choices are subscriptions, and either way back to the default forgets them', () => {
  const { ok, store, user, refused } = openDesk()
  const optIn = store.nextId('subscription_types')
  store.insert('subscription_types', { id: optIn, consent_type: 'opt_in', name: 'Tips' })
  const [out] = ok('GET', '/subscription_types').data
  const { id } = user({ email: 'a@example.com' })
  const path = `/contacts/${id}/subscriptions`
  const chosen = () => ok('GET', path).data.map((type: { id: string }) => type.id)
  ok('POST', path, { id: out.id, consent_type: 'opt_in' })
  assert.deepEqual(chosen(), [])
  assert.deepEqual(ok('POST', path, { id: Number(out.id), consent_type: 'opt_out' }), out)
  ok('POST', path, { id: optIn, consent_type: 'opt_in' })
  assert.deepEqual(chosen(), [out.id, String(optIn)])
  const contact = ok('GET', `/contacts/${id}`)
  const ids = (list: { data: { id: string }[] }) => list.data.map((item) => item.id)
  assert.deepEqual(ids(contact.opted_out_subscription_types), [out.id])
  assert.deepEqual(ids(contact.opted_in_subscription_types), [String(optIn)])
  ok('POST', path, { id: out.id, consent_type: 'opt_in' })
  ok('DELETE', `${path}/${optIn}`)
  assert.deepEqual(chosen(), [])
  assert.equal(
    refused('POST', path, { id: 'x', consent_type: 'opt_in' }),
    '404 not_found: Resource Not Found',
  )
  assert.equal(
    refused('POST', path, { id: out.id, consent_type: 'maybe' }),
    "400 parameter_invalid: Consent Type isn't an option",
  )
})

test('a list attribute takes its options only, and an archived attribute takes nothing', () => {
  const { ok, refused, user } = openDesk()
  const options = [{ value: 'small' }, { value: 'large' }]
  const attribute = ok('POST', '/data_attributes', {
    ...{ name: 'Size', model: 'contact', data_type: 'string', options },
  })
  assert.deepEqual([attribute.options, attribute.full_name], [['small', 'large'], 'custom_attributes.Size'])
  const { id } = user({ email: 'a@example.com', custom_attributes: { Size: 'small' } })
  assert.match(
    refused('PUT', `/contacts/${id}`, { custom_attributes: { Size: 'huge' } }),
    /^400 parameter_invalid: Custom attribute 'Size' has no option/,
  )
  const query = { field: 'custom_attributes.Size', operator: '=', value: 'small' }
  assert.equal(ok('POST', '/contacts/search', { query }).total_count, 1)
  ok('PUT', `/data_attributes/${attribute.id}`, { archived: true })
  assert.match(
    refused('PUT', `/contacts/${id}`, { custom_attributes: { Size: 'small' } }),
    /Custom attribute 'Size' does not exist/,
  )
  ok('PUT', `/contacts/${id}`, { custom_attributes: { plan: 'Pro' } })
  const names = (query: string) =>
    ok('GET', `/data_attributes?model=contact${query}`).data.map((one: { name: string }) => one.name)
  assert.ok(!names('').includes('Size') && names('&include_archived=true').includes('Size'))
  ok('PUT', `/data_attributes/${attribute.id}`, { archived: false })
  assert.equal(ok('POST', '/contacts/search', { query }).total_count, 1)
})

test('attributes that cannot be are refused in the words of the description', () => {
  const { ok, refused } = openDesk()
  const create = (body: object) => refused('POST', '/data_attributes', body)
  const good = { name: 'The One Ring', model: 'company', data_type: 'string' }
  const { id } = ok('POST', '/data_attributes', good)
  const taken = "400 parameter_invalid: You already have 'The One Ring' in your company data."
  assert.equal(create(good), `${taken} To save this as new company data, use a different name.`)
  assert.equal(
    create({ ...good, model: 'contact' }),
    `${taken} To save this as new people data, use a different name.`,
  )
  assert.equal(
    create({ ...good, model: 'contact', name: 'Email' }),
    "400 parameter_invalid: 'Email' is one of our standard attributes for your people data. To save this as new people data, use a different name.",
  )
  assert.match(create({ ...good, name: '!nv@l!d n@me' }), /must only contain alphanumeric characters/)
  assert.equal(
    create({ ...good, name: 'x', data_type: 'mithril' }),
    "400 parameter_invalid: Data Type isn't an option",
  )
  assert.match(create({ ...good, model: 'conversation' }), /must be either contact or company$/)
  const few = 'You must have at least two options on a list type data attribute'
  assert.equal(create({ ...good, name: 'x', options: [{ value: 'a' }] }), `400 parameter_invalid: ${few}`)
  const change = (path: string, body: object) => refused('PUT', `/data_attributes/${path}`, body)
  assert.equal(change(id, { options: { value: 'a' } }), "400 parameter_invalid: Options isn't an array")
  assert.equal(change('1', {}), "404 field_not_found: We couldn't find that data attribute to update")
})

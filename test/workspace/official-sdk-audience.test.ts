import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { openSdkWorld } from '../support/official-sdk.ts'

const world = await openSdkWorld()
after(() => world.close())
const { client } = world

test('the official SDK lists segments, finds one, and asks who is in it', async () => {
  const { segments = [] } = await client.segments.list({ include_count: true })
  assert.equal(segments.length, 3)
  const [first] = segments
  assert.ok(first?.id !== undefined && typeof first.count === 'number')
  assert.equal((await client.segments.find({ segment_id: first.id })).name, first.name)
  const query = { field: 'segment_id', operator: '=' as const, value: first.id }
  const page = await client.contacts.search({ query, pagination: { per_page: 5 } })
  assert.ok(page.data.length <= 5)
})

test('it opts a contact into a subscription and takes it back', async () => {
  const types = await client.subscriptionTypes.list()
  const type = types.data?.find((one) => one?.consent_type === 'opt_in')
  assert.ok(type?.id)
  const contact = await client.contacts.create({ email: 'sdk-subscriber@example.com' })
  const contact_id = String(contact.id)
  await client.contacts.attachSubscription({ contact_id, id: type.id, consent_type: 'opt_in' })
  const chosen = await client.contacts.listAttachedSubscriptions({ contact_id })
  assert.deepEqual(
    chosen.data?.map((one) => one?.id),
    [type.id],
  )
  await client.contacts.detachSubscription({ contact_id, subscription_id: type.id })
  assert.deepEqual((await client.contacts.listAttachedSubscriptions({ contact_id })).data, [])
  assert.ok((await client.contacts.listAttachedSegments({ contact_id })).data)
})

test('it lists data attributes, makes one with options, changes and archives it', async () => {
  const { data = [] } = await client.dataAttributes.list()
  assert.ok(data.some((attribute) => attribute.id !== undefined))
  const options = [{ value: '1-10' }, { value: '11-20' }]
  const made = await client.dataAttributes.create({
    ...({ name: 'SDK size', model: 'company', data_type: 'string', options } as const),
  })
  assert.deepEqual(made.options, ['1-10', '11-20'])
  const changed = await client.dataAttributes.update({
    data_attribute_id: Number(made.id),
    body: { archived: true, description: 'How big', options: [...options, { value: '21-50' }] },
  })
  assert.deepEqual([changed.archived, changed.description, changed.options?.length], [true, 'How big', 3])
  const archived = await client.dataAttributes.list({ model: 'company', include_archived: true })
  assert.ok(archived.data?.some(({ id }) => id === made.id))
})

test('it sends an event, by id and by user_id, and reads what they come to', async () => {
  // The SDK's own suite looks for a contact with an external id by a filter without a value
  // (docs/intercom-api.md 9).
  const found = await client.contacts.search({
    query: {
      operator: 'AND',
      value: [
        { field: 'role', operator: '=', value: 'user' },
        { field: 'external_id', operator: '!=' },
      ],
    },
    pagination: { per_page: 1 },
  })
  const { id, external_id: user_id } = found.data[0] ?? {}
  assert.ok(id && user_id)
  const created_at = Math.floor(Date.now() / 1000)
  await client.events.create({ id, event_name: 'sdk-event', created_at })
  await client.events.create({ user_id, event_name: 'sdk-event', created_at: created_at - 1 })
  await client.events.summaries({ user_id, event_summaries: { event_name: 'sdk-event', count: 2 } })
  const summary = await client.events.list({ type: 'user', user_id, summary: true, per_page: 10 })
  assert.equal(summary.events?.find((event) => event?.name === 'sdk-event')?.count, 4)
})

test('it merges a lead into a user', async () => {
  const lead = await client.contacts.create({ role: 'lead', phone: '+4930888' })
  const user = await client.contacts.create({ email: 'sdk-merge@example.com' })
  const merged = await client.contacts.mergeLeadInUser({ from: String(lead.id), into: String(user.id) })
  assert.deepEqual([merged.id, merged.phone], [user.id, '+4930888'])
})

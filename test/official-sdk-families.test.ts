// Intercom's own SDK on the resources around contacts and conversations (dossier 9, row by row).
import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { Intercom, IntercomError } from 'intercom-client'
import { openSdkWorld, take } from './support/official-sdk.ts'

const world = await openSdkWorld()
after(() => world.close())
const { client } = world

const NOBODY = '0123456789abcdef01234567'
const admin_id = String((await client.admins.identify())?.id)
const user = await client.contacts.create({ email: 'families@example.com', external_id: 'families-1' })
const contact_id = String(user.id)

test('the official SDK makes a company, makes it again by its company_id, and updates it', async () => {
  const made = await client.companies.createOrUpdate({ company_id: 'sdk-1', name: 'Acme', plan: 'Basic' })
  const again = await client.companies.createOrUpdate({ company_id: 'sdk-1', name: 'Acme Inc', size: 12 })
  assert.equal(again.id, made.id)
  assert.equal(again.plan?.name, 'Basic')
  const body = { name: 'Acme & Co', monthly_spend: 49 }
  const updated = await client.companies.update({ company_id: made.id, body })
  assert.deepEqual([updated.monthly_spend, updated.company_id], [49, 'sdk-1'])
  assert.equal((await client.companies.find({ company_id: made.id })).size, 12)
})

test('it finds a company by its company_id, and companies by page', async () => {
  const one = await client.companies.retrieve({ company_id: 'sdk-1' })
  assert.equal(one.type, 'company')
  const some = await client.companies.retrieve({ page: 1, per_page: 2 })
  assert.ok(some.type === 'list' && some.data?.length === 2)
  await assert.rejects(client.companies.retrieve({ name: 'No such name' }), Intercom.NotFoundError)
})

test('its iterator walks through all companies once, and ends', async () => {
  const page = await client.companies.list({ per_page: 10 })
  assert.equal(page.data.length, 10)
  const ids = (await take(page)).map(({ id }) => id)
  assert.ok(ids.length > 10)
  assert.equal(new Set(ids).size, ids.length)
})

test('it scrolls through the companies until a page is empty', async () => {
  const seen = new Set<string>()
  let page = await client.companies.scroll()
  for (let pages = 0; page.data.length > 0; pages += 1) {
    assert.ok(pages < 100, 'the scroll does not end')
    for (const { id } of page.data) seen.add(id)
    page = await page.getNextPage()
  }
  assert.ok(seen.size > 10)
})

test('it attaches a contact to a company, lists both sides, and detaches it', async () => {
  const { id } = await client.companies.createOrUpdate({ company_id: 'sdk-2', name: 'Staffed' })
  const attached = await client.companies.attachContact({ contact_id, id })
  assert.equal(attached.id, id)
  const contacts = await client.companies.listAttachedContacts({ company_id: id })
  assert.deepEqual(
    contacts.data?.map((contact) => contact.id),
    [contact_id],
  )
  assert.ok((await client.companies.listAttachedSegments({ company_id: id })).data)
  // The SDK looks for `companies`, Intercom answers with `data` (dossier 8): its pager sees nothing, as live.
  assert.deepEqual(await take(await client.contacts.listAttachedCompanies({ contact_id })), [])
  const { response } = await client.contacts.listAttachedCompanies({ contact_id })
  assert.equal(response.total_count, 1)
  assert.equal((await client.companies.detachContact({ contact_id, company_id: id })).id, id)
  assert.equal((await client.companies.listAttachedContacts({ company_id: id })).total_count, 0)
})

test('it deletes a company, and a second time is told that there is none', async () => {
  const { id } = await client.companies.createOrUpdate({ company_id: 'sdk-3', name: 'Brief' })
  assert.equal((await client.companies.delete({ company_id: id })).deleted, true)
  await assert.rejects(client.companies.find({ company_id: id }), Intercom.NotFoundError)
})

test('it tags and untags companies, by company_id and by id', async () => {
  const { id } = await client.companies.createOrUpdate({ company_id: 'sdk-4', name: 'Tagged' })
  // The SDK's type for tags of a company says nothing of them.
  const tags = async () => {
    const { tags } = await client.companies.find({ company_id: id })
    const list = (tags?.tags ?? []) as Intercom.TagBasic[]
    return list.map(({ name }) => name)
  }
  await client.tags.create({ name: 'SDK company', companies: [{ company_id: 'sdk-4' }] })
  assert.deepEqual(await tags(), ['SDK company'])
  await client.tags.create({ name: 'SDK company', companies: [{ id, untag: true }] })
  assert.deepEqual(await tags(), [])
})

test('it tags several contacts at once', async () => {
  const tag = await client.tags.create({ name: 'SDK crowd', users: [{ id: contact_id }] })
  const attached = await client.contacts.listAttachedTags({ contact_id })
  assert.ok(attached.data?.some(({ id }) => id === tag.id))
})

test('it tags and untags a conversation', async () => {
  const from = { type: 'user', id: contact_id } as const
  const message = await client.conversations.create({ from, body: 'Tag me' })
  const conversation_id = String(message.conversation_id)
  const { id } = await client.tags.create({ name: 'SDK conversation' })
  const applied = await client.tags.tagConversation({ conversation_id, id, admin_id })
  assert.equal(applied.name, 'SDK conversation')
  const tagged = await client.conversations.find({ conversation_id })
  assert.deepEqual(
    tagged.tags?.tags?.map((tag) => tag.id),
    [id],
  )
  await client.tags.untagConversation({ conversation_id, tag_id: id, admin_id })
  assert.deepEqual((await client.conversations.find({ conversation_id })).tags?.tags, [])
})

test('it merges a lead into a user', async () => {
  const lead = await client.contacts.create({ role: 'lead', name: 'Lee D', phone: '+4930123' })
  const merged = await client.contacts.mergeLeadInUser({ from: String(lead.id), into: contact_id })
  assert.equal(merged.id, contact_id)
  assert.equal(merged.phone, '+4930123')
  await assert.rejects(client.contacts.find({ contact_id: String(lead.id) }), (error) => {
    assert.ok(error instanceof IntercomError)
    assert.equal(error.statusCode, 404)
    return true
  })
})

test('it lists segments and finds one, with and without a count', async () => {
  const { segments = [] } = await client.segments.list({ include_count: true })
  assert.equal(typeof segments[0]?.count, 'number')
  const segment_id = String(segments[0]?.id)
  assert.equal((await client.segments.find({ segment_id })).id, segment_id)
  assert.ok((await client.contacts.listAttachedSegments({ contact_id })).data)
  await assert.rejects(client.segments.find({ segment_id: NOBODY }), Intercom.NotFoundError)
})

test('it lists subscription types, opts a contact in and takes that back', async () => {
  const { data } = await client.subscriptionTypes.list()
  const wanted = data?.find(({ consent_type }) => consent_type === 'opt_in')
  const id = String(wanted?.id)
  const ids = async () =>
    (await client.contacts.listAttachedSubscriptions({ contact_id })).data?.map((one) => one.id)
  assert.deepEqual(await ids(), [])
  await client.contacts.attachSubscription({ contact_id, id, consent_type: 'opt_in' })
  assert.deepEqual(await ids(), [id])
  await client.contacts.detachSubscription({ contact_id, subscription_id: id })
  assert.deepEqual(await ids(), [])
})

test('it makes a data attribute, changes it, and lists it by model', async () => {
  // The SDK's type for this request has no name and no model.
  const request = { name: 'SDK ring', model: 'company', data_type: 'string' } as const
  const made = await client.dataAttributes.create(request)
  const body = { description: 'One', archived: false, options: [{ value: '1-10' }, { value: '11-20' }] }
  const changed = await client.dataAttributes.update({ data_attribute_id: Number(made.id), body })
  assert.deepEqual(changed.options, ['1-10', '11-20'])
  const { data } = await client.dataAttributes.list({ model: 'company' })
  assert.ok(data?.some(({ id }) => id === made.id))
  const all = await client.dataAttributes.list({ include_archived: true, model: 'conversation' })
  assert.ok(all.data)
  const without = { data_attribute_id: 999_999, body }
  await assert.rejects(client.dataAttributes.update(without), Intercom.NotFoundError)
})

test('it writes events for a contact that a search found, and reads their summary', async () => {
  const found = await client.contacts.search({
    query: {
      operator: 'AND',
      value: [
        { field: 'role', operator: '=', value: 'user' },
        // Without a value, as Intercom's own suite sends it (dossier 4.1).
        { field: 'external_id', operator: '!=' } as Intercom.SingleFilterSearchRequest,
      ],
    },
    pagination: { per_page: 1 },
  })
  const user_id = String(found.data[0]?.external_id)
  const event = { event_name: 'invited-friend', created_at: Math.floor(Date.now() / 1000), user_id }
  await client.events.create({ ...event, id: String(found.data[0]?.id) })
  await client.events.create({ ...event, created_at: event.created_at - 60 })
  const summary = await client.events.list({ type: 'user', user_id, summary: true, per_page: 10 })
  const invited = summary.events.find((one) => one?.name === 'invited-friend')
  assert.equal(invited?.count, 2)
  await client.events.summaries({ user_id, event_summaries: { event_name: 'invited-friend', count: 1 } })
})

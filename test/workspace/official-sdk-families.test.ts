// What the resource families have in common for Intercom's own SDK: pages, errors, many at once
// (docs/intercom-api.md 9).
import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { Intercom } from 'intercom-client'
import { openSdkWorld, take } from '../support/official-sdk.ts'

const world = await openSdkWorld()
after(() => world.close())
const { client } = world

const NOBODY = '0123456789abcdef01234567'
const admin_id = String((await client.admins.identify())?.id)
const user = await client.contacts.create({ email: 'families@example.com', external_id: 'families-1' })
const contact_id = String(user.id)
for (const body of ['One', 'Two', 'Three']) await client.notes.create({ contact_id, body })

/** A page of the SDK's, of whatever. */
interface SdkPage extends AsyncIterable<{ id?: string }> {
  readonly data: { id?: string }[]
  hasNextPage(): boolean
  getNextPage(): Promise<SdkPage>
}

const LISTS: Readonly<Record<string, () => Promise<SdkPage>>> = {
  companies: () => client.companies.list({ per_page: 10 }),
  contacts: () => client.contacts.list({ per_page: 50 }),
  conversations: () => client.conversations.list({ per_page: 40 }),
  notes: () => client.notes.list({ contact_id, per_page: 1 }),
}
for (const [name, list] of Object.entries(LISTS)) {
  test(`the official SDK finds as many ${name} by its iterator as page by page, each once`, async () => {
    const iterated = (await take(await list())).map(({ id }) => id)
    const paged: unknown[] = []
    let page = await list()
    for (;;) {
      paged.push(...page.data.map(({ id }) => id))
      if (!page.hasNextPage()) break
      page = await page.getNextPage()
    }
    assert.ok(iterated.length > 2)
    assert.equal(new Set(iterated).size, iterated.length)
    assert.deepEqual(paged, iterated)
  })
}

test('a page past the end is empty, where pages are numbered', async () => {
  assert.deepEqual((await client.companies.list({ page: 99, per_page: 50 })).data, [])
  assert.deepEqual((await client.notes.list({ contact_id, page: 99, per_page: 50 })).data, [])
})

test('it retrieves one company by its company_id, and a page of companies without', async () => {
  await client.companies.createOrUpdate({ company_id: 'families-1', name: 'Acme' })
  const one = await client.companies.retrieve({ company_id: 'families-1' })
  assert.ok(one.type === 'company' && one.name === 'Acme')
  const some = await client.companies.retrieve({ page: 1, per_page: 2 })
  assert.ok(some.type === 'list' && some.data?.length === 2)
})

test('it tags several contacts at once', async () => {
  const other = await client.contacts.create({ role: 'lead', name: 'Lee Families' })
  const ids = [contact_id, String(other.id)]
  const tag = await client.tags.create({ name: 'SDK crowd', users: ids.map((id) => ({ id })) })
  for (const id of ids) {
    const attached = await client.contacts.listAttachedTags({ contact_id: id })
    assert.ok(attached.data?.some((one) => one.id === tag.id))
  }
})

test('a filter whose value got lost on the way finds whoever has one, to write events for', async () => {
  const found = await client.contacts.search({
    query: {
      operator: 'AND',
      value: [
        { field: 'role', operator: '=', value: 'user' },
        // As Intercom's own suite sends it: JSON drops what is undefined (docs/intercom-api.md 4.1).
        { field: 'external_id', operator: '!=' } as Intercom.SingleFilterSearchRequest,
      ],
    },
    pagination: { per_page: 1 },
  })
  const user_id = String(found.data[0]?.external_id)
  const event = { event_name: 'sdk-said-hello', created_at: Math.floor(Date.now() / 1000), user_id }
  await client.events.create({ ...event, id: String(found.data[0]?.id) })
  await client.events.create(event)
  const { events } = await client.events.list({ type: 'user', user_id, summary: true })
  assert.equal(events.find((one) => one?.name === 'sdk-said-hello')?.count, 1, 'the same event twice is one')
})

test('its typed errors come out of the refusals of every family', async () => {
  const { NotFoundError, BadRequestError, UnauthorizedError } = Intercom
  await assert.rejects(client.companies.find({ company_id: NOBODY }), NotFoundError)
  await assert.rejects(client.companies.retrieve({ name: 'No such name' }), NotFoundError)
  await assert.rejects(client.companies.attachContact({ contact_id, id: NOBODY }), NotFoundError)
  const untrue = { test: 'invalid' } as Intercom.CreateOrUpdateCompanyRequest
  await assert.rejects(client.companies.createOrUpdate(untrue), BadRequestError)
  await assert.rejects(client.segments.find({ segment_id: NOBODY }), NotFoundError)
  await assert.rejects(client.contacts.listAttachedSegments({ contact_id: NOBODY }), NotFoundError)
  await assert.rejects(client.contacts.listAttachedSubscriptions({ contact_id: NOBODY }), NotFoundError)
  const unknown = { contact_id, id: '999999', consent_type: 'opt_in' }
  await assert.rejects(client.contacts.attachSubscription(unknown), NotFoundError)
  const description = { description: 'None' }
  const change = { data_attribute_id: 999_999, body: description }
  await assert.rejects(client.dataAttributes.update(change), NotFoundError)
  const nameless = { name: '!nv@l!d', model: 'company', data_type: 'string' } as const
  await assert.rejects(client.dataAttributes.create(nameless), BadRequestError)
  await assert.rejects(client.teams.find({ team_id: '1' }), NotFoundError)
  await assert.rejects(client.tags.delete({ tag_id: '1' }), NotFoundError)
  const untag = { conversation_id: '1', tag_id: '1', admin_id }
  await assert.rejects(client.tags.untagConversation(untag), NotFoundError)
  const stranger = world.clientWith({ token: 'nonsense', version: '2.12' })
  await assert.rejects(stranger.subscriptionTypes.list(), UnauthorizedError)
  await assert.rejects(stranger.companies.list(), UnauthorizedError)
})

import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { IntercomError } from 'intercom-client'
import { openSdkWorld, take } from '../support/official-sdk.ts'

const world = await openSdkWorld()
after(() => world.close())
const { client } = world

async function makeCompany(company_id: string): Promise<string> {
  const { id } = await client.companies.createOrUpdate({ company_id, name: 'Before', custom_attributes: {} })
  return id
}

test('the official SDK makes a company and changes it by its company_id', async () => {
  const id = await makeCompany('sdk-1')
  const changed = await client.companies.createOrUpdate({
    ...{ company_id: 'sdk-1', name: 'After', monthly_spend: 9001, plan: 'Big', size: 62_049 },
    ...{ website: 'http://after.example', industry: 'Testing', remote_created_at: 1_700_000_000 },
  })
  assert.deepEqual([changed.id, changed.name, changed.plan?.name], [id, 'After', 'Big'])
  assert.equal((await client.companies.find({ company_id: id })).monthly_spend, 9001)
  const renamed = await client.companies.update({ company_id: id, body: { name: 'Later' } })
  assert.equal(renamed.name, 'Later')
  const found = await client.companies.retrieve({ company_id: 'sdk-1' })
  assert.ok('company_id' in found && found.company_id === 'sdk-1')
})

test('it attaches a contact, lists both sides, and detaches it', async () => {
  const id = await makeCompany('sdk-2')
  const contact = await client.contacts.create({ email: 'sdk-company@example.com' })
  const contact_id = String(contact.id)
  const attached = await client.companies.attachContact({ contact_id, id })
  assert.equal(attached.user_count, 1)
  const people = await client.companies.listAttachedContacts({ company_id: id })
  assert.equal(people.data?.[0]?.id, contact_id)
  assert.deepEqual((await client.companies.listAttachedSegments({ company_id: id })).data, [])
  // The SDK looks for `companies`, Intercom answers `data` (docs/intercom-api.md 8): its page is always
  // empty.
  const companies = await client.contacts.listAttachedCompanies({ contact_id })
  assert.deepEqual(companies.data, [])
  const detached = await client.companies.detachContact({ contact_id, company_id: id })
  assert.equal(detached.user_count, 0)
})

test('its iterator lists every company with people, and as many by its pager', async () => {
  const iterated = await take(await client.companies.list({ per_page: 10 }), 200)
  const pages = await client.companies.list({ page: 1, per_page: 10, order: 'desc' })
  let paged = pages.data.length
  while (pages.hasNextPage()) paged += (await pages.getNextPage()).data.length
  assert.equal(iterated.length, paged)
  assert.ok(paged >= 10, `${paged} companies`)
  assert.equal(new Set(iterated.map(({ id }) => id)).size, paged)
})

test('it scrolls over companies until the last; its iterator does not know where that is', async () => {
  // An empty page ends the scroll but still has its parameter (docs/intercom-api.md 3.7), so the iterator
  // would go on.
  const { total_count = 0 } = (await client.companies.list({ per_page: 1 })).response
  const scrolled = await take(await client.companies.scroll(), total_count)
  assert.equal(new Set(scrolled.map(({ id }) => id)).size, total_count)
})

test('it tags companies and untags them', async () => {
  const id = await makeCompany('sdk-3')
  const tag = await client.tags.create({ name: 'sdk-company', companies: [{ id }] })
  const tags = async () => {
    const company = await client.companies.find({ company_id: id })
    return company.tags?.tags
  }
  assert.deepEqual(await tags(), [{ type: 'tag', id: tag.id, name: tag.name }])
  await client.tags.create({ name: 'sdk-company', companies: [{ company_id: 'sdk-3', untag: true }] })
  assert.deepEqual(await tags(), [])
})

test('it deletes a company, which is not found afterwards', async () => {
  const id = await makeCompany('sdk-4')
  assert.deepEqual(await client.companies.delete({ company_id: id }), {
    id,
    object: 'company',
    deleted: true,
  })
  await assert.rejects(client.companies.find({ company_id: id }), (error) => {
    assert.ok(error instanceof IntercomError)
    assert.equal(error.statusCode, 404)
    return true
  })
})

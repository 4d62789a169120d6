import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { Intercom, IntercomError } from 'intercom-client'
import { openSdkWorld, take } from '../support/official-sdk.ts'

const world = await openSdkWorld()
after(() => world.close())
const { client } = world

const NO_CONTACT = '0123456789abcdef01234567'

test('the official SDK identifies itself and lists the admins', async () => {
  const me = await client.admins.identify()
  assert.ok(me?.app?.id_code)
  const { admins } = await client.admins.list()
  const ids = admins?.map((admin) => admin?.id) ?? []
  assert.ok(ids.includes(me.id))
  const found = await client.admins.find({ admin_id: Number(me.id) })
  assert.equal(found?.email, me.email)
})

test('it creates a user and a lead, finds and updates them', async () => {
  const user = await client.contacts.create({ email: 'sdk-user@example.com', name: 'Sadie Kay' })
  const lead = await client.contacts.create({ role: 'lead', name: 'Lee Da' })
  assert.equal(user.role, 'user')
  assert.equal(lead.role, 'lead')
  const contact_id = String(user.id)
  const updated = await client.contacts.update({ contact_id, phone: '+4930123', name: 'Sadie K.' })
  assert.equal(updated.name, 'Sadie K.')
  const found = await client.contacts.find({ contact_id })
  assert.equal(found.phone, '+4930123')
  assert.equal(found.email, 'sdk-user@example.com')
})

test('its iterator walks through all contacts, page by page', async () => {
  const page = await client.contacts.list({ per_page: 60 })
  assert.equal(page.data.length, 60)
  assert.ok(page.hasNextPage())
  const ids = (await take(page)).map(({ id }) => id)
  assert.ok(ids.length > 150)
  assert.equal(new Set(ids).size, ids.length)
})

test('it searches contacts, with groups and pages', async () => {
  const one = await client.contacts.search({
    query: { field: 'email', operator: '=', value: 'sdk-user@example.com' },
  })
  assert.deepEqual(
    one.data.map(({ name }) => name),
    ['Sadie K.'],
  )
  const leads = await client.contacts.search({
    query: {
      operator: 'AND',
      value: [
        { field: 'role', operator: '=', value: 'lead' },
        { field: 'created_at', operator: '>', value: '1000000000' },
      ],
    },
    pagination: { per_page: 10 },
  })
  assert.equal(leads.data.length, 10)
  const all = await take(leads)
  assert.ok(all.length > 10)
  assert.ok(all.every(({ role }) => role === 'lead'))
})

test('it archives, unarchives and deletes a contact', async () => {
  const { id } = await client.contacts.create({ email: 'sdk-brief@example.com' })
  const contact_id = String(id)
  assert.equal((await client.contacts.archive({ contact_id })).archived, true)
  assert.equal((await client.contacts.unarchive({ contact_id })).archived, false)
  assert.equal((await client.contacts.find({ contact_id })).id, id)
  assert.equal((await client.contacts.delete({ contact_id })).deleted, true)
  await assert.rejects(client.contacts.delete({ contact_id: NO_CONTACT }), IntercomError)
})

test('it writes notes, lists them page by page and finds one', async () => {
  const contact_id = String((await client.contacts.create({ email: 'sdk-notes@example.com' })).id)
  const me = await client.admins.identify()
  const note = await client.notes.create({ contact_id, body: 'First' })
  assert.equal(note.author?.id, me?.id)
  await client.notes.create({ contact_id, body: 'Second', admin_id: String(me?.id) })
  await client.notes.create({ contact_id, body: 'Third' })
  const notes = await take(await client.notes.list({ contact_id, per_page: 1 }))
  assert.deepEqual(
    notes.map(({ body }) => body),
    ['<p>Third</p>', '<p>Second</p>', '<p>First</p>'],
  )
  const found = await client.notes.find({ note_id: Number(note.id) })
  assert.equal(found.body, '<p>First</p>')
})

test('it makes, lists, finds, puts on, takes off and deletes tags', async () => {
  const contact_id = String((await client.contacts.create({ email: 'sdk-tags@example.com' })).id)
  const tag = await client.tags.create({ name: 'SDK' })
  const id = String(tag.id)
  assert.ok((await client.tags.list()).data?.some(({ name }) => name === 'SDK'))
  assert.equal((await client.tags.find({ tag_id: id })).name, 'SDK')
  const applied = await client.tags.tagContact({ contact_id, id })
  assert.equal(applied.name, 'SDK')
  const attached = await client.contacts.listAttachedTags({ contact_id })
  assert.deepEqual(
    attached.data?.map((one) => one.id),
    [id],
  )
  await client.tags.untagContact({ contact_id, tag_id: id })
  assert.deepEqual((await client.contacts.listAttachedTags({ contact_id })).data, [])
  await client.tags.delete({ tag_id: id })
  await assert.rejects(client.tags.find({ tag_id: id }), Intercom.NotFoundError)
})

test('its typed errors come out of the right refusals', async () => {
  const strange = world.clientWith({ token: 'nonsense', version: '2.12' })
  await assert.rejects(strange.contacts.list(), Intercom.UnauthorizedError)
  await assert.rejects(client.admins.find({ admin_id: 1 }), Intercom.NotFoundError)
  await assert.rejects(client.contacts.listAttachedTags({ contact_id: NO_CONTACT }), Intercom.NotFoundError)
  const nameless = { name: undefined } as unknown as Intercom.CreateOrUpdateTagRequest
  await assert.rejects(client.tags.create(nameless), Intercom.BadRequestError)
})

test('a duplicate is an IntercomError that names the contact it collides with', async () => {
  const { id } = await client.contacts.create({ email: 'sdk-twice@example.com' })
  await assert.rejects(client.contacts.create({ email: 'sdk-twice@example.com' }), (error) => {
    assert.ok(error instanceof IntercomError)
    assert.equal(error.statusCode, 409)
    assert.ok(JSON.stringify(error.body).includes(`id=${id}`))
    return true
  })
})

test('it is answered with its own default version too', async () => {
  const newest = world.clientWith({})
  assert.ok((await newest.tags.list()).data)
  assert.equal(world.exchanges.at(-1)?.headers['intercom-version'], '2.14')
})

import assert from 'node:assert/strict'
import test from 'node:test'
import { NO_CONTACT, type World } from './world.ts'

interface Contact {
  readonly id: string
  readonly role: string
  readonly email: string | null
  readonly name: string | null
  readonly external_id: string | null
}
interface ContactList {
  readonly data: readonly Contact[]
  readonly total_count: number
  readonly pages: { readonly next?: { readonly starting_after: string } }
}

/** Contacts, their notes and their tags. */
export function driveContacts(world: World): void {
  const { ask, refused, user, lead, tag } = world

  test('GET /me names the admin of the token and its app', async () => {
    assert.ok(world.me.app.id_code)
  })

  test('GET /admins lists the team, with avatars only when they are asked for', async () => {
    const { admins } = await ask<{ admins: object[] }>('GET', '/admins?display_avatar=true')
    assert.ok(admins.length > 2)
    for (const { id } of world.admins) await ask('GET', `/admins/${id}`)
  })

  test('GET /teams lists the teams, and each can be read', async () => {
    const { teams } = await ask<{ teams: { id: string; name: string }[] }>('GET', '/teams')
    assert.ok(teams.length > 0)
    for (const team of teams) assert.deepEqual(await ask('GET', `/teams/${team.id}`), team)
  })

  test('every field of a contact can be given when it is created', async () => {
    const body = {
      role: 'user',
      external_id: 'conformance-full',
      email: 'full@example.com',
      phone: '+4930123456',
      name: 'Zoë "Full" O\u2019Hara <zoe>',
      avatar: 'https://example.com/zoe.png',
      signed_up_at: 1_700_000_000,
      last_seen_at: 1_700_000_500,
      owner_id: Number(world.me.id),
      unsubscribed_from_emails: true,
      custom_attributes: {},
    }
    const created = await ask<Contact>('POST', '/contacts', { body })
    assert.deepEqual(await ask<Contact>('GET', `/contacts/${created.id}`), created)
  })

  test('a contact is a user unless it is said otherwise, and a lead may have no e-mail', async () => {
    const plain = await ask<Contact>('POST', '/contacts', { body: { email: 'plain@example.com' } })
    assert.equal(plain.role, 'user')
    const bare = await ask<Contact>('POST', '/contacts', { body: { role: 'lead' } })
    assert.equal(bare.email, null)
  })

  test('PUT /contacts/{id} changes what is given and keeps the rest', async () => {
    const body = { name: 'Connie Conform', phone: '+4930555' }
    const changed = await ask<Contact>('PUT', `/contacts/${user.id}`, { body })
    assert.equal(changed.name, 'Connie Conform')
    assert.equal(changed.email, user.email)
  })

  test('GET /contacts walks through everybody once, by cursor', async () => {
    const seen: string[] = []
    let query = '?per_page=50'
    for (;;) {
      const page = await ask<ContactList>('GET', `/contacts${query}`)
      seen.push(...page.data.map(({ id }) => id))
      if (!page.pages.next) {
        assert.equal(seen.length, page.total_count)
        break
      }
      query = `?per_page=50&starting_after=${encodeURIComponent(page.pages.next.starting_after)}`
    }
    assert.equal(new Set(seen).size, seen.length)
  })

  test('POST /contacts/search takes filters of every type, groups, pages and a sort', async () => {
    const filters = [
      { field: 'email', operator: '=', value: user.email },
      { field: 'name', operator: '~', value: 'connie' },
      { field: 'role', operator: '!=', value: 'lead' },
      { field: 'id', operator: 'IN', value: [user.id, lead.id] },
      { field: 'created_at', operator: '>', value: 1_600_000_000 },
      { field: 'created_at', operator: '<', value: '1600000000' },
      { field: 'owner_id', operator: '=', value: null },
      { field: 'unsubscribed_from_emails', operator: '=', value: true },
      { field: 'tag_id', operator: '=', value: tag.id },
      { operator: 'AND', value: [{ field: 'role', operator: '=', value: 'user' }] },
    ]
    for (const query of filters) await ask('POST', '/contacts/search', { body: { query } })
    const query = { field: 'role', operator: '=', value: 'user' }
    const body = {
      query,
      pagination: { per_page: 5 },
      sort: { field: 'created_at', order: 'ascending' },
    }
    const first = await ask<ContactList>('POST', '/contacts/search', { body })
    const pagination = { per_page: 5, starting_after: first.pages.next?.starting_after }
    const second = await ask<ContactList>('POST', '/contacts/search', { body: { ...body, pagination } })
    assert.equal(first.data.length + second.data.length, 10)
    assert.ok(!second.data.some(({ id }) => first.data.some((other) => other.id === id)))
  })

  test('a contact is archived, brought back and deleted', async () => {
    const { id } = await ask<Contact>('POST', '/contacts', { body: { email: 'short-lived@example.com' } })
    await ask('POST', `/contacts/${id}/unarchive`)
    await ask('POST', `/contacts/${id}/archive`)
    assert.equal((await refused('GET', `/contacts/${id}`)).status, 404)
    const again = await refused('POST', '/contacts', { body: { email: 'short-lived@example.com' } })
    const archived = `An archived contact matching those details already exists with id=${id}`
    assert.deepEqual(again, { status: 409, code: 'conflict', message: archived })
    await ask('POST', `/contacts/${id}/unarchive`)
    await ask('GET', `/contacts/${id}`)
    await ask('DELETE', `/contacts/${id}`)
    assert.equal((await refused('GET', `/contacts/${id}`)).status, 404)
    assert.equal((await refused('POST', `/contacts/${id}/unarchive`)).status >= 400, true)
  })

  test('notes are written with and without an admin, read one by one and in pages', async () => {
    const path = `/contacts/${user.id}/notes`
    const note = await ask<{ id: string; body: string }>('POST', path, { body: { body: 'Hello' } })
    assert.equal(note.body, '<p>Hello</p>')
    await ask('POST', path, { body: { body: '<p>Signed</p>', admin_id: world.me.id } })
    await ask('POST', path, {
      body: { body: 'Signed', admin_id: Number(world.me.id), contact_id: NO_CONTACT },
    })
    await ask('GET', `/notes/${note.id}`)
    const page = await ask<{ data: object[] }>('GET', `${path}?page=1&per_page=2`)
    assert.equal(page.data.length, 2)
    assert.deepEqual((await ask<{ data: object[] }>('GET', `${path}?page=9&per_page=2`)).data, [])
    await ask('GET', path)
    await ask('GET', `/contacts/${lead.id}/notes`)
  })

  test('tags are made, found again by any case, renamed, put on, listed, taken off, deleted', async () => {
    const made = await ask<{ id: string; name: string }>('POST', '/tags', { body: { name: 'Gold' } })
    assert.equal((await ask<{ id: string }>('POST', '/tags', { body: { name: 'gold' } })).id, made.id)
    await ask('POST', '/tags', { body: { id: made.id, name: 'Golden' } })
    assert.equal((await ask<{ name: string }>('GET', `/tags/${made.id}`)).name, 'Golden')
    await ask('GET', '/tags')
    const path = `/contacts/${user.id}/tags`
    await ask('POST', path, { body: { id: made.id } })
    await ask('POST', path, { body: { id: made.id } })
    const { data } = await ask<{ data: { id: string }[] }>('GET', path)
    assert.deepEqual(
      data.map(({ id }) => id),
      [made.id],
    )
    await ask('GET', `/contacts/${user.id}`)
    await ask('DELETE', `${path}/${made.id}`)
    assert.equal(await ask('DELETE', `/tags/${made.id}`), undefined)
  })

  test('POST /tags tags and untags people', async () => {
    const users = [{ id: user.id }, { id: lead.id }]
    await ask('POST', '/tags', { body: { name: 'Crowd', users } })
    const untagged = users.map(({ id }) => ({ id, untag: true }))
    await ask('POST', '/tags', { body: { name: 'Crowd', users: untagged } })
    assert.deepEqual((await ask<{ data: object[] }>('GET', `/contacts/${lead.id}/tags`)).data, [])
  })
}

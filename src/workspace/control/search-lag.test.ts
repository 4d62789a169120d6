import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { MovableClock } from '../clock.ts'
import { createWorkspace, type WorkspaceOptions } from '../index.ts'
import { fillFresh } from '../store/fresh.ts'
import { openStore } from '../store/open.ts'
import { SearchLag } from './search-lag.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
type Json = any

/** A workspace whose clock stands, with a contact, a conversation, and ways to look for them. */
async function open(t: TestContext, options: WorkspaceOptions = {}) {
  const workspace = await createWorkspace(options)
  t.after(() => workspace.close())
  const { control, accessToken } = workspace
  control.clock.freeze()
  const call = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${accessToken}` }
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    const answer = await workspace.fetch(new Request(`http://local${path}`, init))
    return { status: answer.status, json: (await answer.json()) as Json }
  }
  const ok = async (method: string, path: string, body?: object): Promise<Json> => {
    const { status, json } = await call(method, path, body)
    assert.equal(status, 200, JSON.stringify(json))
    return json
  }
  const search = async (resource: 'contacts' | 'conversations', field: string, value: unknown) => {
    const query = { field, operator: '=', value }
    return (await ok('POST', `/${resource}/search`, { query }))[
      resource === 'contacts' ? 'data' : resource
    ] as Json[]
  }
  const admin: string = (await ok('GET', '/me')).id
  const ann = async () => ok('POST', '/contacts', { role: 'user', email: 'ann@example.com', name: 'Ann' })
  const talk = async (contact: Json) => {
    const from = { type: 'user', id: contact.id }
    const { conversation_id } = await ok('POST', '/conversations', { from, body: 'Xylophone' })
    return conversation_id as string
  }
  return { workspace, control, call, ok, search, admin, ann, talk }
}

test('what is new is hidden from searches, GET /contacts and messages until the lag has passed', async (t) => {
  const { control, ok, call, search, admin, ann, talk } = await open(t, { seed: 10 })
  control.setSearchLag(60)
  const contact = await ann()
  const id = await talk(contact)
  const company = await ok('POST', '/companies', { company_id: 'acme', name: 'Acme' })
  await ok('POST', `/contacts/${contact.id}/companies`, { id: company.id })
  const found = async () => {
    const to = { type: 'user', id: contact.id }
    const message = { message_type: 'inapp', body: 'Hi', from: { type: 'admin', id: admin }, to }
    return [
      (await search('contacts', 'email', 'ann@example.com')).length,
      (await ok('GET', '/contacts')).total_count,
      (await search('conversations', 'source.body', 'xylophone')).length,
      (await call('POST', '/messages', message)).status,
    ]
  }
  assert.deepEqual(await found(), [0, 10, 0, 404])
  assert.equal((await ok('GET', `/contacts/${contact.id}`)).email, 'ann@example.com')
  assert.equal((await ok('GET', `/companies/${company.id}/contacts`)).total_count, 1)
  assert.equal((await ok('GET', '/conversations')).conversations[0].id, id)
  assert.equal((await call('POST', '/contacts', { role: 'user', email: 'ann@example.com' })).status, 409)
  control.clock.advance(59)
  assert.deepEqual(await found(), [0, 10, 0, 404])
  control.clock.advance(1)
  assert.deepEqual(await found(), [1, 11, 1, 200])
  await ok('POST', '/contacts', { role: 'user', email: 'bob@example.com' })
  assert.equal((await ok('GET', '/contacts')).total_count, 11)
  control.setSearchLag(0)
  assert.equal((await ok('GET', '/contacts')).total_count, 12)
})

test('a search shows a changed contact as it was, each change in its own time', async (t) => {
  const { control, ok, search, ann } = await open(t)
  const { id } = await ann()
  const { id: tag } = await ok('POST', '/tags', { name: 'Late' })
  control.setSearchLag(80)
  const seen = async () => {
    const [row] = await search('contacts', 'email', 'ann@example.com')
    return row && [row.name, row.custom_attributes.plan, row.tags.total_count]
  }
  const steps = [
    () => ok('PUT', `/contacts/${id}`, { name: 'Bea' }),
    () => ok('PUT', `/contacts/${id}`, { name: 'Cora', custom_attributes: { plan: 'gold' } }),
    () => ok('POST', `/contacts/${id}/tags`, { id: tag }),
    () => ok('DELETE', `/contacts/${id}/tags/${tag}`),
    () => ok('POST', `/contacts/${id}/archive`),
    () => ok('POST', `/contacts/${id}/unarchive`),
    () => ok('DELETE', `/contacts/${id}`),
  ]
  for (const step of steps) {
    await step()
    control.clock.advance(10)
  }
  const story = []
  for (const _ of [undefined, ...steps]) {
    story.push(await seen())
    control.clock.advance(10)
  }
  assert.deepEqual(story, [
    ['Ann', undefined, 0],
    ['Bea', undefined, 0],
    ['Cora', 'gold', 0],
    ['Cora', 'gold', 1],
    ['Cora', 'gold', 0],
    undefined,
    ['Cora', 'gold', 0],
    undefined,
  ])
})

test('a changed value is found by the old one only, in every index of it, until the lag has passed', async (t) => {
  const { control, ok, ann } = await open(t)
  const { id } = await ann()
  await ok('PUT', `/contacts/${id}`, { custom_attributes: { plan: 'iron' } })
  control.setSearchLag(60)
  await ok('PUT', `/contacts/${id}`, { name: 'Zebedee', custom_attributes: { plan: 'gold' } })
  const found = async (field: string, operator: string, value: string) =>
    (await ok('POST', '/contacts/search', { query: { field, operator, value } })).total_count
  const all = async () => [
    await found('name', '~', 'ann'),
    await found('name', '~', 'bede'),
    await found('name', '=', 'Zebedee'),
    await found('custom_attributes.plan', '=', 'iron'),
    await found('custom_attributes.plan', '=', 'gold'),
  ]
  assert.deepEqual(await all(), [1, 0, 0, 1, 0])
  control.clock.advance(60)
  assert.deepEqual(await all(), [0, 1, 1, 0, 1])
})

test('a merge is seen by searches after the lag, at once elsewhere', async (t) => {
  const { control, ok, search, ann, talk } = await open(t)
  const user = await ann()
  const lead = await ok('POST', '/contacts', { role: 'lead', name: 'Nobody' })
  const id = await talk(lead)
  control.setSearchLag(60)
  await ok('POST', '/contacts/merge', { from: lead.id, into: user.id })
  assert.equal((await ok('GET', `/conversations/${id}`)).contacts.contacts[0].id, user.id)
  assert.equal((await search('conversations', 'contact_ids', lead.id))[0].contacts.contacts[0].id, lead.id)
  assert.equal((await search('contacts', 'role', 'lead')).length, 1)
  control.clock.advance(60)
  assert.equal((await search('conversations', 'contact_ids', user.id))[0].contacts.contacts[0].id, user.id)
  assert.equal((await search('contacts', 'role', 'lead')).length, 0)
})

test('snoozes that ran out are seen by searches the lag after their own seconds', async (t) => {
  const { control, ok, admin, ann, talk } = await open(t)
  const contact = await ann()
  const ids = [await talk(contact), await talk(contact)]
  control.setSearchLag(60)
  const { now } = control.clock.set(control.clock.get().now)
  for (const [i, id] of ids.entries()) {
    const snooze = { message_type: 'snoozed', admin_id: admin, snoozed_until: now + 100 + i * 10 }
    await ok('POST', `/conversations/${id}/parts`, snooze)
  }
  const query = { field: 'state', operator: '=', value: 'open' }
  const story = []
  for (const second of [0, 60, 165, 170]) {
    control.clock.set(now + second)
    story.push((await ok('POST', '/conversations/search', { query })).total_count)
  }
  assert.deepEqual(story, [2, 0, 1, 2])
})

test('a clock that is set back hides nothing longer than the lag', async (t) => {
  const { control, search, ok, ann } = await open(t)
  control.setSearchLag(60)
  control.clock.advance(10_000)
  const { id } = await ann()
  control.clock.set(control.clock.get().now - 9_000)
  await ok('PUT', `/contacts/${id}`, { name: 'Bea' })
  assert.equal((await search('contacts', 'email', 'ann@example.com')).length, 0)
  control.clock.advance(60)
  assert.equal((await search('contacts', 'email', 'ann@example.com'))[0].name, 'Bea')
})

test('a write that was undone is never seen', () => {
  const clock = new MovableClock()
  clock.freeze()
  const store = openStore(undefined, clock)
  store.write(() => {
    fillFresh(store)
    store.insertContact({ role: 'user', name: 'Ann', created_at: 1 })
  })
  const lag = new SearchLag(store, undefined)
  lag.set(60)
  const rename = (name: string) => store.db.run('UPDATE contacts SET name = ?', name)
  const undone = () =>
    store.write(() => {
      rename('Bea')
      throw new Error('no')
    })
  assert.throws(undone, /no/)
  assert.throws(() => lag.whole(undone), /no/)
  store.write(() => rename('Cora'))
  const seen = () => store.searched.db.get<{ name: string }>('SELECT name FROM contacts')?.name
  assert.equal(seen(), 'Ann')
  clock.set(clock.now() + 60_000)
  assert.equal(seen(), 'Cora')
  lag.set(0)
  store.db.close()
})

const folder = mkdtempSync(join(tmpdir(), 'lag-'))

for (const data of [undefined, join(folder, "kept's 100%.db")]) {
  const where = data === undefined ? 'in memory' : 'in a file'
  test(`${where}: a restored snapshot is seen at once, what comes after it lags again`, async (t) => {
    const { control, ok, search, ann } = await open(t, { data })
    const { id } = await ann()
    control.setSearchLag(60)
    await ok('PUT', `/contacts/${id}`, { name: 'Bea' })
    control.snapshot('bea')
    const seen = async () => (await search('contacts', 'email', 'ann@example.com'))[0].name
    assert.equal(await seen(), 'Ann')
    control.restore('bea')
    assert.equal(await seen(), 'Bea')
    await ok('PUT', `/contacts/${id}`, { name: 'Cora' })
    assert.equal(await seen(), 'Bea')
    assert.throws(() => control.restore('never taken'), /no snapshot/)
    assert.equal(await seen(), 'Bea')
    control.clock.advance(60)
    assert.equal(await seen(), 'Cora')
    assert.equal(control.searchLag, 60)
  })

  test(`${where}: a seed is seen at once, a reset ends the lag`, async (t) => {
    const path = data && `${data}2`
    const { control, ok } = await open(t, { data: path })
    control.setSearchLag(60)
    control.seed(20)
    assert.equal((await ok('GET', '/contacts')).total_count, 20)
    await ok('POST', '/contacts', { role: 'user', email: 'new@example.com' })
    assert.equal((await ok('GET', '/contacts')).total_count, 20)
    control.reset({ seed: 30 })
    await ok('POST', '/contacts', { role: 'user', email: 'new@example.com' })
    assert.equal((await ok('GET', '/contacts')).total_count, 31)
    assert.equal(control.searchLag, 0)
  })
}

test('the copy beside a file goes when the lag ends, when the workspace closes, and after a kill', async (t) => {
  const data = join(folder, 'beside.db')
  const copies = () => readdirSync(folder).filter((name) => name.startsWith('beside.db.'))
  writeFileSync(`${data}.searched`, 'left by a process that was killed')
  const { workspace, control } = await open(t, { data })
  assert.ok(!existsSync(`${data}.searched`))
  control.setSearchLag(5)
  assert.ok(existsSync(`${data}.searched`))
  control.setSearchLag(0)
  assert.ok(!existsSync(`${data}.searched`))
  control.setSearchLag(5)
  await workspace.close()
  assert.deepEqual(copies(), [])
})

test('a new lag begins with everything visible', async (t) => {
  const { control, search, ann } = await open(t)
  control.setSearchLag(60)
  await ann()
  control.setSearchLag(30)
  assert.equal((await search('contacts', 'email', 'ann@example.com')).length, 1)
})

test('two workspaces lag apart from each other', async (t) => {
  const one = await open(t)
  const two = await open(t)
  one.control.setSearchLag(60)
  for (const { ann } of [one, two]) await ann()
  const found = async ({ search }: typeof one) =>
    (await search('contacts', 'email', 'ann@example.com')).length
  assert.deepEqual([await found(one), await found(two)], [0, 1])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'

const taken = (id: string) => `409 conflict: A contact matching those details already exists with id=${id}`
const takenByArchived = (id: string) =>
  `409 conflict: An archived contact matching those details already exists with id=${id}`

test("a contact's id begins with the second of its creation", () => {
  const { user } = openDesk(1_778_133_093)
  const { id, created_at } = user({ email: 'a@example.com' })
  assert.match(id, /^69fc2865[0-9a-f]{16}$/)
  assert.equal(created_at, 1_778_133_093)
})

test('a user is refused the e-mail of a user, whatever its case, and the external id of anybody', () => {
  const { user, lead, refused } = openDesk()
  const { id } = user({ email: 'ann@example.com', external_id: 'u1' })
  assert.equal(refused('POST', '/contacts', { email: 'ANN@example.com' }), taken(id))
  assert.equal(refused('POST', '/contacts', { email: 'other@example.com', external_id: 'u1' }), taken(id))
  const { id: leadId } = lead({ external_id: 'l1' })
  assert.equal(refused('POST', '/contacts', { external_id: 'l1' }), taken(leadId))
  assert.equal(user({ external_id: 'U1' }).external_id, 'U1')
})

test('leads never collide by e-mail: with a user, with each other, or when a user comes later', () => {
  const { user, lead } = openDesk()
  const email = 'twin@example.com'
  const ids = [user({ email }), lead({ email }), lead({ email })].map((contact) => contact.id)
  assert.equal(new Set(ids).size, 3)
  lead({ email: 'first@example.com' })
  assert.equal(user({ email: 'first@example.com' }).role, 'user')
})

test('a lead needs no identifier and gets an external id and a picture of its own', () => {
  const { lead } = openDesk()
  const contact = lead({ name: 'Nobody' })
  assert.match(contact.external_id, /^[0-9a-f-]{36}$/)
  assert.match(
    contact.avatar,
    /^https:\/\/static\.intercomassets\.com\/app\/pseudonym_avatars_2019\/\w+\.png$/,
  )
  assert.equal(contact.email, null)
})

test('archiving hides a contact and keeps its identifiers; unarchiving brings it back', () => {
  const { user, ok, refused } = openDesk()
  const { id } = user({ email: 'a@example.com' })
  assert.deepEqual(ok('POST', `/contacts/${id}/archive`), {
    id,
    external_id: null,
    type: 'contact',
    archived: true,
  })
  assert.equal(refused('GET', `/contacts/${id}`), '404 not_found: User Not Found')
  assert.equal(ok('GET', '/contacts').total_count, 0)
  assert.equal(refused('POST', '/contacts', { email: 'a@example.com' }), takenByArchived(id))
  assert.equal(ok('POST', `/contacts/${id}/unarchive`).archived, false)
  assert.equal(ok('POST', `/contacts/${id}/unarchive`).archived, false)
  assert.equal(ok('GET', `/contacts/${id}`).email, 'a@example.com')
})

test('a deleted contact keeps its identifiers for seven days and cannot come back', () => {
  const { user, ok, refused, clock } = openDesk()
  const { id } = user({ email: 'a@example.com' })
  ok('POST', `/contacts/${id}/archive`)
  assert.deepEqual(ok('DELETE', `/contacts/${id}`), {
    id,
    external_id: null,
    type: 'contact',
    deleted: true,
  })
  assert.equal(refused('DELETE', `/contacts/${id}`), '404 not_found: Contact Not Found')
  assert.match(
    refused('POST', `/contacts/${id}/unarchive`),
    /^400 not_restorable: .*marked for permanent deletion/,
  )
  clock.seconds += 7 * 86_400 - 1
  assert.equal(refused('POST', '/contacts', { email: 'a@example.com' }), takenByArchived(id))
  clock.seconds += 2
  assert.notEqual(user({ email: 'a@example.com' }).id, id)
  assert.equal(refused('POST', `/contacts/${id}/unarchive`), '404 not_found: Contact Not Found')
})

test('an update changes what it names, merges custom attributes, and null clears', () => {
  const { user, ok, clock } = openDesk()
  const { id } = user({
    email: 'a@example.com',
    name: 'Ann',
    phone: '+1',
    custom_attributes: { plan: 'pro', seats: 3 },
  })
  clock.seconds += 60
  const updated = ok('PUT', `/contacts/${id}`, { phone: null, custom_attributes: { plan: null, vip: true } })
  assert.deepEqual(
    [updated.name, updated.email, updated.phone, updated.custom_attributes],
    ['Ann', 'a@example.com', null, { seats: 3, vip: true }],
  )
  assert.equal(updated.updated_at - updated.created_at, 60)
  const found = (field: string, value: unknown) =>
    ok('POST', '/contacts/search', { query: { field, operator: '=', value } }).total_count
  assert.deepEqual([found('custom_attributes.plan', 'pro'), found('custom_attributes.vip', true)], [0, 1])
})

test('a lead may become a user unless the e-mail is taken; a user never a lead', () => {
  const { user, lead, ok, refused } = openDesk()
  const owner = user({ email: 'a@example.com' })
  const twin = lead({ email: 'a@example.com' })
  assert.equal(refused('PUT', `/contacts/${twin.id}`, { role: 'user' }), taken(owner.id))
  assert.equal(ok('PUT', `/contacts/${twin.id}`, { role: 'user', email: 'b@example.com' }).role, 'user')
  assert.equal(
    refused('PUT', `/contacts/${owner.id}`, { role: 'lead' }),
    "400 client_error: Contact with user role can't be converted to a lead",
  )
  assert.equal(refused('PUT', `/contacts/${owner.id}`, { email: 'b@example.com' }), taken(twin.id))
})

test('bad values are refused in words', () => {
  const { refused, adminId, user } = openDesk()
  const create = (body: object) => refused('POST', '/contacts', body)
  const email = 'a@example.com'
  assert.equal(create({ role: 'boss' }), "400 parameter_invalid: Role isn't an option")
  assert.equal(
    create({ email, owner_id: 5 }),
    '400 parameter_invalid: The owner specified is not a member of the workspace',
  )
  assert.equal(
    create({ email, custom_attributes: { nope: 1 } }),
    "400 parameter_invalid: Custom attribute 'nope' does not exist",
  )
  assert.match(create({ email, custom_attributes: { seats: 'many' } }), /^400 parameter_invalid: /)
  assert.match(create({ email, custom_attributes: { constructor: 1 } }), /'constructor' does not exist$/)
  assert.match(create({ email: { $ne: '' } }), /^400 type_mismatch: /)
  assert.match(create({ email: 'no-at-sign' }), /^400 parameter_invalid: /)
  assert.match(create({}), /^400 parameter_invalid: /)
  assert.equal(user({ email, owner_id: adminId }).owner_id, Number(adminId))
})

test('a name comes back escaped and is found by what was sent', () => {
  const { user, ok } = openDesk()
  const name = "Phone & SMS <O'Hara>"
  const { id } = user({ email: 'a@example.com', name })
  assert.equal(ok('GET', `/contacts/${id}`).name, 'Phone &amp; SMS &lt;O&#39;Hara&gt;')
  const { data } = ok('POST', '/contacts/search', { query: { field: 'name', operator: '=', value: name } })
  assert.equal(data[0].id, id)
})

test('a name that was read can be written back, as often as one likes', () => {
  const { ok, user } = openDesk()
  for (const name of ["O'Brien", 'AT&T <"x">', 'Ann &amp;amp; Co', 'plain', '5 < 6 && 7 &unknown; 8']) {
    const { id } = user({ external_id: name, name: 'first' })
    let shown: string = ok('PUT', `/contacts/${id}`, { name }).name
    for (let i = 0; i < 3; i++) {
      const again = ok('PUT', `/contacts/${id}`, { name: shown }).name
      assert.equal(again, shown)
      shown = again
    }
    const company = ok('POST', '/companies', { company_id: name, name })
    assert.equal(ok('PUT', `/companies/${company.id}`, { name: company.name }).name, company.name)
    assert.equal(ok('POST', '/companies', { company_id: name, name: company.name }).name, company.name)
  }
  for (const [sent, shown] of [
    ["O'Brien", 'O&#39;Brien'],
    ['O&#39;Brien', 'O&#39;Brien'],
    ['O&#x27;Brien', 'O&#39;Brien'],
    ['&lt;b&gt; &quot;&amp;&quot;', '&lt;b&gt; &quot;&amp;&quot;'],
    ['AT&T', 'AT&amp;T'],
    ['Caf&eacute;', 'Caf&amp;eacute;'],
  ]) {
    const { id } = user({ external_id: `s ${sent}`, name: sent })
    assert.equal(ok('GET', `/contacts/${id}`).name, shown)
    const company = ok('POST', '/companies', { company_id: `s ${sent}`, name: sent })
    assert.equal(company.name, shown)
    for (const name of [sent, shown]) {
      const found = ok('GET', `/companies?name=${encodeURIComponent(name ?? '')}`)
      assert.equal(found.name, shown)
    }
  }
})

test('GET /contacts gives ten a page, oldest first, each once, and no next on the last', () => {
  const { user, ok, refused, clock } = openDesk()
  const made: string[] = []
  for (let i = 0; i < 25; i++) {
    made.push(user({ email: `c${i}@example.com` }).id)
    clock.seconds += i % 2
  }
  const seen: string[] = []
  let target = '/contacts'
  for (let page = 1; page <= 3; page++) {
    const { data, pages, total_count } = ok('GET', target)
    seen.push(...data.map((contact: { id: string }) => contact.id))
    assert.deepEqual([pages.page, pages.per_page, pages.total_pages, total_count], [page, 10, 3, 25])
    assert.equal('next' in pages, page < 3)
    if (pages.next) target = `/contacts?starting_after=${encodeURIComponent(pages.next.starting_after)}`
  }
  assert.deepEqual(seen, made)
  assert.equal(refused('GET', '/contacts?per_page=151'), '400 parameter_invalid: Per Page is too big')
  for (const bad of ['per_page=0', 'per_page=-1', 'per_page=x', 'starting_after=x', 'starting_after=e30=']) {
    assert.match(refused('GET', `/contacts?${bad}`), /^400 parameter_invalid: /, bad)
  }
})

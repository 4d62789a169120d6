import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Sequences } from '../store/sequences.ts'
import { deskWithTickets } from './ticket-desk.test.ts'

test('a ticket that was no conversation begins with its state, and is in no list of conversations', () => {
  const { ok, refused, make, contact } = deskWithTickets()
  const values = { _default_title_: 'example', _default_description_: 'there is a problem' }
  const ticket = make({ ticket_type_id: 2, ticket_attributes: values })
  assert.deepEqual(ticket.ticket_attributes, values)
  assert.deepEqual(
    [ticket.category, ticket.is_shared, ticket.open, ticket.admin_assignee_id, ticket.team_assignee_id],
    ['Back-office', false, true, '0', '0'],
  )
  assert.deepEqual(ticket.contacts.contacts, [{ type: 'contact', id: contact.id, external_id: 'u1' }])
  const [part] = ticket.ticket_parts.ticket_parts
  assert.deepEqual(
    [part.part_type, part.ticket_state, part.previous_ticket_state, part.author.name, 'body' in part],
    ['ticket_state_updated_by_admin', 'submitted', 'submitted', 'Fin', false],
  )
  assert.deepEqual(ok('GET', `/tickets/${ticket.id}`), ticket)
  assert.equal(refused('GET', `/conversations/${ticket.id}`), '404 not_found: Resource Not Found')
  assert.equal(ok('GET', '/conversations').total_count, 0)
  assert.equal(make().is_shared, true)
})

test('tickets and conversations share one sequence of ids, also after a restart', () => {
  const { ok, make, store, contact } = deskWithTickets()
  const { id } = make()
  const from = { type: 'user', id: contact.id }
  const next = ok('POST', '/conversations', { from, body: 'Hello' }).conversation_id
  const last = make()
  assert.deepEqual([Number(next) - Number(id), Number(last.id) - Number(id)], [1, 2])
  assert.deepEqual([make().ticket_id, last.ticket_id], ['3', '2'])
  assert.equal(new Sequences(store.db).next('conversations') - Number(id), 4)
})

test('who a ticket is for is found by id, external id or e-mail; only an unknown e-mail makes somebody', () => {
  const { ok, make, refused, contact } = deskWithTickets()
  for (const who of [{ id: contact.id }, { external_id: 'u1' }, { email: 'ANN@example.com' }]) {
    assert.equal(make({ contacts: [who] }).contacts.contacts[0].id, contact.id)
  }
  const made = make({ contacts: [{ email: 'new@example.com' }] }).contacts.contacts[0].id
  const { role, email } = ok('GET', `/contacts/${made}`)
  assert.deepEqual([role, email], ['lead', 'new@example.com'])
  const count = ok('GET', '/contacts').total_count
  const bad: [unknown, string][] = [
    [[{ id: 'f'.repeat(24) }], '404 not_found: User Not Found'],
    [[{ external_id: 'nobody' }], '404 not_found: User Not Found'],
    [[], '400 parameter_not_found: contacts not specified'],
    [undefined, '400 parameter_not_found: contacts not specified'],
    [[{}], '400 parameter_not_found: id, external_id or email not specified'],
    [['ann'], '400 parameter_invalid: Contacts is invalid'],
    [
      [{ email: 'a@b.c' }, { email: 'd@e.f' }],
      '400 parameter_invalid: Contacts has too many items: only one is allowed',
    ],
    ['ann', "400 parameter_invalid: Contacts isn't an array"],
    [[{ email: 'no address' }], '400 parameter_invalid: Email is invalid'],
  ]
  for (const [contacts, error] of bad) {
    assert.equal(refused('POST', '/tickets', { ticket_type_id: '1', contacts }), error)
  }
  assert.equal(ok('GET', '/contacts').total_count, count)
})

test('a ticket that is refused leaves nothing behind', () => {
  const { ok, refused, store } = deskWithTickets()
  const body = { contacts: [{ email: 'new@example.com' }], ticket_attributes: { nope: 1 } }
  assert.match(refused('POST', '/tickets', { ticket_type_id: '1', ...body }), /'nope' does not exist/)
  assert.match(refused('POST', '/tickets', { ticket_type_id: '9', ...body }), /^404 not_found/)
  assert.match(refused('POST', '/tickets', body), /^400 parameter_not_found: ticket_type_id/)
  const company = { ...body, ticket_type_id: '1', company_id: 'f'.repeat(24) }
  assert.equal(refused('POST', '/tickets', company), '404 company_not_found: Company Not Found')
  assert.equal(ok('GET', '/contacts').total_count, 1)
  assert.equal(store.db.number('SELECT count(*) FROM ticket_contacts'), 0)
})

test('values fit the type of their attribute, or are refused by name', () => {
  const { make, refused, attribute, contact } = deskWithTickets()
  const list = attribute('1', { name: 'priority', data_type: 'list', list_items: 'Low, High ,Low' })
  const items: { id: string; name: string }[] = list.input_options.items
  assert.deepEqual(
    items.map(({ name }) => name),
    ['Low', 'High'],
  )
  for (const data_type of ['integer', 'decimal', 'boolean', 'datetime', 'files']) {
    attribute('1', { name: data_type, data_type })
  }
  const good = { priority: items[1]?.id, integer: 7, decimal: 1.5, boolean: false, datetime: 1_700_000_000 }
  const { ticket_attributes } = make({ ticket_attributes: { ...good, files: ['https://x.test/a.png'] } })
  const { files, _default_title_: title, _default_description_: description, ...rest } = ticket_attributes
  assert.deepEqual([rest, title, description], [good, null, null])
  assert.deepEqual([files.type, files.name, files.content_type], ['upload', 'a.png', 'image/png'])
  const bad: [string, unknown][] = [
    ['priority', 'High'],
    ['priority', 1],
    ['integer', 1.5],
    ['integer', 'seven'],
    ['decimal', '1,5'],
    ['decimal', true],
    ['boolean', 'yes'],
    ['boolean', 1],
    ['datetime', '2026-01-01'],
    ['files', []],
    ['files', 'C:\\a.png'],
    ['files', ['https://x.test/a.png', 'https://x.test/b.png']],
    ['_default_title_', { a: 1 }],
    ['constructor', 'x'],
  ]
  for (const [name, value] of bad) {
    const body = { ticket_type_id: '1', contacts: [{ id: contact.id }], ticket_attributes: { [name]: value } }
    assert.match(refused('POST', '/tickets', body), /^400 parameter_invalid: /, `${name} = ${value}`)
  }
})

test('what a type requires must be there, archived attributes and types take nothing new', () => {
  const { ok, make, refused, attribute, contact, search } = deskWithTickets()
  const { id } = attribute('1', { name: 'order', data_type: 'integer', required_to_create: true })
  const body = { ticket_type_id: '1', contacts: [{ id: contact.id }] }
  assert.equal(
    refused('POST', '/tickets', body),
    "400 parameter_invalid: Ticket attribute 'order' is required",
  )
  const old = make({ ticket_attributes: { order: 1 } })
  ok('PUT', `/ticket_types/1/attributes/${id}`, { archived: true, name: 'number' })
  assert.equal(make().ticket_attributes.number, undefined)
  assert.equal(ok('GET', `/tickets/${old.id}`).ticket_attributes.number, 1)
  assert.deepEqual(search(`ticket_attribute.${id}`, '=', 1), [old.id])
  assert.match(
    refused('PUT', `/tickets/${old.id}`, { ticket_attributes: { number: 2 } }),
    /'number' is archived/,
  )
  ok('PUT', '/ticket_types/1', { archived: true })
  assert.equal(refused('POST', '/tickets', body), '400 parameter_invalid: Ticket type is archived')
})

test('a ticket type and its attributes change only in what is given', () => {
  const { ok, refused, attribute } = deskWithTickets()
  const before = ok('GET', '/ticket_types/1')
  const changed = ok('PUT', '/ticket_types/1', { name: 'Bug Report 2' })
  assert.deepEqual(changed, { ...before, name: 'Bug Report 2' })
  assert.equal(refused('PUT', '/ticket_types/99', { name: 'x' }), '404 not_found: Resource Not Found')
  assert.match(refused('PUT', '/ticket_types/1', { name: ' ' }), /Name is required/)
  assert.match(refused('PUT', '/ticket_types/1', { category: 'Odd' }), /Category isn't an option/)
  const made = attribute('1', { name: 'size', data_type: 'list', list_items: 'S,M' })
  assert.deepEqual(
    [made.order, made.default, made.visible_on_create, made.ticket_type_id],
    [2, false, true, 1],
  )
  const path = `/ticket_types/1/attributes/${made.id}`
  assert.deepEqual(ok('PUT', path, { description: 'New' }), { ...made, description: 'New' })
  const { items } = ok('PUT', path, { list_items: 'M,L' }).input_options
  assert.equal(items[0].id, made.input_options.items[1].id)
  const again = { name: 'size', description: '', data_type: 'string' }
  assert.match(refused('POST', '/ticket_types/1/attributes', again), /already exists/)
  assert.match(
    refused('POST', '/ticket_types/1/attributes', { ...again, name: 'x', data_type: 'list' }),
    /list_items/,
  )
  assert.match(refused('POST', '/ticket_types/1/attributes', { name: 'x', description: '' }), /data_type/)
  assert.match(
    refused('POST', '/ticket_types/1/attributes', { name: 'x', data_type: 'string' }),
    /description/,
  )
  assert.match(refused('PUT', `/ticket_types/2/attributes/${made.id}`, {}), /^404/)
  assert.match(refused('PUT', '/ticket_types/1/attributes/1', { name: 'Title' }), /cannot be changed/)
})

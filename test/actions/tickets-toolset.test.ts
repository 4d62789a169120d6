import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createIntercom } from '../../src/index.ts'
import { intercomTools } from '../../src/tools/functions.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { type Reply, scriptedIntercom } from '../support/scripted-intercom.ts'
import { toolsetSubjects } from '../support/toolset-examples.ts'

const workspace = await createWorkspace({ seed: 'small' })
const connection = { accessToken: workspace.accessToken, dispatcher: workspace.dispatcher }
const options = { ...connection, toolsets: ['tickets'] as const, settleMs: [1] }
const intercom = createIntercom(options)
const of = await toolsetSubjects(createIntercom({ ...connection, toolsets: ['all'] }))
const { ticketType: ticket_type_id, contact: contact_id, ticket: ticket_id, admin: admin_id } = of

/** An operation that no action makes. */
async function plain(path: string, body: object): Promise<Record<string, unknown>> {
  const headers = { Authorization: `Bearer ${workspace.accessToken}`, 'Content-Type': 'application/json' }
  const request = new Request(`http://local${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  return (await (await workspace.fetch(request)).json()) as Record<string, unknown>
}
const listed = await plain(`/ticket_types/${ticket_type_id}/attributes`, {
  name: 'severity',
  description: 'How bad it is',
  data_type: 'list',
  list_items: 'low,high',
})
const items = (listed['input_options'] as { items: { id: string; name: string }[] }).items
const high = String(items.find(({ name }) => name === 'high')?.id)
const backOffice = String((await plain('/ticket_types', { name: 'Repair', category: 'Back-office' }))['id'])
workspace.control.snapshot('start')
after(async () => {
  await intercom.close()
  await workspace.close()
})

const writes = () => {
  const all = workspace.control
    .requests(1000)
    .filter(({ method, path }) => method !== 'GET' && !path.includes('/search'))
  workspace.control.clearRequests()
  return all.map(({ method, path }) => `${method} ${path}`)
}

test('a ticket is opened for a contact, read, and found', async () => {
  const { error, result } = await intercom.createTicket({
    ticket_type_id,
    contact_id,
    title: 'Export is empty',
    description: 'Since Monday',
    attributes: { severity: high },
  })
  assert.equal(error, null)
  assert.deepEqual(
    [result?.ticket_attributes['_default_title_'], result?.ticket_attributes['severity']],
    ['Export is empty', high],
  )
  const read = await intercom.getTicket({ ticket_id: String(result?.id) })
  assert.equal(read.result?.ticket_id, result?.ticket_id)
  for (const [query_field, query_operator, query_value] of [
    ['title', '~', 'Export'],
    ['contact_ids', '=', contact_id],
    ['state', '=', 'Submitted'],
    ['ticket_type_id', '=', ticket_type_id],
    [`ticket_attribute.${String(listed['id'])}`, '=', high],
    ['created_at', '>', '2020-01-01'],
  ] as const) {
    const { tickets, error } = await intercom.searchTickets({ query_field, query_operator, query_value })
    assert.ok(
      tickets.some(({ id }) => id === result?.id),
      `${query_field}: ${error}`,
    )
  }
})

for (const [query, problem] of [
  [
    { query_field: 'ticket_state', query_value: 'resolved' },
    /"ticket_state" cannot be searched.*Did you mean "state"/,
  ],
  [{ query_field: 'state', query_operator: '=', query_value: 'done' }, /state/],
  [
    { query_field: 'ticket_attribute.severity', query_value: 'x' },
    /cannot be searched.*ticket_attribute.<id>/,
  ],
  [{ query_field: 'custom_attributes.plan', query_value: 'x' }, /cannot be searched/],
  [{ query_field: 'contact_ids', query_operator: '=', query_value: 'ada' }, /contact's id/],
] as const)
  test(`a search by ${JSON.stringify(query)} is refused before it is sent`, async () => {
    const { success, error } = await intercom.searchTickets(query)
    assert.equal(success, false)
    assert.match(String(error), problem)
  })

for (const [input, problem] of [
  [{}, /contact_id or conversation_id is needed, and only one of the two/],
  [{ contact_id, conversation_id: '1' }, /only one of the two/],
  [
    { contact_id, attributes: { severety: high } },
    /attributes\.severety is no attribute.*Did you mean "severity"/,
  ],
  [{ contact_id, attributes: { severity: 'high' } }, /severity takes the id of an item: .*\(low\).*\(high\)/],
  [{ contact_id, attributes: { _default_title_: 'x' } }, /_default_title_ is the parameter title/],
  [{ contact_id: 'f'.repeat(24) }, /404/],
  [{ contact_id, ticket_type_id: '999999' }, /404.*list_ticket_types/],
] as const)
  test(`create_ticket refuses ${JSON.stringify(input)}`, async () => {
    writes()
    const call = { ticket_type_id, title: 'T', ...input }
    const { success, error } = await intercom.run('create_ticket', call as never)
    assert.equal(success, false)
    assert.match(String(error), problem)
    if (!('contact_id' in input && input.contact_id.startsWith('f'))) assert.deepEqual(writes(), [])
  })

test('a conversation becomes a ticket once, and only of a customer type', async () => {
  workspace.control.restore('start')
  const conversation_id = of.open
  const other = await intercom.createTicket({ ticket_type_id: backOffice, conversation_id })
  assert.match(String(other.error), /is of category Back-office.*category Customer only/)
  const { error, result } = await intercom.createTicket({
    ticket_type_id,
    conversation_id,
    title: 'From a chat',
  })
  assert.deepEqual([error, result?.id], [null, conversation_id])
  const again = await intercom.createTicket({ ticket_type_id, conversation_id })
  assert.match(String(again.error), /is a ticket already.*get_ticket/)
})

for (const [what, input] of [
  ['a new ticket', { contact_id, title: 'Lost answer' }],
  ['a conversation that becomes one', { conversation_id: of.open, title: 'Lost answer' }],
] as const)
  test(`${what} whose answer is lost is read back, and not made again`, async () => {
    workspace.control.restore('start')
    const route = 'contact_id' in input ? 'POST /tickets' : 'POST /conversations/{id}/convert'
    workspace.control.addFault({ kind: 'commit_reset', route, count: 1 })
    writes()
    const fresh = createIntercom(options)
    const { error, trace } = await fresh.createTicket({ ticket_type_id, ...input })
    assert.deepEqual([error, trace.verified_by], [null, 'read_back'])
    assert.equal(writes().length, 1)
    const { total_count } = await fresh.searchTickets({
      query_field: 'title',
      query_operator: '=',
      query_value: 'Lost answer',
    })
    assert.equal(total_count, 1)
  })

test('a reply reaches the ticket once, a note stays inside, and a lost answer is read back', async () => {
  workspace.control.restore('start')
  const reply = { ticket_id, reply_type: 'admin', admin_id } as const
  const said = await intercom.replyToTicket({ ...reply, body: 'We are on it.' })
  assert.deepEqual([said.error, said.result?.part_type], [null, 'comment'])
  const noted = await intercom.replyToTicket({ ...reply, message_type: 'note', body: 'Check the logs' })
  assert.equal(noted.result?.part_type, 'note')
  workspace.control.addFault({ kind: 'commit_reset', route: 'POST /tickets/{id}/reply', count: 1 })
  writes()
  const lost = await intercom.replyToTicket({ ...reply, body: 'It is mended now.' })
  assert.deepEqual([lost.error, lost.trace.verified_by], [null, 'read_back'])
  assert.equal(writes().length, 1)
  const wrong = await intercom.replyToTicket({ ticket_id, reply_type: 'admin', body: 'Hi' } as never)
  assert.match(String(wrong.error), /admin_id is required when reply_type is "admin"/)
})

test('a ticket is changed only in what is given', async () => {
  workspace.control.restore('start')
  const before = (await intercom.getTicket({ ticket_id })).result
  const { error, result } = await intercom.updateTicket({
    ticket_id,
    description: 'More',
    assignee_id: admin_id,
  })
  assert.deepEqual([error, result?.admin_assignee_id], [null, admin_id])
  assert.deepEqual(result?.ticket_attributes, { ...before?.ticket_attributes, _default_description_: 'More' })
  const closed = await intercom.updateTicket({ ticket_id, open: false })
  assert.equal(closed.result?.open, false)
  for (const [input, problem] of [
    [{}, /ticket_id is given, and nothing to change/],
    [{ admin_id }, /ticket_id is given, and nothing to change/],
    [{ snoozed_until: '2001-01-01T00:00:00Z' }, /is not in the future/],
    [{ attributes: { nope: 1 } }, /attributes\.nope is no attribute/],
    [{ assignee_id: '999999' }, /404/],
  ] as const)
    assert.match(String((await intercom.updateTicket({ ticket_id, ...input })).error), problem)
})

test('a state is chosen by its id or its category, and what is so already sends nothing', async () => {
  workspace.control.restore('start')
  writes()
  const moved = await intercom.updateTicketState({ ticket_id, state: 'In progress' })
  assert.deepEqual([moved.error, moved.result?.ticket_state.category], [null, 'in_progress'])
  assert.equal(writes().length, 1)
  const again = await intercom.updateTicketState({ ticket_id, state: String(moved.result?.ticket_state.id) })
  assert.equal(again.success, true)
  assert.deepEqual(writes(), [])
  const wrong = await intercom.updateTicketState({ ticket_id, state: 'done' })
  assert.match(String(wrong.error), /"done" is no state of the ticket type .*: give the id of one of /)
})

const state = (id: string, category = 'in_progress') => ({ id, category, internal_label: `State ${id}` })
const ticketIn = (ticket_state: object): Reply => ({
  json: { type: 'ticket', id: '1', ticket_type: { id: '5' }, ticket_state },
})

test('several states of one category are named, and none is chosen', async () => {
  const ticket = ticketIn(state('9', 'submitted'))
  const type: Reply = {
    json: { type: 'ticket_type', id: '5', name: 'Bug', ticket_states: { data: [state('7'), state('8')] } },
  }
  const server = await scriptedIntercom([ticket, type], { toolsets: ['tickets'] })
  const { error } = await server.intercom.run('update_ticket_state', { ticket_id: '1', state: 'in_progress' })
  assert.match(String(error), /several states of the category in_progress: give the id of one of "7" .*"8"/)
  assert.ok(server.received.every(({ method }) => method === 'GET'))
  await server.close()
})

test('a ticket that is in one of several states of a category is in that category already', async () => {
  const server = await scriptedIntercom([ticketIn(state('8'))], { toolsets: ['tickets'] })
  for (const wanted of ['in_progress', 'In progress', '8']) {
    const { success } = await server.intercom.run('update_ticket_state', { ticket_id: '1', state: wanted })
    assert.equal(success, true)
  }
  assert.ok(server.received.every(({ method }) => method === 'GET'))
  await server.close()
})

test('a model reads a ticket as a transcript, and a write without it', async () => {
  workspace.control.restore('start')
  const { call } = intercomTools(intercom)
  const read = await call('get_ticket', { ticket_id })
  assert.match(read.text, /## transcript/)
  assert.match(read.text, /title: <customer-text/)
  const listed = await call('search_tickets', {
    query_field: 'open',
    query_operator: '=',
    query_value: 'true',
  })
  assert.match(listed.text, /get_ticket has them/)
  const written = await call('update_ticket', { ticket_id, title: 'New' })
  assert.doesNotMatch(written.text, /transcript/)
  assert.ok((await call('list_ticket_types', {})).text.includes('severity'))
})

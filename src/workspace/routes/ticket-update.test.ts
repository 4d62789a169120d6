import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ticketRow } from '../threads/record-ticket.ts'
import { deskWithTickets } from './ticket-desk.test.ts'

const example = { _default_title_: 'example', _default_description_: 'there is a problem' }

for (const converted of [false, true]) {
  const kind = converted ? 'that was a conversation' : 'that was none'

  function deskWithOne() {
    const desk = deskWithTickets()
    if (!converted) return { ...desk, id: desk.make().id as string }
    const from = { type: 'user', id: desk.contact.id }
    const { conversation_id: id } = desk.ok('POST', '/conversations', { from, body: 'Help' })
    desk.ok('POST', `/conversations/${id}/convert`, { ticket_type_id: '1' })
    return { ...desk, id: id as string }
  }

  test(`a ticket ${kind} changes in all ways at once, each told by a part in order`, () => {
    const { ok, kinds, parts, adminId, colleague, clock, id } = deskWithOne()
    const before = parts(id).length
    const assignment = { admin_id: adminId, assignee_id: colleague }
    clock.seconds += 60
    const ticket = ok('PUT', `/tickets/${id}`, {
      ticket_attributes: example,
      ticket_state_id: '2',
      assignment,
      open: true,
      snoozed_until: clock.seconds + 3600,
    })
    assert.deepEqual(kinds(id).slice(before), [
      'ticket_attribute_updated_by_admin by bot',
      'ticket_attribute_updated_by_admin by bot',
      'ticket_state_updated_by_admin by bot',
      'assignment by admin',
      'snoozed by bot',
    ])
    const [, , state, assigned] = parts(id).slice(before)
    assert.deepEqual([state?.previous_ticket_state, state?.ticket_state], ['submitted', 'in_progress'])
    assert.deepEqual(assigned?.assigned_to, { type: 'admin', id: colleague })
    assert.deepEqual(
      [
        ticket.ticket_attributes,
        ticket.ticket_state.category,
        ticket.admin_assignee_id,
        ticket.snoozed_until,
      ],
      [example, 'in_progress', colleague, clock.seconds + 3600],
    )
    assert.equal(ticket.updated_at, clock.seconds)
    assert.deepEqual(ok('GET', `/tickets/${id}`), ticket)
  })

  test(`what a request does not name stays on a ticket ${kind}`, () => {
    const { ok, id } = deskWithOne()
    const before = ok('PUT', `/tickets/${id}`, { ticket_attributes: example, ticket_state_id: 3 })
    for (const body of [
      {},
      { open: true },
      { ticket_state_id: '3' },
      { ticket_state_id: null },
      { assignment: {} },
    ]) {
      assert.deepEqual(ok('PUT', `/tickets/${id}`, body), before, JSON.stringify(body))
    }
    const { ticket_attributes } = ok('PUT', `/tickets/${id}`, {
      ticket_attributes: { _default_title_: null },
    })
    assert.deepEqual(ticket_attributes, { ...example, _default_title_: null })
  })

  test(`a ticket ${kind} closes, opens and sleeps`, () => {
    const { ok, kinds, clock, id } = deskWithOne()
    const before = kinds(id).length
    const put = (body: object) => ok('PUT', `/tickets/${id}`, body)
    put({ snoozed_until: clock.seconds + 60 })
    const closed = put({ open: false })
    assert.deepEqual([closed.open, 'snoozed_until' in closed], [false, false])
    assert.equal(put({ open: false }).ticket_parts.total_count, closed.ticket_parts.total_count)
    assert.equal(put({ open: true }).open, true)
    put({ snoozed_until: clock.seconds + 60 })
    assert.equal('snoozed_until' in put({ snoozed_until: null }), false)
    put({ snoozed_until: clock.seconds + 60 })
    clock.seconds += 60
    assert.equal('snoozed_until' in ok('GET', `/tickets/${id}`), false)
    const both = put({ open: false, snoozed_until: clock.seconds + 60 })
    assert.deepEqual([both.open, 'snoozed_until' in both], [false, false])
    assert.deepEqual(
      kinds(id)
        .slice(before)
        .map((text) => text.replace(' by bot', '')),
      ['snoozed', 'close', 'open', 'snoozed', 'open', 'snoozed', 'timer_unsnooze', 'snoozed', 'close'],
    )
  })

  test(`a ticket ${kind} is assigned to admins, teams and nobody`, () => {
    const { ok, refused, store, adminId, colleague, id } = deskWithOne()
    const team = String(store.nextId('teams'))
    store.write(() => store.insertTeam({ id: Number(team), name: 'Second line' }))
    const assign = (assignee_id: unknown, admin_id: unknown = adminId) => {
      const ticket = ok('PUT', `/tickets/${id}`, { assignment: { admin_id, assignee_id } })
      return [ticket.admin_assignee_id, ticket.team_assignee_id]
    }
    assert.deepEqual(assign(colleague), [colleague, '0'])
    assert.deepEqual(assign(Number(team)), [colleague, team])
    assert.deepEqual(assign(0), ['0', '0'])
    assert.deepEqual(assign('0'), ['0', '0'])
    const wrong = (assignment: object) => refused('PUT', `/tickets/${id}`, { assignment })
    const notFound = '404 assignee_not_found: Assignee not found'
    assert.equal(wrong({ admin_id: '123', assignee_id: colleague }), notFound)
    assert.equal(wrong({ admin_id: adminId, assignee_id: '456' }), notFound)
    assert.equal(wrong({ admin_id: adminId, assignee_id: 'Bo' }), notFound)
    assert.match(wrong({ assignee_id: colleague }), /^400 parameter_not_found/)
  })
}

test('a state must be one of the type', () => {
  const { store, make, refused, ok } = deskWithTickets()
  store.write(() => {
    const labels = { internal_label: 'With devs', external_label: 'In progress' }
    store.insert('ticket_states', { id: 5, category: 'in_progress', ...labels })
    store.insert('ticket_type_states', { ticket_type_id: 2, ticket_state_id: 5 })
  })
  const { id } = make()
  const error =
    '400 ticket_state_id_invalid: Ticket state id is not valid or is not associated with the ticket type'
  for (const wrong of [0, '5', 99, 'in_progress', true]) {
    assert.equal(refused('PUT', `/tickets/${id}`, { ticket_state_id: wrong }), error, String(wrong))
  }
  const other = make({ ticket_type_id: '2' })
  assert.equal(
    ok('PUT', `/tickets/${other.id}`, { ticket_state_id: 5 }).ticket_state.internal_label,
    'With devs',
  )
  const names = ok('GET', '/ticket_types/2').ticket_states.data.map(({ id }: { id: string }) => id)
  assert.deepEqual(names, ['1', '2', '5', '3', '4'])
})

test('under 2.11 a state is a word, in answers and in changes', () => {
  const { call, make } = deskWithTickets()
  const { id } = make()
  const old = { 'intercom-version': '2.11' }
  const { json } = call('PUT', `/tickets/${id}`, { state: 'waiting_on_customer' }, old)
  assert.deepEqual(
    [json.ticket_state, json.ticket_state_internal_label, json.ticket_state_external_label],
    ['waiting_on_customer', 'Waiting on customer', 'Waiting on you'],
  )
  assert.equal(call('PUT', `/tickets/${id}`, { state: 'done' }, old).status, 400)
  assert.equal(
    call('PUT', `/tickets/${id}`, { state: 'resolved' }).json.ticket_state.category,
    'waiting_on_customer',
  )
})

test('a snooze until the past lasts until nine the next morning, by the clock of the workspace', () => {
  const { ok, make, clock } = deskWithTickets()
  clock.seconds = 1_736_201_965 // 2025-01-06 22:19:25 UTC, the moment of the description's example
  assert.equal(
    ok('PUT', `/tickets/${make().id}`, { snoozed_until: 1_673_609_604 }).snoozed_until,
    1_736_269_200,
  )
})

test('only a Back-office ticket can be shared or not', () => {
  const { ok, refused, make } = deskWithTickets()
  const [customer, office, tracker] = ['1', '2', '3'].map((ticket_type_id) => make({ ticket_type_id }))
  const share = (id: string, is_shared: boolean) => ok('PUT', `/tickets/${id}`, { is_shared }).is_shared
  assert.deepEqual([share(office.id, true), share(office.id, false)], [true, false])
  assert.deepEqual([share(customer.id, true), share(tracker.id, false)], [true, false])
  assert.match(refused('PUT', `/tickets/${customer.id}`, { is_shared: false }), /always shared/)
  assert.match(refused('PUT', `/tickets/${tracker.id}`, { is_shared: true }), /never shared/)
  ok('PUT', '/ticket_types/1', { category: 'Tracker' })
  assert.equal(ok('GET', `/tickets/${customer.id}`).is_shared, false)
})

test('a ticket gets a company and loses it', () => {
  const { ok, refused, make, store } = deskWithTickets()
  const company = ok('POST', '/companies', { company_id: 'acme', name: 'Acme' })
  const { id } = make({ company_id: company.id })
  const about = () => ticketRow(store, Number(id)).company_id
  assert.equal(about(), company.id)
  ok('PUT', `/tickets/${id}`, { company_id: null })
  assert.equal(about(), null)
  assert.match(refused('PUT', `/tickets/${id}`, { company_id: 'nope' }), /^404 company_not_found/)
})

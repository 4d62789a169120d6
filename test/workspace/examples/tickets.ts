import type { Desk, Question } from './desk.ts'
import { always, fresh, makeTag, makeUser, myId, type Situation, type Situations } from './situation.ts'

const bug = { _default_title_: 'example', _default_description_: 'there is a problem' }

/** A Back-office ticket as in most examples, and what is asked of it. */
function office(
  question: (path: string, admin: string, desk: Desk) => Question | Promise<Question>,
): Situation {
  return fresh(async (desk) => question(await makeTicket(desk, 'Back-office'), await myId(desk), desk))
}

const noTicket = '/tickets/456'
const note = { message_type: 'note', type: 'admin', body: '<h2>An Unordered HTML List</h2>' }
const thanks = { message_type: 'comment', type: 'user', body: 'Thanks again :)' }
const options = [
  { text: 'Yes', uuid: '884f7963-b954-4476-8082-10ecca2e2dac' },
  { text: 'No', uuid: 'e569aabd-8a51-43f3-a553-fa08256ebd8d' },
]

/** Tickets, their types and attributes, and converting a conversation. */
export const ticketSituations: Situations = {
  'POST /conversations/{id}/convert 200 successful': converted('Customer'),
  'POST /conversations/{id}/convert 400 Bad request': converted('Back-office'),
  'GET /tickets/{id} 200 Ticket found': office((path) => ({ path })),
  'POST /tickets 200 Successful response': fresh(async (desk) => ({
    path: '/tickets',
    body: {
      ticket_type_id: await ticketType(desk, 'Back-office'),
      contacts: [{ id: await makeUser(desk) }],
      ticket_attributes: bug,
    },
  })),
  'PUT /tickets/{id} 200 Successful response': office((path, admin) => ({
    path,
    body: {
      ticket_attributes: bug,
      assignment: { admin_id: admin, assignee_id: admin },
      open: true,
      snoozed_until: 1_673_609_604,
      ticket_state_id: 2,
    },
  })),
  'PUT /tickets/{id} 404 Admin not found': office((path, admin) => ({
    path,
    body: { assignment: { admin_id: '123', assignee_id: admin } },
  })),
  'PUT /tickets/{id} 404 Assignee not found': office((path, admin) => ({
    path,
    body: { assignment: { admin_id: admin, assignee_id: '456' } },
  })),
  'PUT /tickets/{id} 400 Ticket state id is not valid or is not associated with the ticket type.': office(
    (path) => ({ path, body: { ticket_state_id: 0 } }),
  ),
  'POST /tickets/{id}/reply 200 Admin note reply': office((path, admin_id) => ({
    path: `${path}/reply`,
    body: { ...note, admin_id },
  })),
  'POST /tickets/{id}/reply 200 Admin quick_reply reply': fresh(async (desk) => ({
    path: `${await makeTicket(desk, 'Customer')}/reply`,
    body: { message_type: 'quick_reply', type: 'admin', admin_id: await myId(desk), reply_options: options },
  })),
  'POST /tickets/{id}/reply 400 User reply': office((path) => ({
    path: `${path}/reply`,
    body: { ...thanks, user_id: '70' },
  })),
  'POST /tickets/{id}/reply 404 Not found': always(`${noTicket}/reply`, { ...thanks, user_id: '70' }),
  'POST /tickets/search 200 successful': office(() => ({
    path: '/tickets/search',
    body: {
      query: { operator: 'AND', value: [{ field: 'created_at', operator: '>', value: '1306054154' }] },
      pagination: { per_page: 5 },
    },
  })),
  'POST /tickets/{ticket_id}/tags 200 successful': office(async (path, admin_id, desk) => ({
    path: `${path}/tags`,
    body: { id: await makeTag(desk), admin_id },
  })),
  'POST /tickets/{ticket_id}/tags 404 Ticket not found': office(async (_path, admin_id, desk) => ({
    path: `${noTicket}/tags`,
    body: { id: await makeTag(desk), admin_id },
  })),
  'DELETE /tickets/{ticket_id}/tags/{id} 200 successful': office(async (path, admin_id, desk) => {
    const id = await makeTag(desk)
    await desk.ask('POST', `${path}/tags`, { id, admin_id })
    return { path: `${path}/tags/${id}`, body: { admin_id } }
  }),
  'DELETE /tickets/{ticket_id}/tags/{id} 404 Ticket not found': office((_path, admin_id) => ({
    path: `${noTicket}/tags/123`,
    body: { admin_id },
  })),
  'DELETE /tickets/{ticket_id}/tags/{id} 404 Tag not found': office((path, admin_id) => ({
    path: `${path}/tags/123`,
    body: { admin_id },
  })),
  'GET /ticket_states 200 successful': always('/ticket_states'),
  'GET /ticket_types 200 successful': always('/ticket_types'),
  'POST /ticket_types 200 Ticket type created': always('/ticket_types', {
    name: 'Customer Issue',
    description: 'Customer Report Template',
    icon: '🎟️',
    category: 'Customer',
  }),
  'GET /ticket_types/{id} 200 Ticket type found': fresh(async (desk) => ({
    path: `/ticket_types/${await ticketType(desk, 'Customer')}`,
  })),
  'PUT /ticket_types/{id} 200 Ticket type updated': fresh(async (desk) => ({
    path: `/ticket_types/${await ticketType(desk, 'Customer')}`,
    body: { name: 'Bug Report 2' },
  })),
  'POST /ticket_types/{ticket_type_id}/attributes 200 Ticket Type Attribute created': fresh(async (desk) => ({
    path: `/ticket_types/${await ticketType(desk, 'Customer')}/attributes`,
    body: { name: 'Attribute Title', description: 'Attribute Description', data_type: 'string' },
  })),
  'PUT /ticket_types/{ticket_type_id}/attributes/{id} 200 Ticket Type Attribute updated': fresh(
    async (desk) => {
      const path = `/ticket_types/${await ticketType(desk, 'Customer')}/attributes`
      const body = { name: 'name', description: 'description', data_type: 'string' }
      const { id } = await desk.ask<{ id: string }>('POST', path, body)
      return { path: `${path}/${id}`, body: { description: 'New Attribute Description' } }
    },
  ),
}

async function makeTicket(desk: Desk, category: string): Promise<string> {
  const ticket_type_id = await ticketType(desk, category)
  const contacts = [{ id: await makeUser(desk) }]
  const ticket_attributes = { ...bug, _default_description_: null }
  const { id } = await desk.ask<{ id: string }>('POST', '/tickets', {
    ticket_type_id,
    contacts,
    ticket_attributes,
  })
  return `/tickets/${id}`
}

/** A conversation that its contact began, to be made a ticket of this category. */
function converted(category: string, attributes = {}): Situation {
  return fresh(async (desk) => {
    const from = { type: 'user', id: await makeUser(desk) }
    const message = { from, body: 'Comment for message' }
    const begun = await desk.ask<{ conversation_id: string }>('POST', '/conversations', message)
    const path = `/conversations/${begun.conversation_id}/convert`
    return { path, body: { ticket_type_id: await ticketType(desk, category), attributes } }
  })
}

async function ticketType(desk: Desk, category: string): Promise<string> {
  const { data } = await desk.ask<{ data: { id: string; category: string }[] }>('GET', '/ticket_types')
  return data.find((type) => type.category === category)?.id ?? 'none'
}

import type { Desk } from './desk.ts'
import { always, fresh, makeUser, type Situation, type Situations } from './situation.ts'

/** Converting a conversation, and what that needs of tickets. */
export const ticketSituations: Situations = {
  'POST /conversations/{id}/convert 200 successful': converted('Customer'),
  'POST /conversations/{id}/convert 400 Bad request': converted('Back-office'),
  'GET /tickets/{id} 200 Ticket found': fresh(async (desk) => {
    const attributes = { _default_title_: 'attribute_value', _default_description_: 'Text' }
    const { path, body } = await converted('Customer', attributes).prepare(desk)
    return { path: `/tickets/${(await desk.ask<{ id: string }>('POST', path, body)).id}` }
  }),
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

import type { Desk, Question } from './desk.ts'
import {
  always,
  answerAs,
  fresh,
  makeConversation,
  makeOther,
  makeTag,
  makeUser,
  myId,
  NOBODY,
  type Situation,
  type Situations,
} from './situation.ts'

const UNKNOWN = '999999999'
const listHtml =
  '<html> <body>  <h2>An Unordered HTML List</h2>  <ul>   <li>Coffee</li>   <li>Tea</li>   <li>Milk</li> </ul>    ' +
  '<h2>An Ordered HTML List</h2>  <ol>   <li>Coffee</li>   <li>Tea</li>   <li>Milk</li> </ol>   </body> </html>'

interface Talk {
  readonly desk: Desk
  readonly admin_id: string
  readonly contact: string
  readonly id: string
}

/** A conversation that an admin's message opened, closed until its contact answers. */
function talk(question: (talk: Talk) => Question | Promise<Question>): Situation {
  return fresh(async (desk) => {
    const contact = await makeUser(desk)
    const id = await makeConversation(desk, contact)
    return question({ desk, admin_id: await myId(desk), contact, id })
  })
}

/** A conversation with a second contact, and one contact more that is not in it. */
function group(question: (talk: Talk & { second: string; stranger: string }) => Question): Situation {
  return talk(async (one) => {
    const [second, stranger] = [await makeOther(one.desk, 2), await makeOther(one.desk, 3)]
    const body = { admin_id: one.admin_id, customer: { intercom_user_id: second } }
    await one.desk.ask('POST', `/conversations/${one.id}/customers`, body)
    return question({ ...one, second, stranger })
  })
}

function reply(body: (talk: Talk) => object, id?: string): Situation {
  return talk((one) => ({ path: `/conversations/${id ?? one.id}/reply`, body: body(one) }))
}

function manage(body: (admin_id: string) => object, id?: string): Situation {
  return talk((one) => ({ path: `/conversations/${id ?? one.id}/parts`, body: body(one.admin_id) }))
}

const comment = ({ contact }: Talk) => ({
  message_type: 'comment',
  type: 'user',
  intercom_user_id: contact,
  body: 'Thanks again :)',
})
const goodbye = (admin_id: string) => ({ message_type: 'close', type: 'admin', admin_id, body: 'Goodbye :)' })

/** Reading, writing and searching conversations, replies and changes of state. */
export const conversationSituations: Situations = {
  'GET /conversations 200 successful': talk(() => ({ path: '/conversations' })),
  'POST /conversations 200 conversation created': fresh(async (desk) => ({
    path: '/conversations',
    body: { from: { type: 'user', id: await makeUser(desk) }, body: 'Hello there' },
  })),
  'POST /conversations 404 Contact Not Found': always('/conversations', {
    from: { type: 'user', id: '123_doesnt_exist' },
    body: 'Hello there',
  }),
  'GET /conversations/{id} 200 conversation found': talk(({ id }) => ({ path: `/conversations/${id}` })),
  'GET /conversations/{id} 404 Not found': always(`/conversations/${UNKNOWN}`),
  'PUT /conversations/{id} 200 conversation found': talk(({ id }) => ({
    path: `/conversations/${id}`,
    body: { read: true, custom_attributes: { plan: 'gold' } },
  })),
  'PUT /conversations/{id} 404 Not found': always(`/conversations/${UNKNOWN}`, { read: true }),
  'POST /conversations/search 200 successful': talk(() => ({
    path: '/conversations/search',
    body: {
      query: { operator: 'AND', value: [{ field: 'created_at', operator: '>', value: '1306054154' }] },
      pagination: { per_page: 5 },
    },
  })),

  'POST /conversations/{id}/reply 200 User reply': reply(comment),
  'POST /conversations/{id}/reply 200 Admin note reply': reply(({ admin_id }) => ({
    message_type: 'note',
    type: 'admin',
    admin_id: Number(admin_id),
    body: listHtml,
  })),
  'POST /conversations/{id}/reply 200 User last conversation reply': reply(comment, 'last'),
  'POST /conversations/{id}/reply 404 Not found': reply(comment, UNKNOWN),

  'POST /conversations/{id}/parts 200 Close a conversation': manage(goodbye),
  'POST /conversations/{id}/parts 200 Snooze a conversation': manage((admin_id) => ({
    message_type: 'snoozed',
    admin_id,
    snoozed_until: 4_000_000_000,
  })),
  'POST /conversations/{id}/parts 200 Open a conversation': manage((admin_id) => ({
    message_type: 'open',
    admin_id,
  })),
  'POST /conversations/{id}/parts 200 Assign a conversation': manage((admin_id) => ({
    message_type: 'assignment',
    type: 'admin',
    admin_id,
    assignee_id: admin_id,
  })),
  'POST /conversations/{id}/parts 404 Not found': manage(goodbye, UNKNOWN),

  'POST /conversations/{conversation_id}/tags 200 successful': talk(async ({ desk, id, admin_id }) => ({
    path: `/conversations/${id}/tags`,
    body: { id: Number(await makeTag(desk)), admin_id: Number(admin_id) },
  })),
  'POST /conversations/{conversation_id}/tags 404 Conversation not found': talk(
    async ({ desk, admin_id }) => ({
      path: `/conversations/${UNKNOWN}/tags`,
      body: { id: Number(await makeTag(desk)), admin_id: Number(admin_id) },
    }),
  ),
  'DELETE /conversations/{conversation_id}/tags/{id} 200 successful': talk(async ({ desk, id, admin_id }) => {
    const tag = await makeTag(desk)
    await desk.ask('POST', `/conversations/${id}/tags`, { id: tag, admin_id })
    return { path: `/conversations/${id}/tags/${tag}`, body: { admin_id } }
  }),
  'DELETE /conversations/{conversation_id}/tags/{id} 404 Conversation not found': talk(
    async ({ desk, admin_id }) => ({
      path: `/conversations/${UNKNOWN}/tags/${await makeTag(desk)}`,
      body: { admin_id },
    }),
  ),
  'DELETE /conversations/{conversation_id}/tags/{id} 404 Tag not found': talk(({ id, admin_id }) => ({
    path: `/conversations/${id}/tags/123`,
    body: { admin_id },
  })),

  'POST /conversations/{id}/customers 200 Attach a contact to a conversation': talk(
    async ({ desk, id, admin_id }) => ({
      path: `/conversations/${id}/customers`,
      body: { admin_id, customer: { intercom_user_id: await makeOther(desk, 2) } },
    }),
  ),
  'POST /conversations/{id}/customers 404 Not found': talk(async ({ desk, admin_id }) => ({
    path: `/conversations/${UNKNOWN}/customers`,
    body: { admin_id, customer: { intercom_user_id: await makeOther(desk, 2) } },
  })),
  'DELETE /conversations/{conversation_id}/customers/{contact_id} 200 Detach a contact from a group conversation':
    group(({ id, admin_id, second }) => ({
      path: `/conversations/${id}/customers/${second}`,
      body: { admin_id, customer: { intercom_user_id: second } },
    })),
  'DELETE /conversations/{conversation_id}/customers/{contact_id} 404 Conversation not found': group(
    ({ admin_id, second }) => ({ path: `/conversations/${UNKNOWN}/customers/${second}`, body: { admin_id } }),
  ),
  'DELETE /conversations/{conversation_id}/customers/{contact_id} 404 Contact not found': group(
    ({ id, admin_id }) => ({ path: `/conversations/${id}/customers/${NOBODY}`, body: { admin_id } }),
  ),
  'DELETE /conversations/{conversation_id}/customers/{contact_id} 422 Last customer': talk(
    ({ id, admin_id, contact }) => ({
      path: `/conversations/${id}/customers/${contact}`,
      body: { admin_id },
    }),
  ),

  'POST /conversations/redact 200 Redact a conversation part': talk(async ({ desk, id, contact }) => {
    await answerAs(desk, contact, id)
    const { conversation_parts } = await desk.ask<{
      conversation_parts: { conversation_parts: { id: string; body: string | null }[] }
    }>('GET', `/conversations/${id}`)
    const part = conversation_parts.conversation_parts.find(({ body }) => body !== null)
    const body = { type: 'conversation_part', conversation_id: id, conversation_part_id: part?.id }
    return { path: '/conversations/redact', body }
  }),
  'POST /conversations/redact 404 Not found': always('/conversations/redact', {
    type: 'conversation_part',
    conversation_id: 'really_123_doesnt_exist',
    conversation_part_id: 'really_123_doesnt_exist',
  }),
}

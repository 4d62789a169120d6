import type { Row } from '../rest.ts'
import type { World } from './world.ts'

/** An action with what somebody would have filled in, and what its answer has to be. */
export type Filled = [props: object, holds: (answer: Row) => unknown]

/** One or more runs of each action. */
export function filledActions({
  admin,
  user,
  lead,
  company,
  talk,
  tag,
  ticketType,
  ticket,
}: World): Record<string, Filled[]> {
  const conversationId = talk
  const filled = (company_id: string) => ({ companyId: company_id, name: `Company ${company_id}`, size: 3 })
  return {
    'list-all-tags': [[{}, ({ data }) => data.length > 0]],
    'add-note-to-user': [[{ email: user.email, body: 'A note' }, ({ body }) => body.includes('A note')]],
    addNoteToConversation: [
      [{ conversationId, from: admin, body: 'Inside' }, (one) => lastOf(one).part_type === 'note'],
    ],
    replyToConversation: [
      [{ conversationId, from: admin, body: 'Hello' }, (one) => lastOf(one).body.includes('Hello')],
    ],
    assignConversationAction: [
      [
        { conversationId, from: admin, assigneeId: admin },
        ({ admin_assignee_id }) => String(admin_assignee_id) === admin,
      ],
    ],
    'add-or-remove-tag-on-contact': [
      [{ contactId: user.id, tagId: tag.id }, ({ id }) => id === tag.id],
      [{ contactId: user.id, tagId: tag.id, untag: true }, ({ id }) => id === tag.id],
    ],
    'add-or-remove-tag-on-company': [
      [{ companyId: company.id, tagName: tag.name }, ({ id }) => id === tag.id],
      [{ companyId: company.id, tagName: tag.name, untag: true }, ({ id }) => id === tag.id],
    ],
    'add-or-remove-tag-on-conversation': [
      [{ conversationId, tagId: tag.id }, ({ id }) => id === tag.id],
      [{ conversationId, tagId: tag.id, untag: true }, ({ id }) => id === tag.id],
    ],
    'create-article': [
      [
        { title: 'Sending back', body: 'In a month', authorId: admin, state: 'draft' },
        ({ title }) => title === 'Sending back',
      ],
    ],
    'create-conversation': [
      [{ contactType: 'user', contactId: user.id, body: 'A question' }, (one) => one.conversation_id],
    ],
    'create-data-event': [
      [
        { identifierType: 'email', identifierValue: user.email, eventName: 'paid', metadata: { order: 7 } },
        ({ success }) => success,
      ],
    ],
    'create-user': [
      [
        { email: 'ap-1@piece.test', userId: 'ap-1', name: 'Ada' },
        ({ external_id }) => external_id === 'ap-1',
      ],
    ],
    'create-or-update-user': [
      [{ email: 'ap-2@piece.test', name: 'Bea' }, ({ name }) => name === 'Bea'],
      [{ email: 'ap-2@piece.test', name: 'Bee' }, ({ name }) => name === 'Bee'],
    ],
    'create-or-update-lead': [
      [{ name: 'Cee', email: 'ap-3@piece.test' }, ({ role }) => role === 'lead'],
      [{ leadId: lead.id, name: 'Dee' }, ({ id, name }) => id === lead.id && name === 'Dee'],
    ],
    'create-or-update-company': [[filled('ap-1'), ({ company_id }) => company_id === 'ap-1']],
    'find-conversation': [
      [
        { searchField: 'id', matchType: 'equals', searchTerm: talk },
        ({ conversation }) => conversation.id === talk,
      ],
      [
        { searchField: 'source.body', matchType: 'contains', searchTerm: 'parcel', status: 'open' },
        ({ found }) => found,
      ],
    ],
    'find-lead': [[{ searchField: 'id', searchValue: lead.id }, (answer) => answer['lead'].id === lead.id]],
    'find-or-create-lead': [
      [{ searchField: 'email', searchValue: 'ap-4@piece.test' }, ({ created }) => created],
      [{ searchField: 'email', searchValue: 'ap-4@piece.test' }, ({ created }) => created === false],
    ],
    'find-user': [
      [{ searchField: 'email', searchValue: user.email }, (answer) => answer['user'].id === user.id],
    ],
    'get-conversation': [[{ conversationId }, ({ id }) => id === talk]],
    send_message: [
      [
        {
          message_type: 'email',
          from: admin,
          to: user.id,
          body: 'Hello',
          email_required_fields: { template: 'plain', subject: 'Hi' },
        },
        ({ message_type }) => message_type === 'email',
      ],
    ],
    'create-ticket': [
      [
        { ticketTypeId: ticketType, contactId: user.id, ticketProperties: { _default_title_: 'Broken' } },
        ({ ticket_attributes }) => ticket_attributes._default_title_ === 'Broken',
      ],
    ],
    'update-ticket': [
      [
        {
          ticketTypeId: ticketType,
          ticketId: ticket,
          ticketProperties: { _default_title_: 'Mended' },
          isOpen: true,
          assignedAdminId: admin,
        },
        ({ ticket_attributes }) => ticket_attributes._default_title_ === 'Mended',
      ],
    ],
    custom_api_call: [
      [{ url: { url: '/me' }, method: 'GET' }, ({ status, body }) => status === 200 && body.type === 'admin'],
    ],
  }
}

function lastOf({ conversation_parts }: Row): Row {
  return conversation_parts.conversation_parts.at(-1)
}

import type { Refused } from './errors.ts'
import { NO_CONTACT, type World } from './world.ts'

const RESOURCE = 'Resource Not Found'

/** docs/intercom-api.md 3.5: tags, people, redaction. */
export function conversationActErrors({ user, me, tag, conversation }: World): Refused[] {
  const signed = { admin_id: me.id }
  const here = `/conversations/${conversation.id}`
  const customer = { intercom_user_id: user.id }
  const redact = { type: 'conversation_part', conversation_id: conversation.id, conversation_part_id: '1' }
  const row = (
    what: string,
    send: Refused['send'],
    status: number,
    code: string,
    message: string,
  ): Refused => ({ what, send, status, code, message })
  return [
    row(
      'a tag on an unknown conversation',
      ['POST', '/conversations/1/tags', { id: tag.id, ...signed }],
      404,
      'not_found',
      'Conversation not found',
    ),
    row(
      'an unknown tag taken off a conversation',
      ['DELETE', `${here}/tags/1`, signed],
      404,
      'tag_not_found',
      'Tag not found',
    ),
    row(
      'somebody joining an unknown conversation',
      ['POST', '/conversations/1/customers', { customer, ...signed }],
      404,
      'not_found',
      RESOURCE,
    ),
    row(
      'nobody joining',
      ['POST', `${here}/customers`, { customer: { intercom_user_id: NO_CONTACT }, ...signed }],
      404,
      'not_found',
      RESOURCE,
    ),
    row(
      'nobody leaving',
      ['DELETE', `${here}/customers/${NO_CONTACT}`, signed],
      404,
      'not_found',
      'User Not Found',
    ),
    row(
      'the last contact leaving',
      ['DELETE', `${here}/customers/${user.id}`, signed],
      422,
      'parameter_invalid',
      'Removing the last customer is not allowed',
    ),
    row(
      'redacting what is not there',
      ['POST', '/conversations/redact', redact],
      404,
      'conversation_part_or_message_not_found',
      'Conversation part or message not found',
    ),
  ]
}

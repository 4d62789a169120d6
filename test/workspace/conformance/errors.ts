import { NO_CONTACT, type World } from './world.ts'

/** A request that must be refused. A message is compared as it is, or by pattern. */
export interface Refused {
  readonly what: string
  readonly send: readonly [method: string, path: string, body?: unknown]
  readonly status: number
  readonly code: string | RegExp
  readonly message: string | RegExp
}

const ANY = /./
const OPTION = /isn't an option$/
const INVALID = 'parameter_invalid'

const row = (
  what: string,
  send: Refused['send'],
  status: number,
  code: Refused['code'],
  message: Refused['message'] = ANY,
): Refused => ({ what, send, status, code, message })

/** docs/intercom-api.md 4.1: what both searches say of a query they cannot run. */
export function searchErrors(resource: 'contacts' | 'conversations'): Refused[] {
  const text = resource === 'contacts' ? 'email' : 'source.subject'
  const filter = { field: text, operator: '=', value: 'a' }
  const refuse = (what: string, body: unknown, code: string, message: Refused['message']) =>
    row(`${resource} search: ${what}`, ['POST', `/${resource}/search`, body], 400, code, message)
  const query = (what: string, value: unknown, code: string, message: Refused['message']) =>
    refuse(what, { query: value }, code, message)
  const incomplete =
    "Invalid query. Ensure 'field', 'operator', 'value' are present for field queries. Ensure 'operator' and 'value' for composite queries."
  const many =
    'Number of elements in composite query is greater than 15, please try again with a smaller list'
  const or = (...value: unknown[]) => ({ operator: 'OR', value })
  return [
    query('a filter without a field', { operator: '=', value: 'a' }, 'invalid_query', incomplete),
    query('a filter without an operator', { field: text, value: 'a' }, 'invalid_query', incomplete),
    refuse('no query at all', {}, 'invalid_query', ANY),
    query(
      'an unknown field',
      { ...filter, field: 'not_a_field' },
      'invalid_field',
      'not_a_field is not a valid field',
    ),
    query(
      'an operator that the field does not take',
      { ...filter, operator: '>' },
      'invalid_operator',
      `${text} does not support operator: >`,
    ),
    query(
      'a group that is neither AND nor OR',
      { operator: 'XOR', value: [filter] },
      'invalid_operator',
      'Composite operators must be of type AND or OR ',
    ),
    query(
      'a value of the wrong type',
      { ...filter, value: 123 },
      'invalid_value',
      '123 is not a valid string',
    ),
    query('sixteen filters', or(...Array.from({ length: 16 }, () => filter)), 'invalid_value', many),
    query('groups too deep', or(or(or(or(filter)))), 'invalid_values', ANY),
    refuse(
      'an unknown parameter',
      { query: filter, random_param: 1 },
      'bad_request',
      "bad 'random_param' parameter",
    ),
    ...[0, -1, 151].map((per_page) =>
      refuse(`${per_page} a page`, { query: filter, pagination: { per_page } }, INVALID, ANY),
    ),
    row(
      `${resource} search: a cursor that is none`,
      ['POST', `/${resource}/search`, { query: filter, pagination: { starting_after: 'nonsense' } }],
      400,
      ANY,
    ),
  ]
}

/** docs/intercom-api.md 3.2, 3.3, 3.4. */
export function contactErrors({ user, lead, tag }: World): Refused[] {
  const contact = `/contacts/${NO_CONTACT}`
  const noTag = { id: '999999999' }
  const exists = `A contact matching those details already exists with id=${user.id}`
  const owner = { email: 'owned@example.com', owner_id: 1 }
  return [
    row(
      'a user with a known external_id',
      ['POST', '/contacts', { external_id: user.external_id }],
      409,
      'conflict',
      exists,
    ),
    row('a user with a known e-mail', ['POST', '/contacts', { email: user.email }], 409, 'conflict', exists),
    row('a contact without any name', ['POST', '/contacts', {}], 400, INVALID),
    row(
      'a contact of no known role',
      ['POST', '/contacts', { role: 'boss' }],
      400,
      INVALID,
      "Role isn't an option",
    ),
    row(
      'an owner who is nobody',
      ['POST', '/contacts', owner],
      400,
      INVALID,
      'The owner specified is not a member of the workspace',
    ),
    row(
      'a custom attribute nobody declared',
      ['POST', '/contacts', { email: 'odd@example.com', custom_attributes: { no_such: 1 } }],
      400,
      INVALID,
      "Custom attribute 'no_such' does not exist",
    ),
    row('reading an unknown contact', ['GET', contact], 404, 'not_found', 'User Not Found'),
    row('changing an unknown contact', ['PUT', contact, { name: 'Nobody' }], 404, 'not_found'),
    row('deleting an unknown contact', ['DELETE', contact], 404, 'not_found', 'Contact Not Found'),
    row(
      'archiving an unknown contact',
      ['POST', `${contact}/archive`],
      404,
      'not_found',
      'Contact Not Found',
    ),
    row(
      'unarchiving an unknown contact',
      ['POST', `${contact}/unarchive`],
      404,
      'not_found',
      'Contact Not Found',
    ),
    row(
      'making a user a lead',
      ['PUT', `/contacts/${user.id}`, { role: 'lead' }],
      400,
      'client_error',
      "Contact with user role can't be converted to a lead",
    ),
    row(
      'taking the e-mail of another user',
      ['PUT', `/contacts/${lead.id}`, { role: 'user', email: user.email }],
      409,
      'conflict',
      exists,
    ),
    row('notes of nobody', ['GET', `${contact}/notes`], 404, 'not_found', 'User Not Found'),
    row(
      'a note on nobody',
      ['POST', `${contact}/notes`, { body: 'Hello' }],
      404,
      'not_found',
      'User Not Found',
    ),
    row(
      'a note by nobody',
      ['POST', `/contacts/${user.id}/notes`, { body: 'Hello', admin_id: '1' }],
      404,
      'not_found',
      'Resource Not Found',
    ),
    row('an empty note', ['POST', `/contacts/${user.id}/notes`, { body: '' }], 400, INVALID),
    row('a note without a text', ['POST', `/contacts/${user.id}/notes`, {}], 400, /^parameter_/),
    row('an unknown note', ['GET', '/notes/999999999'], 404, 'not_found', 'Resource Not Found'),
    row('tags of nobody', ['GET', `${contact}/tags`], 404, 'not_found', 'User Not Found'),
    row('a tag on nobody', ['POST', `${contact}/tags`, { id: tag.id }], 404, 'not_found', 'User Not Found'),
    row(
      'an unknown tag put on',
      ['POST', `/contacts/${user.id}/tags`, noTag],
      404,
      'not_found',
      'Resource Not Found',
    ),
    row('no tag put on', ['POST', `/contacts/${user.id}/tags`, {}], 400, /^parameter_/),
    row(
      'a tag taken off nobody',
      ['DELETE', `${contact}/tags/${tag.id}`],
      404,
      'not_found',
      'User Not Found',
    ),
    row(
      'an unknown tag taken off',
      ['DELETE', `/contacts/${user.id}/tags/999999999`],
      404,
      'not_found',
      'Resource Not Found',
    ),
    row('an unknown tag', ['GET', '/tags/999999999'], 404, 'not_found', 'Resource Not Found'),
    row('deleting an unknown tag', ['DELETE', '/tags/999999999'], 404, 'not_found', 'Resource Not Found'),
    row('a tag without a name', ['POST', '/tags', {}], 400, INVALID, 'invalid tag parameters'),
    row(
      'a tag on users who are nobody',
      ['POST', '/tags', { name: 'X', users: [{ id: NO_CONTACT }] }],
      404,
      'not_found',
      'User Not Found',
    ),
    row('an unknown team', ['GET', '/teams/999999999'], 404, 'team_not_found', 'Team not found'),
    row('an unknown admin', ['GET', '/admins/1'], 404, 'admin_not_found', 'Admin not found'),
  ]
}

/** docs/intercom-api.md 3.5, 3.6. */
export function conversationErrors({ user, me, conversation }: World): Refused[] {
  const to = { type: 'user', id: user.id }
  const from = { type: 'admin', id: Number(me.id) }
  const nobody = { type: 'user', id: NO_CONTACT }
  const comment = { message_type: 'comment', type: 'admin', admin_id: me.id, body: 'Hello' }
  const reply = `/conversations/${conversation.id}/reply`
  const parts = `/conversations/${conversation.id}/parts`
  const close = { message_type: 'close', type: 'admin', admin_id: me.id }
  const resource = 'Resource Not Found'
  return [
    row('an unknown conversation', ['GET', '/conversations/1'], 404, 'not_found', 'Resource Not Found'),
    row(
      'a conversation of nobody',
      ['POST', '/conversations', { from: nobody, body: 'Hi' }],
      404,
      'not_found',
      'User Not Found',
    ),
    row(
      'a conversation without a text',
      ['POST', '/conversations', { from: to }],
      400,
      INVALID,
      'Body is required',
    ),
    row(
      'a blank conversation',
      ['POST', '/conversations', { from: to, body: ' ' }],
      400,
      INVALID,
      'Body is required',
    ),
    row('a conversation from no one', ['POST', '/conversations', { body: 'Hi' }], 400, /^parameter_/),
    row(
      'a reply to an unknown conversation',
      ['POST', '/conversations/1/reply', comment],
      404,
      'not_found',
      'Resource Not Found',
    ),
    row(
      'a reply by an unknown admin',
      ['POST', reply, { ...comment, admin_id: '1' }],
      404,
      'not_found',
      'Resource Not Found',
    ),
    row(
      'a reply by an unknown contact',
      ['POST', reply, { message_type: 'comment', type: 'user', intercom_user_id: NO_CONTACT, body: 'Hi' }],
      404,
      'not_found',
      'Resource Not Found',
    ),
    row(
      'a reply of no known kind',
      ['POST', reply, { ...comment, message_type: 'song' }],
      400,
      INVALID,
      OPTION,
    ),
    row('a reply by no known kind', ['POST', reply, { ...comment, type: 'robot' }], 400, INVALID, OPTION),
    row('closing what is unknown', ['POST', '/conversations/1/parts', close], 404, 'not_found', resource),
    row('closing by nobody', ['POST', parts, { ...close, admin_id: '1' }], 404, 'not_found', resource),
    row('a part of no known kind', ['POST', parts, { ...close, message_type: 'sing' }], 400, INVALID, OPTION),
    row(
      'a snooze without a time',
      ['POST', parts, { ...close, message_type: 'snoozed' }],
      400,
      /^parameter_/,
    ),
    row('changing what is unknown', ['PUT', '/conversations/1', { read: true }], 404, 'not_found', resource),
    row('a blank reply', ['POST', reply, { ...comment, body: '' }], 400, INVALID),
    row(
      'eleven attachments',
      [
        'POST',
        reply,
        { ...comment, attachment_urls: Array.from({ length: 11 }, (_, n) => `https://example.com/${n}.png`) },
      ],
      400,
      INVALID,
    ),
    row(
      'a message without a text',
      ['POST', '/messages', { message_type: 'inapp', from, to }],
      400,
      INVALID,
      'Body is required',
    ),
    row(
      'an e-mail without a text',
      ['POST', '/messages', { message_type: 'email', from, to }],
      400,
      INVALID,
      'Body is required',
    ),
    row(
      'an e-mail without a subject',
      ['POST', '/messages', { message_type: 'email', body: 'Hi', from, to }],
      422,
      'parameter_not_found',
      'No subject supplied for email message',
    ),
    row(
      'a message to nobody',
      ['POST', '/messages', { message_type: 'inapp', body: 'Hi', from, to: nobody }],
      404,
      'not_found',
      'User Not Found',
    ),
  ]
}

/** docs/intercom-api.md 1.6: pages no list has. */
export function pageErrors({ user }: World): Refused[] {
  const lists = ['/contacts', '/conversations', `/contacts/${user.id}/notes`]
  return [
    ...lists.flatMap((path) =>
      ['0', '-1', '151', 'many'].map((per_page) =>
        row(`${path} with ${per_page} a page`, ['GET', `${path}?per_page=${per_page}`], 400, INVALID),
      ),
    ),
    ...['/contacts', '/conversations'].map((path) =>
      row(`${path} after a cursor that is none`, ['GET', `${path}?starting_after=nonsense`], 400, ANY),
    ),
  ]
}

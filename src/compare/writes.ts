import { byError, type Call, call, type Fill } from './call.ts'
import type { Answer } from './witness.ts'

type Rest = NonNullable<Parameters<typeof call>[1]>

const contact = { kind: 'contact', id: 'id' } as const
const tag = { kind: 'tag', id: 'id' } as const
const noAdmin = '1'

/**
 * Calls that write: they make a contact, a lead, two tags and two conversations of their own, all named by `mark`, and
 * change nothing else. Those with a question settle what no source tells.
 */
export function writes(mark: string): Call[] {
  const email = `${mark}@example.com`
  const write = (template: string, rest: Rest) =>
    call(template, { ...rest, safe: false, ...(rest.creates && { proof: mark }) })
  const parts = (body: Record<string, unknown>, rest: Rest) =>
    write('POST /conversations/{own_conversation}/parts', { ...rest, body: byAdmin(body) })
  const reply = (body: Record<string, unknown>, rest: Rest) =>
    write('POST /conversations/{own_conversation}/reply', {
      ...rest,
      body: byAdmin({ type: 'admin', ...body }),
    })
  return [
    write('POST /contacts', {
      name: 'create a user',
      body: { role: 'user', external_id: mark, email, name: 'Compare' },
      finds: { own_contact: 'id' },
      creates: contact,
    }),
    write('POST /contacts', {
      name: 'create a user with a known e-mail address and a new external_id',
      body: { role: 'user', external_id: `${mark}-twin`, email },
      creates: contact,
      question: {
        text: 'A new external_id with a known e-mail address',
        settle: byError({ '409 conflict': 'refused with conflict', '200': 'created' }),
      },
    }),
    write('POST /contacts', {
      name: 'create a lead with an external_id',
      body: { role: 'lead', external_id: `${mark}-lead`, name: mark },
      finds: { own_lead: 'id' },
      creates: contact,
      question: {
        text: 'The external_id given for a lead',
        settle: (answer, words) => leadsId(answer, `${mark}-lead`) ?? byError({})(answer, words),
      },
    }),
    call('GET /contacts/{own_contact}'),
    write('PUT /contacts/{own_contact}', { body: { name: 'Compare once more', phone: null } }),
    write('PUT /contacts/{own_contact}', { name: 'make a user a lead', body: { role: 'lead' } }),
    write('POST /contacts/{own_contact}/notes', { body: { body: mark }, finds: { own_note: 'id' } }),
    write('POST /contacts/{own_contact}/notes', {
      name: 'create a note without text',
      body: { body: ' ' },
      question: { text: 'A note whose text is blank', settle: byError({ '200': 'taken' }) },
    }),
    call('GET /notes/{own_note}'),
    write('POST /tags', {
      name: 'create a tag',
      body: { name: mark },
      finds: { own_tag: 'id' },
      creates: tag,
    }),
    write('POST /tags', {
      name: 'create another tag',
      body: { name: `${mark}-b` },
      finds: { second_tag: 'id' },
      creates: tag,
    }),
    write('POST /tags', {
      name: 'give a tag the name of another',
      body: (fill: Fill) => ({ id: fill.id('own_tag'), name: `${mark}-b` }),
      question: { text: 'A tag renamed to the name of another', settle: byError({ '200': 'taken' }) },
    }),
    write('DELETE /contacts/{own_contact}/tags/{second_tag}', {
      name: 'remove a tag that is not on the contact',
      question: {
        text: 'The removal of a tag that is not on the contact',
        settle: byError({
          '200': 'taken',
          '404 not_found': 'refused with not_found',
          '404 tag_not_found': 'refused with tag_not_found',
        }),
      },
    }),
    write('POST /contacts/{own_contact}/tags', { body: (fill: Fill) => ({ id: fill.id('second_tag') }) }),
    write('DELETE /contacts/{own_contact}/tags/{second_tag}', {}),
    write('POST /conversations', {
      body: (fill: Fill) => ({ from: { type: 'user', id: fill.id('own_contact') }, body: mark }),
      finds: { own_conversation: 'conversation_id' },
      creates: { kind: 'conversation', id: 'conversation_id' },
    }),
    call('GET /conversations/{own_conversation}'),
    reply({ message_type: 'comment', body: mark }, { name: 'reply as an admin' }),
    reply(
      { message_type: 'comment', body: ' ' },
      {
        name: 'reply without text',
        question: { text: 'A reply whose text is blank', settle: byError({ '200': 'taken' }) },
      },
    ),
    reply(
      { message_type: 'comment', body: mark, admin_id: noAdmin },
      {
        name: 'reply as an unknown admin',
        question: { text: 'A reply as an admin that does not exist', settle: byError({ '200': 'taken' }) },
      },
    ),
    reply({ message_type: 'note', body: mark }, { name: 'add a note to a conversation' }),
    write('PUT /conversations/{own_conversation}', { body: { read: true } }),
    write('POST /conversations/{own_conversation}/tags', { body: byAdmin({ id: 'second_tag' }) }),
    write('DELETE /conversations/{own_conversation}/tags/{second_tag}', { body: byAdmin({}) }),
    parts({ message_type: 'snoozed', snoozed_until: 4_000_000_000 }, { name: 'snooze' }),
    parts({ message_type: 'open' }, { name: 'open' }),
    parts(
      { message_type: 'close', type: 'admin', admin_id: noAdmin },
      {
        name: 'close as an unknown admin',
        question: {
          text: 'A conversation closed by an admin that does not exist',
          settle: byError({ '200': 'taken' }),
        },
      },
    ),
    parts(
      { message_type: 'close', type: 'admin' },
      {
        name: 'close',
        finds: { closing_part: 'conversation_parts.conversation_parts[-1].id' },
      },
    ),
    write('POST /conversations/redact', {
      name: 'redact a part without text',
      body: (fill: Fill) => ({
        type: 'conversation_part',
        conversation_id: fill.id('own_conversation'),
        conversation_part_id: fill.id('closing_part'),
      }),
      question: { text: 'The redaction of a part that has no text', settle: byError({ '200': 'taken' }) },
    }),
    reply(
      { message_type: 'comment', body: mark },
      {
        name: 'reply as an admin to a closed conversation',
        question: {
          text: 'An admin’s comment on a closed conversation',
          settle: (answer, words) => stateAfter(answer) ?? byError({})(answer, words),
        },
      },
    ),
    write('POST /messages', {
      body: (fill: Fill) => ({
        message_type: 'inapp',
        body: mark,
        from: { type: 'admin', id: fill.id('admin') },
        to: { type: 'user', id: fill.id('own_contact') },
        create_conversation_without_contact_reply: true,
      }),
      finds: { own_message: 'id' },
      creates: { kind: 'conversation', id: 'conversation_id' }, // not told; found by the search that follows
    }),
    call('POST /conversations/search', {
      name: 'search the conversation of a message',
      body: (fill: Fill) => ({ query: { field: 'source.id', operator: '=', value: fill.id('own_message') } }),
      finds: { found_conversation: 'conversations[].id' },
      creates: { kind: 'conversation', id: 'id' },
      until: (answer) => firstConversation(answer) !== undefined,
      question: {
        text: 'A conversation that a message begins without an answer',
        settle: (answer, words) => stateOfFirst(answer) ?? byError({ '200': 'not found yet' })(answer, words),
      },
    }),
    write('POST /contacts/{own_lead}/archive', {}),
    call('GET /contacts/{own_lead}', { name: 'GET an archived contact' }),
    write('POST /contacts/{own_lead}/unarchive', {}),
    write('DELETE /contacts/{own_lead}', {}),
    write('DELETE /tags/{own_tag}', {}),
  ]
}

function byAdmin(body: Record<string, unknown>) {
  return (fill: Fill) => ({
    admin_id: fill.id('admin'),
    ...body,
    ...(body['id'] === 'second_tag' && { id: fill.id('second_tag') }),
  })
}

function leadsId({ status, json }: Answer, given: string): string | null {
  if (status !== 200) return null
  const id = (json as { external_id?: unknown } | undefined)?.external_id
  if (id === given) return 'kept'
  return id === null || id === undefined ? 'dropped' : 'replaced by another'
}

function stateAfter({ status, json }: Answer): string | null {
  if (status !== 200) return null
  const { open } = (json ?? {}) as { open?: unknown }
  return open === true ? 'it opens' : open === false ? 'it stays closed' : null
}

function firstConversation({ json }: Answer): { state?: unknown; read?: unknown } | undefined {
  const list = (json as { conversations?: unknown } | undefined)?.conversations
  return Array.isArray(list) && typeof list[0] === 'object' && list[0] !== null ? list[0] : undefined
}

function stateOfFirst(answer: Answer): string | null {
  const first = firstConversation(answer)
  if (first === undefined) return null
  const state = ['open', 'closed', 'snoozed'].find((one) => one === first.state) ?? 'in another state'
  return `${state}, ${first.read === true ? 'read' : 'not read'}`
}

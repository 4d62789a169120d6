import { z } from 'zod'
import { path } from '../client/path.ts'
import { defineAction } from '../core/action.ts'
import { oneResult } from '../core/envelope.ts'
import { explain, isMissing, outcomeOf, refuse } from '../core/outcome.ts'
import type { Port } from '../core/port.ts'
import { emptyPreview, type Preview } from '../core/preview.ts'
import { adminCard, contactCard, emailWarnings, hasEmail, othersWithEmail } from './preview/people.ts'
import { shownAs } from './preview/texts.ts'
import type { Contact } from './types/contact.ts'
import type { AdminMessage } from './types/conversation.ts'
import { html } from './types/html.ts'
import { id } from './types/input.ts'
import { adminNames, bodyNames, recipientNames } from './types/other-names.ts'

const input = z
  .strictObject({
    from_admin_id: id('The admin’s unique identifier; find it with list_admins'),
    to_contact_id: id('The contact’s unique identifier; find it with search_contacts').refine(
      (value) => !value.includes('@'),
      'is an e-mail address, which several contacts may share; give the id of the one you mean, from search_contacts',
    ),
    to_type: z
      .enum(['user', 'lead'])
      .default('user')
      .describe('Recipient type (‘user’ or ‘lead’) (Default: user): the contact’s role'),
    message_type: z
      .enum(['in_app', 'email', 'inapp'])
      .default('in_app')
      .describe('Message type (‘in_app’ or ‘email’) (Default: in_app)'),
    subject: z.string().describe('Subject/title of the message; may be empty for in_app'),
    body: html('Message content (HTML and plaintext supported), not Markdown'),
    template: z
      .enum(['plain', 'personal'])
      .default('personal')
      .describe('Template style (‘plain’ or ‘personal’) (Default: personal)'),
  })
  .refine(({ message_type, subject }) => message_type !== 'email' || subject.trim() !== '', {
    path: ['subject'],
    message: 'is empty; an email needs one',
  })

/** POST /messages. Intercom's wire spelling is `inapp` (docs/intercom-api.md 8). */
export const sendMessageToContact = defineAction({
  name: 'send_message_to_contact',
  title: 'Send message to contact',
  description:
    'Send a new in-app message or e-mail from an admin TO a contact. It reaches the customer and cannot be taken back. No conversation exists until they answer. To answer in an existing conversation use reply_to_conversation.',
  effect: 'send',
  input,
  host: { mayBeEmpty: ['subject'] },
  otherNames: { ...adminNames('from_admin_id'), ...bodyNames, ...recipientNames },
  output: oneResult<AdminMessage>(),
  verify: {
    proof: 'none', // no conversation exists until the contact answers
    risk: 'The message may have been delivered.',
    key: ({ to_contact_id }) => `messages to ${to_contact_id}`,
    made: (message) => [message['id']],
    look: async (intercom, { to_contact_id }, since) => {
      const { last_contacted_at } = await intercom.get<Contact>(path`/contacts/${to_contact_id}`)
      const recent = last_contacted_at !== null && last_contacted_at >= since
      const evidence = recent
        ? 'The contact has been contacted since then (last_contacted_at), so it probably was.'
        : 'last_contacted_at of the contact is older, which proves nothing.'
      return { items: [], evidence }
    },
    whereToLook: ({ from_admin_id, to_contact_id }, at) =>
      `Look in Intercom for a message of admin ${from_admin_id} to contact ${to_contact_id} at ${at}.`,
  },
  remarks: remarksOn,
  preview: previewOf,
  run: async (intercom, message) => {
    const sent = await outcomeOf(
      intercom.post<AdminMessage>(path`/messages`, {
        message_type: message.message_type === 'email' ? 'email' : 'inapp',
        subject: message.subject,
        body: message.body,
        template: message.template,
        from: { type: 'admin', id: adminNumber(message.from_admin_id) },
        to: { type: message.to_type, id: message.to_contact_id },
      }),
    )
    if ('value' in sent) return { result: sent.value }
    if (!isMissing(sent.failure)) throw sent.failure
    return explain(sent.failure, await whyNotFound(intercom, message))
  },
})

const noEmail = 'the contact has no e-mail address'

/** What the workspace knows of the recipient: read after the send, which it does not hold up. */
async function remarksOn(
  intercom: Port,
  { to_contact_id, message_type }: z.output<typeof input>,
): Promise<string[]> {
  const contact = await intercom.get<Contact>(path`/contacts/${to_contact_id}`)
  const remarks: string[] = []
  if (message_type === 'email')
    remarks.push(...(hasEmail(contact) ? [] : [noEmail]), ...emailWarnings(contact))
  const others = await outcomeOf(othersWithEmail(intercom, contact, to_contact_id))
  if ('failure' in others || others.value === null) return remarks
  return [...remarks, `other contacts have the same e-mail, and were not written to: ${others.value}`]
}

async function previewOf(intercom: Port, message: z.output<typeof input>): Promise<Preview> {
  const { to_contact_id, to_type, from_admin_id, message_type, subject, body } = message
  const { contact, card } = await contactCard(intercom, to_contact_id)
  if (contact.role !== to_type && (contact.role === 'user' || contact.role === 'lead'))
    refuse('not_found', `the contact is no ${to_type}`, otherRole(contact))
  const isEmail = message_type === 'email'
  if (isEmail && !hasEmail(contact)) card.warnings.unshift(noEmail)
  return {
    ...emptyPreview,
    to: [card],
    from: await adminCard(intercom, from_admin_id),
    channel: isEmail ? 'new e-mail' : 'new message in the app',
    text: body,
    shown: await shownAs(body),
    textParameter: 'body',
    notes: subject.trim() === '' ? [] : [`The subject is ${JSON.stringify(subject)}.`],
  }
}

function otherRole({ role }: Contact): string {
  return `Nothing was sent. The contact is a ${role}: repeat with to_type "${role}".`
}

/** Intercom's 404 names nobody; the contact itself tells what was wrong (decisions/traps.md). */
async function whyNotFound(intercom: Port, message: z.output<typeof input>): Promise<string> {
  const { to_contact_id, to_type, from_admin_id } = message
  const read = await outcomeOf(intercom.get<Contact>(path`/contacts/${to_contact_id}`))
  if ('failure' in read) {
    return isMissing(read.failure)
      ? 'There is no such contact: find the id with search_contacts.'
      : 'Nothing was sent. Check that contact and admin exist (search_contacts, list_admins).'
  }
  const { role } = read.value
  if (role !== to_type && (role === 'user' || role === 'lead')) return otherRole(read.value)
  return `Nothing was sent. The contact exists as a ${to_type}: it is too new to be messaged, try again in a minute, or there is no admin ${from_admin_id} (list_admins).`
}

/** An admin id as the number that Intercom's description asks for in bodies; any other text stays as it is. */
export function adminNumber(id: string): number | string {
  const number = Number(id)
  return String(number) === id && Number.isSafeInteger(number) ? number : id
}

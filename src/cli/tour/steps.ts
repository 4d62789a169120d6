import type { ActionInput, ActionName, ActionOutput, DefaultActionName } from '../../intercom.ts'
import { expect, listIn, type Plain } from './plain.ts'

/** What earlier steps left for later ones. */
export type Found = { admin: string; tag: string; contact: string; conversation: string }

/** One action of the tour: its input, and how plain HTTP shows that it happened. */
export type Step<Name extends ActionName> = {
  input(found: Found): ActionInput<Name>
  /** Answers what to show of the result; throws when plain HTTP does not show the effect. */
  check(output: ActionOutput<Name>, found: Found, plain: Plain): Promise<string>
}

/** Any step, for the loop over all of them. */
export type AnyStep = {
  input(found: Found): object
  check(output: never, found: Found, plain: Plain): Promise<string>
}

const email = 'ada.tour@example.com'
const question = 'Hello, how do I export my invoices?'
const answer = 'Under Settings, then Export.'

/** A step for each of the thirteen actions, in an order in which each finds what it needs. */
export const steps: { [Name in DefaultActionName]: Step<Name> } = {
  list_admins: {
    input: () => ({}),
    async check({ result }, found, plain) {
      const admins = result?.admins ?? []
      const seen = listIn(await plain('GET', '/admins'), 'admins')
      expect(admins.length > 0 && seen.length === admins.length, 'the same admins')
      found.admin = admins.find((admin) => admin.has_inbox_seat)?.id ?? ''
      return admins.map((admin) => admin.name).join(', ')
    },
  },
  list_tags: {
    input: () => ({}),
    async check({ result }, found, plain) {
      const tags = result?.data ?? []
      const seen = listIn(await plain('GET', '/tags'), 'data')
      expect(tags.length > 0 && seen.length === tags.length, 'the same tags')
      found.tag = tags[0]?.id ?? ''
      return `${tags.length} tags: ${tags
        .slice(0, 4)
        .map((tag) => tag.name)
        .join(', ')}${tags.length > 4 ? ', …' : ''}`
    },
  },
  upsert_contact: {
    input: () => ({ email, name: 'Ada Tour', role: 'user' }),
    async check({ action_type, contact }, found, plain) {
      found.contact = contact?.id ?? ''
      const seen = await plain('GET', `/contacts/${found.contact}`)
      expect(seen['email'] === email && seen['name'] === 'Ada Tour', 'the contact')
      return `${action_type} ${contact?.name} <${contact?.email}>`
    },
  },
  get_contact: {
    input: ({ contact }) => ({ contact_id: contact }),
    async check({ result }, { contact }, plain) {
      const seen = await plain('GET', `/contacts/${contact}`)
      expect(
        result !== null && seen['id'] === result.id && seen['email'] === result.email,
        'the same contact',
      )
      return `${result.role} ${result.id}`
    },
  },
  search_contacts: {
    input: () => ({ query_field: 'email', query_value: email }),
    async check({ contacts, total_count }, { contact }, plain) {
      const query = { field: 'email', operator: '=', value: email }
      const seen = listIn(await plain('POST', '/contacts/search', { query }), 'data')
      expect(
        contacts[0]?.id === contact && seen[0]?.['id'] === contact && seen.length === total_count,
        'the same match',
      )
      return `${total_count} contact with this e-mail`
    },
  },
  create_note: {
    input: ({ contact }) => ({ contact_id: contact, body: 'Met on the tour.' }),
    async check({ result }, { contact }, plain) {
      const [newest] = listIn(await plain('GET', `/contacts/${contact}/notes`), 'data')
      expect(
        newest?.['id'] === result?.id && String(newest?.['body']).includes('Met on the tour.'),
        'the note',
      )
      return `note ${result?.id} by ${result?.author?.name}`
    },
  },
  add_tag_to_contact: {
    input: ({ contact, tag }) => ({ contact_id: contact, tag_id: tag }),
    async check({ result }, { contact, tag }, plain) {
      const seen = listIn(await plain('GET', `/contacts/${contact}/tags`), 'data')
      expect(
        seen.some((one) => one['id'] === tag),
        'the tag',
      )
      return `tag "${result?.name}"`
    },
  },
  send_message_to_contact: {
    input: ({ admin, contact }) => ({
      from_admin_id: admin,
      to_contact_id: contact,
      subject: 'Welcome',
      body: 'Good to have you here, Ada.',
    }),
    async check({ result }, { contact }, plain) {
      const seen = await plain('GET', `/contacts/${contact}`)
      expect(typeof seen['last_contacted_at'] === 'number', 'that the contact was written to')
      return `message ${result?.id} from ${result?.owner.name}`
    },
  },
  send_incoming_message: {
    input: ({ contact }) => ({ contact_id: contact, body: question }),
    async check({ result }, found, plain) {
      found.conversation = result?.conversation_id ?? ''
      const seen = await plain('GET', `/conversations/${found.conversation}?display_as=plaintext`)
      const source = seen['source'] as { body?: string } | null
      expect(source?.body?.includes(question) === true, 'the message')
      return `message ${result?.id} in conversation ${found.conversation}`
    },
  },
  reply_to_conversation: {
    input: ({ admin, conversation }) => ({
      conversation_id: conversation,
      reply_type: 'admin',
      admin_id: admin,
      body: answer,
    }),
    async check({ result }, { conversation, admin }, plain) {
      const seen = await plain('GET', `/conversations/${conversation}`)
      const last = listIn(seen, 'conversation_parts', 'conversation_parts').at(-1)
      const author = last?.['author'] as { id?: string } | undefined
      expect(author?.id === admin && String(last?.['body']).includes(answer), 'the reply')
      return `part ${result?.conversation_parts.conversation_parts.at(-1)?.id}: ${answer}`
    },
  },
  get_conversation: {
    input: ({ conversation }) => ({ conversation_id: conversation }),
    async check({ result }, { conversation }, plain) {
      const seen = listIn(
        await plain('GET', `/conversations/${conversation}`),
        'conversation_parts',
        'conversation_parts',
      )
      const parts = result?.conversation_parts.conversation_parts ?? []
      expect(parts.length > 0 && parts.at(-1)?.id === seen.at(-1)?.['id'], 'the same thread')
      return `${result?.state}, ${parts.length} parts after the first message`
    },
  },
  list_conversations: {
    input: () => ({ per_page: 5 }),
    async check({ conversations, pages }, { conversation }, plain) {
      const [newest] = listIn(await plain('GET', '/conversations?per_page=5'), 'conversations')
      expect(
        conversations[0]?.id === conversation && newest?.['id'] === conversation,
        'the conversation first',
      )
      return `page ${pages?.page} of ${pages?.total_pages}, newest ${conversations[0]?.id}`
    },
  },
  search_conversations: {
    input: ({ contact }) => ({ query_field: 'contact_ids', query_operator: '=', query_value: contact }),
    async check({ conversations, total_count }, { contact, conversation }, plain) {
      const query = { field: 'contact_ids', operator: '=', value: contact }
      const seen = listIn(await plain('POST', '/conversations/search', { query }), 'conversations')
      expect(conversations[0]?.id === conversation && seen[0]?.['id'] === conversation, 'the same match')
      return `${total_count} conversation with Ada`
    },
  },
}

import { steps } from '../../src/cli/tour/steps.ts'
import type { ActionInput, DefaultActionName, Intercom } from '../../src/index.ts'

/** Things of a seeded workspace that the examples act on. */
export type Subjects = { contact: string; lead: string; admin: string; tag: string; conversation: string }

type Examples = { [Name in DefaultActionName]: (of: Subjects) => ActionInput<Name> }

const inputs = Object.fromEntries(Object.entries(steps).map(([name, { input }]) => [name, input])) as Examples

const own = {
  get_contact: ({ contact }) => ({ contact_id: contact }),
  search_contacts: () => ({ query_field: 'role', query_value: 'lead', per_page: 3 }),
  upsert_contact: () => ({
    email: 'matrix@example.test',
    external_id: 'matrix-1', // a lead would get a random one
    name: 'Mia Matrix',
    custom_attributes: { plan: 'pro' },
  }),
  create_note: ({ contact }) => ({ contact_id: contact, body: 'Asked for <b>an invoice</b>.' }),
  add_tag_to_contact: ({ lead, tag }) => ({ contact_id: lead, tag_id: tag }),
  get_conversation: ({ conversation }) => ({ conversation_id: conversation }),
  list_conversations: () => ({ per_page: 3 }),
  search_conversations: () => ({
    query_operator: 'AND',
    query_value: '[{"field":"state","operator":"=","value":"open"}]',
    per_page: 2,
  }),
  send_incoming_message: ({ contact }) => ({ contact_id: contact, body: 'Where is my invoice?' }),
  send_message_to_contact: ({ admin, contact }) => ({
    from_admin_id: admin,
    to_contact_id: contact,
    message_type: 'email',
    subject: 'Your invoice',
    body: 'Here it is.',
  }),
  reply_to_conversation: ({ admin, conversation }) => ({
    conversation_id: conversation,
    reply_type: 'admin',
    admin_id: admin,
    body: 'It is on its way.',
  }),
} satisfies Partial<Examples>

/** One good input per action, else that of the demo: what every adapter, server and client is tried with. */
export const actionExamples: Examples = { ...inputs, ...own }

/** Looks the subjects up in the workspace that a client speaks to. */
export async function subjects(intercom: Intercom): Promise<Subjects> {
  const role = async (query_value: string) =>
    (await intercom.searchContacts({ query_field: 'role', query_value, per_page: 1 })).contacts[0]?.id
  const { result: tags } = await intercom.listTags()
  const { result: admins } = await intercom.listAdmins()
  const { conversations } = await intercom.listConversations({ per_page: 1 })
  return {
    contact: found(await role('user')),
    lead: found(await role('lead')),
    admin: found(admins?.admins[0]?.id),
    tag: found(tags?.data[0]?.id),
    conversation: found(conversations[0]?.id),
  }
}

function found(id: string | undefined): string {
  if (id === undefined) throw new Error('the workspace is not seeded')
  return id
}

import type { ActionInput, ActionName, DefaultActionName, Intercom } from '../../src/index.ts'
import { type Subjects, subjects } from './action-examples.ts'

/** Things of a seeded workspace that the examples of toolsets act on. */
export type ToolsetSubjects = Subjects & {
  team: string
  open: string
  closed: string
  /** A conversation or a contact, and a tag that is on it. */
  tagged: { conversation: string; tag: string }
  taggedContact: { contact: string; tag: string }
  company: string
  member: { contact: string; company: string }
  /** An article that is not published. */
  draft: string
  /** Of category Customer, and a ticket of it. */
  ticketType: string
  ticket: string
}

/** Looks the subjects up in the workspace that a client speaks to. */
export async function toolsetSubjects(intercom: Intercom<'all'>): Promise<ToolsetSubjects> {
  const { conversations } = await intercom.listConversations({ per_page: 150 })
  const { contacts } = await intercom.searchContacts({
    query_field: 'role',
    query_value: 'user',
    per_page: 150,
  })
  const { teams } = await intercom.listTeams()
  const { articles } = await intercom.searchArticles({ state: 'draft', per_page: 1 })
  const inState = (wanted: string) => found(conversations.find(({ state }) => state === wanted)?.id)
  const tagged = conversations.find(({ tags }) => tags.tags.length > 0)
  const employed = contacts.find(({ companies }) => (companies?.data.length ?? 0) > 0)
  const withTag = contacts.find(({ tags }) => (tags?.data.length ?? 0) > 0)
  const company = found(employed?.companies?.data[0]?.id)
  const known = await subjects(intercom)
  const { ticket_types } = await intercom.listTicketTypes()
  const ticketType = found(ticket_types.find(({ category }) => category === 'Customer')?.id)
  const made = { ticket_type_id: ticketType, contact_id: known.contact, title: 'No invoice' }
  const { result: ticket } = await intercom.createTicket(made)
  return {
    ...known,
    ticketType,
    ticket: found(ticket?.id),
    team: found(teams[0]?.id),
    open: inState('open'),
    closed: inState('closed'),
    tagged: { conversation: found(tagged?.id), tag: found(tagged?.tags.tags[0]?.id) },
    taggedContact: { contact: found(withTag?.id), tag: found(withTag?.tags?.data[0]?.id) },
    company,
    member: { contact: found(employed?.id), company },
    draft: found(articles[0]?.id),
  }
}

function found(id: string | undefined): string {
  if (id === undefined) throw new Error('the workspace is not seeded')
  return id
}

/** When the event of the example happened: one second for all who send it. */
export const eventAt = Math.floor(Date.now() / 1000)

type ToolsetActionName = Exclude<ActionName, DefaultActionName>

/** One good input for each action of a toolset, on a seeded workspace. */
export const toolsetExamples: { [Name in ToolsetActionName]: (of: ToolsetSubjects) => ActionInput<Name> } = {
  close_conversation: ({ open: conversation_id }) => ({ conversation_id }),
  open_conversation: ({ closed: conversation_id }) => ({ conversation_id }),
  snooze_conversation: ({ conversation: conversation_id }) => ({
    conversation_id,
    snoozed_until: '2099-02-01T09:00:00Z',
  }),
  assign_conversation: ({ conversation: conversation_id, team }) => ({
    conversation_id,
    assignee_type: 'team',
    assignee_id: team,
  }),
  add_tag_to_conversation: ({ conversation: conversation_id, tag: tag_id }) => ({ conversation_id, tag_id }),
  remove_tag_from_conversation: ({ tagged }) => ({
    conversation_id: tagged.conversation,
    tag_id: tagged.tag,
  }),
  update_conversation: ({ conversation: conversation_id }) => ({ conversation_id, read: true }),
  list_teams: () => ({}),
  update_contact: ({ contact: contact_id, admin }) => ({
    contact_id,
    name: 'Ada Matrix',
    owner_id: admin,
    custom_attributes: { plan: 'pro' },
  }),
  archive_contact: ({ contact: contact_id }) => ({ contact_id }),
  delete_contact: ({ contact: contact_id }) => ({ contact_id }),
  merge_contacts: ({ lead, contact }) => ({ from_contact_id: lead, into_contact_id: contact }),
  remove_tag_from_contact: ({ taggedContact: { contact: contact_id, tag: tag_id } }) => ({
    contact_id,
    tag_id,
  }),
  upsert_tag: () => ({ name: 'Asked for a refund' }),
  list_contact_notes: ({ contact: contact_id }) => ({ contact_id, per_page: 5 }),
  list_segments: () => ({}),
  list_attributes: () => ({ model: 'contact' }),
  list_subscriptions: () => ({}),
  update_subscription: ({ contact: contact_id }) => ({
    contact_id,
    subscription_id: '37841', // of the seed
    consent: 'opt_out',
  }),
  list_companies: () => ({ per_page: 5 }),
  get_company: ({ company: id }) => ({ id }),
  upsert_company: () => ({ company_id: 'matrix-1', name: 'Matrix Ltd', monthly_spend: 12 }),
  list_company_contacts: ({ company: id }) => ({ id, per_page: 5 }),
  add_contact_to_company: ({ lead: contact_id, company: id }) => ({ contact_id, id }),
  remove_contact_from_company: ({ member: { contact: contact_id, company: id } }) => ({ contact_id, id }),
  create_event: ({ contact: contact_id }) => ({
    contact_id,
    event_name: 'invited-friend',
    created_at: String(eventAt),
  }),
  list_events: ({ contact: contact_id }) => ({ contact_id }),
  search_articles: () => ({ phrase: 'invoice' }),
  get_article: ({ draft: article_id }) => ({ article_id }),
  create_article: ({ admin: author_id }) => ({ title: 'How to pay', author_id, body: '<p>By card.</p>' }),
  update_article: ({ draft: article_id }) => ({ article_id, title: 'How to pay by card' }),
  publish_article: ({ draft: article_id }) => ({
    article_id,
    title: 'How to pay',
    body: '<p>By card.</p>',
    description: 'Cards',
  }),
  list_collections: () => ({}),
  search_tickets: () => ({ query_field: 'open', query_operator: '=', query_value: 'true' }),
  get_ticket: ({ ticket: ticket_id }) => ({ ticket_id }),
  list_ticket_types: () => ({}),
  create_ticket: ({ contact: contact_id, ticketType: ticket_type_id }) => ({
    ticket_type_id,
    contact_id,
    title: 'Broken export',
  }),
  reply_to_ticket: ({ ticket: ticket_id, admin: admin_id }) => ({
    ticket_id,
    reply_type: 'admin',
    admin_id,
    body: 'We are on it.',
  }),
  update_ticket: ({ ticket: ticket_id, admin: assignee_id }) => ({ ticket_id, assignee_id }),
  update_ticket_state: ({ ticket: ticket_id }) => ({ ticket_id, state: 'in_progress' }),
}

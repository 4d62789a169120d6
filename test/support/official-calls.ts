import type { IntercomClient } from 'intercom-client'
import { eventAt, type ToolsetSubjects } from './toolset-examples.ts'

/** `me`: the admin behind the token. */
type Call = (client: IntercomClient, of: ToolsetSubjects & { me: string }) => Promise<unknown>

/** Pages that the SDK has no parameter for. */
const paged = (queryParams: Record<string, number>) => ({ queryParams })

/** Through Intercom's own SDK, what the example of each toolset action asks for; by its name. */
export const officialCalls: Readonly<Record<string, Call>> = {
  close_conversation: ({ conversations }, { open: conversation_id, me: admin_id }) =>
    conversations.manage({ conversation_id, body: { message_type: 'close', type: 'admin', admin_id } }),
  open_conversation: ({ conversations }, { closed: conversation_id, me: admin_id }) =>
    conversations.manage({ conversation_id, body: { message_type: 'open', admin_id } }),
  snooze_conversation: ({ conversations }, { conversation: conversation_id, me: admin_id }) => {
    const snoozed_until = Date.parse('2099-02-01T09:00:00Z') / 1000
    return conversations.manage({
      conversation_id,
      body: { message_type: 'snoozed', admin_id, snoozed_until },
    })
  },
  assign_conversation: ({ conversations }, { conversation: conversation_id, me: admin_id, team }) =>
    conversations.manage({
      conversation_id,
      body: { message_type: 'assignment', type: 'team', admin_id, assignee_id: team },
    }),
  add_tag_to_conversation: ({ tags }, { conversation: conversation_id, tag: id, me: admin_id }) =>
    tags.tagConversation({ conversation_id, id, admin_id }),
  remove_tag_from_conversation: ({ tags }, { tagged, me: admin_id }) =>
    tags.untagConversation({ conversation_id: tagged.conversation, tag_id: tagged.tag, admin_id }),
  update_conversation: ({ conversations }, { conversation: conversation_id }) =>
    conversations.update({ conversation_id, read: true }),
  list_teams: ({ teams }) => teams.list(),
  update_contact: ({ contacts }, { contact: contact_id, admin }) =>
    contacts.update({
      contact_id,
      name: 'Ada Matrix',
      owner_id: Number(admin),
      custom_attributes: { plan: 'pro' },
    }),
  archive_contact: ({ contacts }, { contact: contact_id }) => contacts.archive({ contact_id }),
  delete_contact: ({ contacts }, { contact: contact_id }) => contacts.delete({ contact_id }),
  merge_contacts: ({ contacts }, { lead: from, contact: into }) => contacts.mergeLeadInUser({ from, into }),
  remove_tag_from_contact: ({ tags }, { taggedContact: { contact: contact_id, tag: tag_id } }) =>
    tags.untagContact({ contact_id, tag_id }),
  upsert_tag: ({ tags }) => tags.create({ name: 'Asked for a refund' }),
  list_contact_notes: ({ notes }, { contact: contact_id }) =>
    notes.list({ contact_id, per_page: 5, page: 1 }),
  list_segments: ({ segments }) => segments.list({ include_count: true }),
  list_attributes: ({ dataAttributes }) => dataAttributes.list({ model: 'contact' }),
  list_subscriptions: ({ subscriptionTypes }) => subscriptionTypes.list(),
  update_subscription: ({ contacts }, { contact: contact_id }) =>
    contacts.attachSubscription({ contact_id, id: '37841', consent_type: 'opt_out' }),
  list_companies: ({ companies }) => companies.list({ per_page: 5, page: 1 }),
  get_company: ({ companies }, { company: company_id }) => companies.find({ company_id }),
  upsert_company: ({ companies }) =>
    companies.createOrUpdate({ company_id: 'matrix-1', name: 'Matrix Ltd', monthly_spend: 12 }),
  list_company_contacts: ({ companies }, { company: company_id }) =>
    companies.listAttachedContacts({ company_id }, paged({ per_page: 5 })),
  add_contact_to_company: ({ companies }, { lead: contact_id, company: id }) =>
    companies.attachContact({ contact_id, id }),
  remove_contact_from_company: ({ companies }, { member: { contact: contact_id, company: company_id } }) =>
    companies.detachContact({ contact_id, company_id }),
  create_event: ({ events }, { contact: id }) =>
    events.create({ id, event_name: 'invited-friend', created_at: eventAt }),
  list_events: ({ events }, { contact: intercom_user_id }) =>
    events.list({ intercom_user_id, type: 'user', per_page: 50 }),
  search_articles: ({ articles }) =>
    articles.search({ phrase: 'invoice', state: 'all', highlight: true }, paged({ page: 1, per_page: 10 })),
  get_article: ({ articles }, { draft: article_id }) => articles.find({ article_id: Number(article_id) }),
  create_article: ({ articles }, { admin }) =>
    articles.create({
      title: 'How to pay',
      author_id: Number(admin),
      body: '<p>By card.</p>',
      state: 'draft',
    }),
  update_article: ({ articles }, { draft: article_id }) =>
    articles.update({ article_id: Number(article_id), title: 'How to pay by card' }),
  publish_article: ({ articles }, { draft: article_id }) =>
    articles.update({
      article_id: Number(article_id),
      state: 'published',
      title: 'How to pay',
      body: '<p>By card.</p>',
      description: 'Cards',
    }),
  list_collections: ({ helpCenters }) => helpCenters.collections.list({ page: 1, per_page: 50 }),
  search_tickets: ({ tickets }) =>
    tickets.search({
      query: { field: 'open', operator: '=', value: true as never }, // the SDK's types know text and numbers
      pagination: { per_page: 20 },
    }),
  get_ticket: ({ tickets }, { ticket: ticket_id }) => tickets.get({ ticket_id }),
  list_ticket_types: ({ ticketTypes }) => ticketTypes.list(),
  create_ticket: ({ tickets }, { contact: id, ticketType: ticket_type_id }) =>
    tickets.create({
      ticket_type_id,
      contacts: [{ id }],
      // Not in the SDK's types.
      ...{ ticket_attributes: { _default_title_: 'Broken export' } },
    }),
  reply_to_ticket: ({ tickets }, { ticket: ticket_id, admin: admin_id }) =>
    tickets.reply({
      ticket_id,
      body: { message_type: 'comment', type: 'admin', admin_id, body: 'We are on it.' },
    }),
  update_ticket: ({ tickets }, { ticket: ticket_id, me: admin_id, admin: assignee_id }) =>
    // As in 2.12; the SDK's types are of 2.14, where both ids stand beside it.
    tickets.update({ ticket_id, ...{ assignment: { admin_id, assignee_id } } }),
  update_ticket_state: async ({ tickets, ticketTypes }, { ticket: ticket_id, ticketType }) => {
    const type = await ticketTypes.get({ ticket_type_id: ticketType })
    const states = (type?.ticket_states?.data ?? []) as { id: string; category: string }[]
    const ticket_state_id = states.find(({ category }) => category === 'in_progress')?.id
    return tickets.update({ ticket_id, ticket_state_id: String(ticket_state_id) })
  },
}

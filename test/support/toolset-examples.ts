import type { ActionInput, ActionName, DefaultActionName } from '../../src/index.ts'
import type { Subjects } from './action-examples.ts'

type ToolsetActionName = Exclude<ActionName, DefaultActionName>

/** One good input for each action of a toolset, on a seeded workspace. */
export const toolsetExamples: { [Name in ToolsetActionName]: (of: Subjects) => ActionInput<Name> } = {
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
  create_event: ({ contact: contact_id }) => ({ contact_id, event_name: 'invited-friend' }),
  list_events: ({ contact: contact_id }) => ({ contact_id }),
}

/**
 * What parameters are called elsewhere: in older versions of Intercom's API
 * (https://developers.intercom.com/docs/references/1.4/rest-api/users/create-or-update-user), in its webhooks, and in
 * other systems. An error asks whether the parameter was meant; the names themselves are refused.
 */
type Names = Readonly<Record<string, string>>

/** One name for each of several. */
function each(names: string, meant: string): Names {
  return Object.fromEntries(names.split(' ').map((name) => [name, meant]))
}

export const contactIdNames = each(
  'id user user_id user_ids contact customer customer_id lead_id',
  'contact_id',
)

export const bodyNames = each('message text content note comment html message_body description', 'body')

export const conversationIdNames = each('id conversation thread_id ticket_id', 'conversation_id')

export const adminNames = (parameter: string) =>
  each('admin admin_id assignee_id teammate_id agent_id author_id sender_id from from_id', parameter)

export const recipientNames: Names = {
  ...each('to to_id user_id contact contact_id id', 'to_contact_id'),
  ...each('title', 'subject'),
  ...each('role to_role', 'to_type'),
  ...each('type channel', 'message_type'),
}

export const replyNames: Names = {
  ...each('user_id user contact_id contact', 'intercom_user_id'),
  ...each('type author_type', 'reply_type'),
  ...each('attachments files image_urls', 'attachment_urls'),
}

export const pageNames: Names = {
  ...each('limit page_size size count', 'per_page'),
  ...each('cursor after page next', 'starting_after'),
}

export const searchNames: Names = {
  ...pageNames,
  ...each('query value search q search_value term filter filters', 'query_value'),
  // fields, which stand in query_field
  ...each('email name phone external_id role state status contact_id user_id tag_id', 'query_field'),
  field: 'query_field',
  operator: 'query_operator',
}

export const upsertNames: Names = {
  ...each('user_id userid', 'external_id'),
  ...each('first_name last_name full_name display_name username', 'name'),
  ...each('phone_number mobile telephone', 'phone'),
  ...each('email_address mail', 'email'),
  ...each('avatar_url image_url picture', 'avatar'),
  ...each('unsubscribed opted_out', 'unsubscribed_from_emails'),
  ...each('custom_data attributes custom_fields', 'custom_attributes'),
  ...each('type contact_type', 'role'),
  plan: 'custom_attributes.plan',
}

/** Names of fields in a contact search. */
export const contactFieldNames: Names = {
  ...each('user_id userid', 'external_id'),
  ...each('first_name last_name full_name username', 'name'),
  ...each('contact_id', 'id'),
  ...each('phone_number mobile', 'phone'),
  ...each('email_address', 'email'),
  ...each('tag tags tag_ids', 'tag_id'),
  ...each('segment segments segment_ids', 'segment_id'),
  ...each('admin_id assignee_id owner', 'owner_id'),
  ...each('type contact_type', 'role'),
  ...each('last_seen last_request_at last_active', 'last_seen_at'),
  ...each('remote_created_at signup_date', 'signed_up_at'),
  ...each('unsubscribed', 'unsubscribed_from_emails'),
  ...each('country country_code', 'location.country'),
  ...each('city city_name', 'location.city'),
  ...each('region region_name', 'location.region'),
  plan: 'custom_attributes.plan',
}

/** Names of fields in a conversation search. */
export const conversationFieldNames: Names = {
  ...each('contact_id contact contacts user_id user customer_id', 'contact_ids'),
  ...each('admin_id admin assignee_id assignee assigned_to', 'admin_assignee_id'),
  ...each('team_id team', 'team_assignee_id'),
  ...each('tag tags tag_id', 'tag_ids'),
  ...each('status', 'state'),
  ...each('conversation_id', 'id'),
  ...each('body message text', 'source.body'),
  ...each('subject title', 'source.subject'),
  ...each('email user_email contact_email', 'source.author.email'),
  ...each('type channel', 'source.type'),
  ...each('rating', 'conversation_rating.score'),
  ...each('last_message_at', 'updated_at'),
}

/** Names of fields in a ticket search. */
export const ticketFieldNames: Names = {
  ...each('contact_id contact contacts user_id customer_id', 'contact_ids'),
  ...each('admin_id assignee_id assignee assigned_to', 'admin_assignee_id'),
  ...each('team_id team', 'team_assignee_id'),
  ...each('ticket_state status ticket_state_id', 'state'),
  ...each('ticket_type type type_id', 'ticket_type_id'),
  ...each('subject name', 'title'),
  ...each('ticket_id number', 'id'),
}

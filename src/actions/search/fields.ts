import { contactFieldNames, conversationFieldNames, ticketFieldNames } from '../types/other-names.ts'
import { type Exact, exactOfContacts, exactOfConversations, exactOfTickets } from './exact.ts'

/** How Intercom types a searchable field; `custom` is typed by the workspace's own attribute. */
export type FieldType = 'string' | 'integer' | 'boolean' | 'date' | 'tag' | 'custom'

/** How a field and a value are compared. */
export type Operator = '=' | '!=' | '>' | '<' | '>=' | '<=' | '~' | '!~' | '^' | '$' | 'IN' | 'NIN'

/** What may be searched in one resource, and which operators a type takes there (docs/intercom-api.md 4.2). */
export type SearchLanguage<Field extends string = string> = {
  fields: Readonly<Record<Field, FieldType>>
  operators: Readonly<Record<FieldType, readonly Operator[]>>
  /** What stands before the names of the workspace's own fields, and what such a name is. */
  own: { prefix: string; name: RegExp; shown: string }
  /** Whether a date means a whole day of the workspace's time zone (contacts) or a second. */
  wholeDays: boolean
  /** What a text has to be for some fields, by their names. */
  exact: Readonly<Record<string, Exact>>
  /** What fields are called elsewhere, for the question in an error. */
  otherNames: Readonly<Record<string, string>>
}

/** The words of a text: names for editors to offer. */
type Words<Text extends string, Found = never> = Text extends `${infer Word} ${infer Rest}`
  ? Words<Rest, Found | Trimmed<Word>>
  : Found | Trimmed<Text>
type Trimmed<Word> = Word extends `${infer Text}\n` ? Text : Word extends '' ? never : Word

/** Turns `{ string: 'a b' }` into `{ a: 'string', b: 'string' }`. */
function fieldTable<const Texts extends Partial<Record<FieldType, string>>>(
  byType: Texts,
): Record<Words<Texts[keyof Texts] & string> & string, FieldType> {
  const table: Record<string, FieldType> = Object.create(null)
  for (const [type, names] of Object.entries(byType) as [FieldType, string][]) {
    for (const name of names.split(/\s+/)) if (name !== '') table[name] = type
  }
  return table
}

const text: Operator[] = ['=', '!=', 'IN', 'NIN', '~', '!~', '^', '$']
const choice: Operator[] = ['=', '!=', 'IN', 'NIN']

/** Operators by type that both resources share; numbers and dates differ. */
const sharedOperators = {
  string: text,
  boolean: choice,
  tag: ['=', '!='] satisfies Operator[],
  custom: [...text, '>', '<', '>=', '<='] satisfies Operator[],
}

const attributes = { prefix: 'custom_attributes.', name: /./s, shown: 'custom_attributes.<name>' }

/** The type of a field name, or `undefined` when Intercom cannot search by it. */
export function fieldType(language: SearchLanguage, name: string): FieldType | undefined {
  const { prefix, name: own } = language.own
  if (name.startsWith(prefix)) return own.test(name.slice(prefix.length)) ? 'custom' : undefined
  return language.fields[name]
}

/** What POST /contacts/search understands (docs/intercom-api.md 4.2, 4.3). */
export const contactSearch = {
  own: attributes,
  wholeDays: true,
  exact: exactOfContacts,
  otherNames: contactFieldNames,
  operators: {
    ...sharedOperators,
    integer: ['=', '!=', 'IN', 'NIN', '>', '<', '>=', '<='],
    date: ['=', '>', '<'],
  },
  fields: fieldTable({
    string: `id role name avatar email email_domain phone external_id language_override browser browser_language os
      location.country location.region location.city segment_id
      ios_app_version ios_device ios_app_device ios_os_version ios_app_name ios_sdk_version
      android_app_version android_device android_app_name android_sdk_version andoid_sdk_version`,
    tag: 'tag_id',
    integer: 'owner_id',
    date: `created_at signed_up_at updated_at last_seen_at last_contacted_at last_replied_at last_email_opened_at
      last_email_clicked_at ios_last_seen_at android_last_seen_at`,
    boolean: 'unsubscribed_from_emails marked_email_as_spam has_hard_bounced',
  }),
} satisfies SearchLanguage

/** A field that contacts can be searched by. Any other text compiles, such as `custom_attributes.plan`. */
export type ContactField = keyof (typeof contactSearch)['fields'] | (string & {})

/** What POST /conversations/search understands (docs/intercom-api.md 4.2, 4.4). */
export const conversationSearch = {
  own: attributes,
  wholeDays: false,
  exact: exactOfConversations,
  otherNames: conversationFieldNames,
  operators: {
    ...sharedOperators,
    integer: ['=', '!=', 'IN', 'NIN', '>', '<'],
    date: ['=', '!=', 'IN', 'NIN', '>', '<'],
  },
  fields: fieldTable({
    string: `id source.type source.id source.delivered_as source.subject source.body source.author.id
      source.author.type source.author.name source.author.email source.url contact_ids teammate_ids
      channel_initiated state tag_ids priority statistics.last_closed_by_id conversation_rating.remark
      conversation_rating.contact_id conversation_rating.admin_d conversation_rating.admin_id
      ai_agent.resolution_state ai_agent.last_answer_type ai_agent.rating_remark ai_agent.source_type
      ai_agent.source_title`,
    integer: `admin_assignee_id team_assignee_id statistics.time_to_assignment statistics.time_to_admin_reply
      statistics.time_to_first_close statistics.time_to_last_close statistics.median_time_to_reply
      statistics.count_reopens statistics.count_assignments statistics.count_conversation_parts
      conversation_rating.score ai_agent.rating`,
    boolean: 'open read ai_agent_participated',
    date: `created_at updated_at waiting_since snoozed_until statistics.first_contact_reply_at
      statistics.first_assignment_at statistics.first_admin_reply_at statistics.first_close_at
      statistics.last_assignment_at statistics.last_assignment_admin_reply_at statistics.last_contact_reply_at
      statistics.last_admin_reply_at statistics.last_close_at conversation_rating.requested_at
      conversation_rating.replied_at`,
  }),
} satisfies SearchLanguage

/** A field that conversations can be searched by. Any other text compiles, such as `custom_attributes.plan`. */
export type ConversationField = keyof (typeof conversationSearch)['fields'] | (string & {})

/** What POST /tickets/search understands: dates to the second, ids as text (docs/intercom-api.md 4.5). */
export const ticketSearch = {
  own: { prefix: 'ticket_attribute.', name: /^\d{1,15}$/, shown: 'ticket_attribute.<id>' },
  wholeDays: false,
  exact: exactOfTickets,
  otherNames: ticketFieldNames,
  operators: conversationSearch.operators,
  fields: fieldTable({
    string: `id title description ticket_type_id contact_ids teammate_ids admin_assignee_id team_assignee_id state`,
    boolean: 'open',
    date: 'created_at updated_at snoozed_until',
  }),
} satisfies SearchLanguage

/** A field that tickets can be searched by. Any other text compiles, such as `ticket_attribute.7`. */
export type TicketField = keyof (typeof ticketSearch)['fields'] | (string & {})

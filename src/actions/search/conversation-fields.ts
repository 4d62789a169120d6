import { fieldTable, type SearchLanguage, sharedOperators } from './fields.ts'

/** What POST /conversations/search understands (docs/intercom-api.md 4.2, 4.4). */
export const conversationSearch = {
  wholeDays: false,
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

// The searchable fields (docs/intercom-api.md 4.3, 4.4). No test of its own.
const list = (names: string) => names.trim().split(/\s+/)

/** The fields of each resource; custom attributes are those of the sample. */
export const documentedFields = {
  contacts: list(`
    id role name avatar owner_id email email_domain phone external_id created_at signed_up_at updated_at
    last_seen_at last_contacted_at last_replied_at last_email_opened_at last_email_clicked_at
    language_override browser browser_language os location.country location.region location.city
    unsubscribed_from_emails marked_email_as_spam has_hard_bounced ios_last_seen_at ios_app_version
    ios_device ios_app_device ios_os_version ios_app_name ios_sdk_version android_last_seen_at
    android_app_version android_device android_app_name andoid_sdk_version android_sdk_version
    segment_id tag_id custom_attributes.plan custom_attributes.seats custom_attributes.vip
    custom_attributes.renewal_date
  `),
  conversations: list(`
    id created_at updated_at source.type source.id source.delivered_as source.subject source.body
    source.author.id source.author.type source.author.name source.author.email source.url contact_ids
    teammate_ids tag_ids admin_assignee_id team_assignee_id channel_initiated open read state
    waiting_since snoozed_until priority conversation_rating.requested_at conversation_rating.replied_at
    conversation_rating.score conversation_rating.remark conversation_rating.contact_id
    conversation_rating.admin_d conversation_rating.admin_id ai_agent_participated
    ai_agent.resolution_state ai_agent.last_answer_type ai_agent.rating ai_agent.rating_remark
    ai_agent.source_type ai_agent.source_title custom_attributes.plan statistics.time_to_assignment
    statistics.time_to_admin_reply statistics.time_to_first_close statistics.time_to_last_close
    statistics.median_time_to_reply statistics.count_reopens statistics.count_assignments
    statistics.count_conversation_parts statistics.last_closed_by_id statistics.first_contact_reply_at
    statistics.first_assignment_at statistics.first_admin_reply_at statistics.first_close_at
    statistics.last_assignment_at statistics.last_assignment_admin_reply_at
    statistics.last_contact_reply_at statistics.last_admin_reply_at statistics.last_close_at
  `),
}

/** What an object of one schema must hold: its literal `type`, its keys, and the form of its `id`. */
export interface RequiredKeys {
  readonly section: string
  readonly type?: string
  readonly id?: 'hex24' | 'digits'
  readonly keys: readonly string[]
}

const APPLICATION_KEYS = (platform: string) =>
  ['app_name', 'app_version', 'device', 'os_version', 'sdk_version', 'last_seen_at'].map(
    (key) => `${platform}_${key}`,
  )

const CONVERSATION_KEYS = [
  ...['type', 'id', 'created_at', 'updated_at', 'waiting_since', 'snoozed_until', 'source', 'contacts'],
  ...['first_contact_reply', 'admin_assignee_id', 'team_assignee_id', 'open', 'state', 'read', 'tags'],
  ...['priority', 'sla_applied', 'statistics', 'conversation_rating', 'teammates', 'title'],
  ...['custom_attributes', 'topics', 'linked_objects', 'ai_agent', 'ai_agent_participated'],
]

const REFERENCES = { keys: ['type', 'data', 'url', 'total_count', 'has_more'], type: 'list' } as const

/**
 * The keys that docs/intercom-api.md 2 gives without a `?`, by the place in the description where the
 * object stands. The description itself requires almost nothing, so a forgotten key would pass it.
 */
export const REQUIRED_KEYS: Readonly<Record<string, RequiredKeys>> = {
  error: { section: '1.4', type: 'error.list', keys: ['type', 'request_id', 'errors'] },
  error_without_request_id: { section: '1.4', type: 'error.list', keys: ['type', 'errors'] },
  cursor_pages: { section: '1.6', type: 'pages', keys: ['type', 'page', 'per_page', 'total_pages'] },
  numbered_pages: { section: '1.6', type: 'pages', keys: ['type', 'page', 'per_page', 'total_pages'] },
  pages_link: { section: '1.6', type: 'pages', keys: ['type', 'next', 'page', 'per_page', 'total_pages'] },

  admin: {
    section: '2.1',
    type: 'admin',
    id: 'digits',
    keys: [
      ...['type', 'id', 'name', 'email', 'away_mode_enabled', 'away_mode_reassign'],
      ...['has_inbox_seat', 'team_ids', 'team_priority_level'],
    ],
  },
  admin_list: { section: '2.1', type: 'admin.list', keys: ['type', 'admins'] },
  admin_with_app: {
    section: '2.2',
    type: 'admin',
    id: 'digits',
    keys: ['type', 'id', 'email', 'name', 'email_verified', 'app', 'avatar', 'has_inbox_seat'],
  },
  'admin_with_app.avatar': { section: '2.2', type: 'avatar', keys: ['type', 'image_url'] },
  app: {
    section: '2.2',
    type: 'app',
    keys: [
      ...['type', 'id_code', 'name', 'created_at', 'secure', 'identity_verification'],
      ...['timezone', 'region'],
    ],
  },
  activity_log_list: {
    section: '3.1',
    type: 'activity_log.list',
    keys: ['type', 'pages', 'activity_logs'],
  },
  activity_log: {
    section: '3.1',
    keys: ['id', 'performed_by', 'metadata', 'created_at', 'activity_type', 'activity_description'],
  },

  contact: {
    section: '2.3',
    type: 'contact',
    id: 'hex24',
    keys: [
      ...['type', 'id', 'workspace_id', 'external_id', 'role', 'email', 'phone', 'name', 'avatar'],
      ...['owner_id', 'social_profiles', 'has_hard_bounced', 'marked_email_as_spam'],
      ...['unsubscribed_from_emails', 'created_at', 'updated_at', 'signed_up_at', 'last_seen_at'],
      ...['last_replied_at', 'last_contacted_at', 'last_email_opened_at', 'last_email_clicked_at'],
      ...['language_override', 'browser', 'browser_version', 'browser_language', 'os', 'location'],
      ...APPLICATION_KEYS('android'),
      ...APPLICATION_KEYS('ios'),
      ...['custom_attributes', 'tags', 'notes', 'companies', 'opted_out_subscription_types'],
      ...['opted_in_subscription_types', 'utm_campaign', 'utm_content', 'utm_medium', 'utm_source'],
      ...['utm_term', 'referrer', 'sms_consent', 'unsubscribed_from_sms'],
    ],
  },
  contact_tags: { section: '2.3', ...REFERENCES },
  contact_notes: { section: '2.3', ...REFERENCES },
  contact_companies: { section: '2.3', ...REFERENCES },
  contact_subscription_types: { section: '2.3', ...REFERENCES },
  addressable_list: { section: '2.3', keys: ['id', 'type', 'url'] },
  company_data: { section: '2.3', type: 'company', id: 'hex24', keys: ['id', 'type', 'url'] },
  contact_location: { section: '2.3', type: 'location', keys: ['type', 'country', 'region', 'city'] },
  contact_social_profiles: { section: '2.3', type: 'list', keys: ['type', 'data'] },
  social_profile: { section: '2.3', type: 'social_profile', keys: ['type', 'name', 'url'] },
  contact_deleted: {
    section: '2.3',
    type: 'contact',
    id: 'hex24',
    keys: ['id', 'external_id', 'type', 'deleted'],
  },
  contact_archived: {
    section: '2.3',
    type: 'contact',
    id: 'hex24',
    keys: ['id', 'external_id', 'type', 'archived'],
  },
  contact_unarchived: {
    section: '2.3',
    type: 'contact',
    id: 'hex24',
    keys: ['id', 'external_id', 'type', 'archived'],
  },
  contact_reference: { section: '2.3', type: 'contact', id: 'hex24', keys: ['type', 'id', 'external_id'] },
  contact_list: { section: '3.2', type: 'list', keys: ['type', 'data', 'total_count', 'pages'] },

  note: {
    section: '2.4',
    type: 'note',
    id: 'digits',
    keys: ['type', 'id', 'created_at', 'contact', 'author', 'body'],
  },
  'note.contact': { section: '2.4', type: 'contact', id: 'hex24', keys: ['type', 'id'] },
  note_list: { section: '3.2', type: 'list', keys: ['type', 'data', 'total_count', 'pages'] },

  tag_basic: { section: '2.5', type: 'tag', id: 'digits', keys: ['type', 'id', 'name'] },
  tag: {
    section: '2.5',
    type: 'tag',
    id: 'digits',
    keys: ['type', 'id', 'name', 'applied_at', 'applied_by'],
  },
  tag_list: { section: '2.5', type: 'list', keys: ['type', 'data'] },
  tags: { section: '2.5', type: 'tag.list', keys: ['type', 'tags'] },

  conversation: {
    section: '2.6',
    type: 'conversation',
    id: 'digits',
    keys: [...CONVERSATION_KEYS, 'conversation_parts'],
  },
  conversation_list_item: { section: '2.6', type: 'conversation', id: 'digits', keys: CONVERSATION_KEYS },
  conversation_list: {
    section: '3.5',
    type: 'conversation.list',
    keys: ['type', 'pages', 'total_count', 'conversations'],
  },
  topic_list: { section: '2.6', type: 'topic.list', keys: ['type', 'topics', 'total_count'] },
  conversation_contacts: { section: '2.6', type: 'contact.list', keys: ['type', 'contacts'] },
  conversation_first_contact_reply: {
    section: '2.6',
    type: 'conversation',
    keys: ['created_at', 'type', 'url'],
  },
  sla_applied: {
    section: '2.6',
    type: 'conversation_sla_summary',
    keys: ['type', 'sla_name', 'sla_status'],
  },
  conversation_rating: {
    section: '2.6',
    keys: ['rating', 'remark', 'created_at', 'contact', 'teammate'],
  },
  conversation_teammates: { section: '2.6', type: 'admin.list', keys: ['type', 'admins'] },
  reference: { section: '2.6', keys: ['type', 'id'] },
  linked_object_list: { section: '2.6', type: 'list', keys: ['type', 'data', 'total_count', 'has_more'] },
  linked_object: { section: '2.6', keys: ['type', 'id', 'category'] },
  conversation_parts: {
    section: '2.6',
    type: 'conversation_part.list',
    keys: ['type', 'conversation_parts', 'total_count'],
  },
  conversation_source: {
    section: '2.7',
    id: 'digits',
    keys: ['type', 'id', 'delivered_as', 'subject', 'body', 'author', 'attachments', 'url', 'redacted'],
  },
  conversation_part_author: { section: '2.7, 2.8', keys: ['type', 'id', 'name', 'email'] },
  conversation_part: {
    section: '2.8',
    type: 'conversation_part',
    id: 'digits',
    keys: [
      ...['type', 'id', 'part_type', 'body', 'created_at', 'updated_at', 'notified_at', 'assigned_to'],
      ...['author', 'attachments', 'external_id', 'redacted'],
    ],
  },
  part_attachment: {
    section: '1.8',
    type: 'upload',
    keys: ['type', 'name', 'url', 'content_type', 'filesize', 'width', 'height'],
  },
  conversation_statistics: {
    section: '2.9',
    type: 'conversation_statistics',
    keys: [
      ...['type', 'time_to_assignment', 'time_to_admin_reply', 'time_to_first_close'],
      ...['time_to_last_close', 'median_time_to_reply', 'first_contact_reply_at', 'first_assignment_at'],
      ...['first_admin_reply_at', 'first_close_at', 'last_assignment_at'],
      ...['last_assignment_admin_reply_at', 'last_contact_reply_at', 'last_admin_reply_at'],
      ...['last_close_at', 'last_closed_by_id', 'count_reopens', 'count_assignments'],
      'count_conversation_parts',
    ],
  },

  user_message: {
    section: '2.10',
    type: 'user_message',
    id: 'digits',
    keys: ['type', 'id', 'created_at', 'body', 'message_type', 'conversation_id'],
  },
  admin_message: {
    section: '2.10',
    type: 'admin_message',
    id: 'digits',
    keys: ['type', 'id', 'created_at', 'subject', 'body', 'message_type', 'owner'],
  },
  'admin_message.owner': {
    section: '2.10',
    type: 'admin',
    id: 'digits',
    keys: ['type', 'id', 'name', 'email'],
  },

  company: {
    section: '2.11',
    type: 'company',
    id: 'hex24',
    keys: [
      ...['type', 'company_id', 'id', 'app_id', 'name', 'created_at', 'updated_at', 'monthly_spend'],
      ...['session_count', 'user_count', 'tags', 'segments', 'plan', 'custom_attributes'],
    ],
  },
  'company.tags': { section: '2.11', type: 'tag.list', keys: ['type', 'tags'] },
  'company.segments': { section: '2.11', type: 'segment.list', keys: ['type', 'segments'] },
  company_notes: {
    section: '2.11',
    type: 'note.list',
    keys: ['type', 'data', 'url', 'total_count', 'has_more'],
  },
  company_list: { section: '1.6', type: 'list', keys: ['type', 'data', 'pages', 'total_count'] },
  company_scroll: {
    section: '3.7',
    type: 'list',
    keys: ['type', 'data', 'pages', 'total_count', 'scroll_param'],
  },
  company_attached_contacts: {
    section: '3.7',
    type: 'list',
    keys: ['type', 'data', 'total_count', 'pages'],
  },
  company_attached_segments: { section: '3.7', type: 'list', keys: ['type', 'data'] },
  contact_attached_companies: {
    section: '3.2',
    type: 'list',
    keys: ['type', 'data', 'pages', 'total_count'],
  },
  deleted_company_object: { section: '2.11', id: 'hex24', keys: ['id', 'object', 'deleted'] },

  segment: {
    section: '2.12',
    type: 'segment',
    id: 'hex24',
    keys: ['type', 'id', 'name', 'created_at', 'updated_at', 'person_type'],
  },
  segment_list: { section: '3.8', type: 'segment.list', keys: ['type', 'segments'] },
  contact_segments: { section: '3.2', type: 'list', keys: ['type', 'data'] },
  team: { section: '2.12', type: 'team', id: 'digits', keys: ['type', 'id', 'name', 'admin_ids'] },
  team_list: { section: '3.8', type: 'team.list', keys: ['type', 'teams'] },
  subscription_type: {
    section: '2.12',
    type: 'subscription',
    id: 'digits',
    keys: [
      ...['type', 'id', 'state', 'consent_type', 'default_translation', 'translations'],
      'content_types',
    ],
  },
  translation: { section: '2.12', keys: ['name', 'description', 'locale'] },
  subscription_type_list: { section: '3.9', type: 'list', keys: ['type', 'data'] },
  data_attribute: {
    section: '2.12',
    type: 'data_attribute',
    keys: [
      ...['type', 'model', 'name', 'full_name', 'label', 'data_type', 'api_writable'],
      ...['messenger_writable', 'ui_writable', 'custom', 'archived'],
    ],
  },
  data_attribute_list: { section: '3.10', type: 'list', keys: ['type', 'data'] },
  data_event: {
    section: '2.12',
    type: 'event',
    keys: [...['type', 'event_name', 'created_at', 'user_id', 'id', 'intercom_user_id', 'email', 'metadata']],
  },
  data_event_list: { section: '2.12', type: 'event.list', keys: ['type', 'events', 'pages'] },
  data_event_summary: {
    section: '2.12',
    type: 'event.summary',
    keys: ['type', 'email', 'intercom_user_id', 'user_id', 'events'],
  },
  data_event_summary_item: { section: '2.12', keys: ['name', 'first', 'last', 'count', 'description'] },

  ticket: {
    section: '2.12',
    type: 'ticket',
    id: 'digits',
    keys: [
      ...['type', 'id', 'ticket_id', 'ticket_attributes', 'ticket_state', 'ticket_type', 'contacts'],
      ...['admin_assignee_id', 'team_assignee_id', 'created_at', 'updated_at', 'ticket_parts', 'open'],
      ...['linked_objects', 'category', 'is_shared'],
    ],
  },
  ticket_part: {
    section: '2.13',
    type: 'ticket_part',
    id: 'digits',
    keys: [...['type', 'id', 'part_type', 'created_at', 'updated_at', 'author', 'attachments'], 'redacted'],
  },
  ticket_type: {
    section: '2.13',
    type: 'ticket_type',
    id: 'digits',
    keys: ['type', 'id', 'name', 'description', 'icon', 'archived', 'is_internal', 'category'],
  },
  ticket_state: {
    section: '2.13',
    type: 'ticket_state',
    id: 'digits',
    keys: ['type', 'id', 'category', 'internal_label', 'external_label'],
  },

  article: { section: '2.14', keys: ['statistics'] },
  article_list_item: {
    section: '2.14',
    type: 'article',
    id: 'digits',
    keys: [
      ...['id', 'type', 'workspace_id', 'parent_id', 'parent_type', 'parent_ids', 'title', 'description'],
      ...['body', 'author_id', 'state', 'created_at', 'updated_at', 'url'],
    ],
  },
  article_statistics: {
    section: '2.14',
    type: 'article_statistics',
    keys: [
      ...['type', 'views', 'conversations', 'reactions', 'happy_reaction_percentage'],
      ...['neutral_reaction_percentage', 'sad_reaction_percentage'],
    ],
  },
  article_translated_content: { section: '2.14', type: 'article_translated_content', keys: ['type'] },
  article_content: {
    section: '2.14',
    type: 'article_content',
    keys: ['type', 'title', 'description', 'body', 'author_id', 'state', 'created_at', 'updated_at'],
  },
  article_list: { section: '3.15', type: 'list', keys: ['type', 'pages', 'total_count', 'data'] },
  article_search_response: {
    section: '3.15',
    type: 'list',
    keys: ['type', 'total_count', 'data', 'pages'],
  },
  article_search_highlights: {
    section: '3.15',
    keys: ['article_id', 'highlighted_title', 'highlighted_summary'],
  },
  deleted_article_object: { section: '3.15', keys: ['id', 'object', 'deleted'] },
  collection: {
    section: '2.14',
    id: 'digits',
    keys: [
      ...['id', 'workspace_id', 'name', 'url', 'order', 'created_at', 'updated_at', 'description', 'icon'],
      ...['parent_id', 'help_center_id'],
    ],
  },
  collection_list: { section: '3.16', type: 'list', keys: ['type', 'data', 'total_count', 'pages'] },
  deleted_collection_object: { section: '3.16', keys: ['id', 'object', 'deleted'] },
  group_translated_content: { section: '2.14', type: 'group_translated_content', keys: ['type'] },
  group_content: { section: '2.14', type: 'group_content', keys: ['type', 'name', 'description'] },
  help_center: {
    section: '2.14',
    id: 'digits',
    keys: [
      ...['id', 'workspace_id', 'created_at', 'updated_at', 'identifier', 'website_turned_on'],
      ...['display_name', 'url', 'custom_domain'],
    ],
  },
  help_center_list: { section: '3.16', type: 'list', keys: ['type', 'data'] },
  content_import_source: {
    section: '2.16',
    type: 'content_import_source',
    keys: [...['id', 'type', 'last_synced_at', 'status', 'url', 'sync_behavior', 'created_at', 'updated_at']],
  },
  content_import_sources_list: {
    section: '3.18',
    type: 'list',
    keys: ['type', 'data', 'pages', 'total_count'],
  },
  external_page: {
    section: '2.16',
    type: 'external_page',
    id: 'digits',
    keys: [
      ...['id', 'type', 'title', 'html', 'ai_agent_availability', 'ai_copilot_availability'],
      ...['ai_sales_agent_availability', 'fin_availability', 'locale', 'source_id', 'external_id'],
      ...['created_at', 'updated_at', 'last_ingested_at'],
    ],
  },
  external_pages_list: { section: '3.18', type: 'list', keys: ['type', 'data', 'pages', 'total_count'] },
  news_item: {
    section: '2.15',
    type: 'news-item',
    id: 'digits',
    keys: [
      ...['id', 'type', 'workspace_id', 'title', 'body', 'sender_id', 'state', 'labels', 'cover_image_url'],
      ...['reactions', 'deliver_silently', 'created_at', 'updated_at', 'newsfeed_assignments'],
    ],
  },
  newsfeed_assignment: { section: '2.15', keys: ['newsfeed_id'] },
  newsfeed: {
    section: '2.15',
    type: 'newsfeed',
    id: 'digits',
    keys: ['id', 'type', 'name', 'created_at', 'updated_at'],
  },
  paginated_response: { section: '3.19', type: 'list', keys: ['type', 'pages', 'data', 'total_count'] },
  deleted_object: { section: '3.19', keys: ['id', 'object', 'deleted'] },
  data_export: {
    section: '2.16',
    keys: ['job_identifier', 'status', 'download_url', 'download_expires_at'],
  },
}

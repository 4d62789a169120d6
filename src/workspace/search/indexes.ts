/**
 * The indexes that serve searches: name, then columns in order. A search is found by one of them when it compares
 * the columns for equality, the last of them at will by range.
 */
export const searchIndexes = {
  contacts: [
    ['contact_id', 'contacts.id'],
    ['contact_email', 'email_folded'],
    ['contact_external', 'external_id_folded'],
    ['contact_phone', 'phone'],
    ['contact_name', 'name_folded'],
    ['contact_domain', 'email_domain'],
    ['contact_owner', 'owner_id'],
    ['contact_role', 'role', 'created_at'],
    ['contact_created', 'created_at'],
    ['contact_updated', 'updated_at'],
    ['contact_recent', 'ifnull(last_seen_at, 0)'],
  ],
  conversations: [
    [undefined, 'conversations.id'],
    ['conversation_source', 'source_id'],
    ['conversation_author', 'source_author_id'],
    ['conversation_snoozed', 'snoozed_until'],
    ['conversation_waiting', 'waiting_since'],
    ['conversation_state', 'state', 'updated_at'],
    ['conversation_admin', 'admin_assignee_id', 'updated_at'],
    ['conversation_team', 'team_assignee_id', 'updated_at'],
    ['conversation_created', 'created_at'],
    ['conversation_updated', 'updated_at'],
  ],
} as const satisfies Record<string, readonly (readonly [string | undefined, string, string?])[]>

/** By which of these an order can be walked without sorting. */
export const sortedColumns: ReadonlySet<string> = new Set([
  'created_at',
  'updated_at',
  'ifnull(last_seen_at, 0)',
  'contacts.id',
  'conversations.id',
])

/**
 * Where a conversation stands, without its identity and source: what events change (docs/intercom-api.md 5,
 * 2.9).
 */
export interface Thread {
  readonly created_at: number
  readonly updated_at: number
  readonly waiting_since: number | null
  readonly snoozed_until: number | null
  readonly state: 'open' | 'closed' | 'snoozed'
  /** True while snoozed (docs/intercom-api.md 2.6). */
  readonly open: boolean
  readonly read: boolean
  readonly first_contact_reply_created_at: number | null
  readonly admin_assignee_id: number | null
  readonly team_assignee_id: number | null
  readonly time_to_assignment: number | null
  readonly time_to_admin_reply: number | null
  readonly time_to_first_close: number | null
  readonly time_to_last_close: number | null
  readonly median_time_to_reply: number | null
  readonly first_contact_reply_at: number | null
  readonly first_assignment_at: number | null
  readonly first_admin_reply_at: number | null
  readonly first_close_at: number | null
  readonly last_assignment_at: number | null
  readonly last_assignment_admin_reply_at: number | null
  readonly last_contact_reply_at: number | null
  readonly last_admin_reply_at: number | null
  readonly last_close_at: number | null
  readonly last_closed_by_id: number | null
  readonly count_reopens: number
  readonly count_assignments: number
  readonly count_conversation_parts: number
  readonly reply_times: readonly number[]
}

const untouched = {
  snoozed_until: null,
  admin_assignee_id: null,
  team_assignee_id: null,
  time_to_assignment: null,
  time_to_admin_reply: null,
  time_to_first_close: null,
  time_to_last_close: null,
  median_time_to_reply: null,
  first_assignment_at: null,
  first_admin_reply_at: null,
  first_close_at: null,
  last_assignment_at: null,
  last_assignment_admin_reply_at: null,
  last_admin_reply_at: null,
  last_close_at: null,
  last_closed_by_id: null,
  count_reopens: 0,
  count_assignments: 0,
  count_conversation_parts: 1,
  reply_times: [],
} as const

/**
 * A conversation that a contact opened: open, and the contact waits from the start (docs/intercom-api.md 5).
 */
export function startedByContact(at: number): Thread {
  return {
    ...untouched,
    created_at: at,
    updated_at: at,
    waiting_since: at,
    state: 'open',
    open: true,
    read: true,
    first_contact_reply_created_at: at,
    first_contact_reply_at: at,
    last_contact_reply_at: at,
  }
}

/** A conversation that an admin's message opened: closed until the contact answers (docs/intercom-api.md 5). */
export function startedByAdmin(at: number): Thread {
  return {
    ...untouched,
    created_at: at,
    updated_at: at,
    waiting_since: null,
    state: 'closed',
    open: false,
    read: false,
    first_contact_reply_created_at: null,
    first_contact_reply_at: null,
    last_contact_reply_at: null,
  }
}

import type { NewPart } from '../store/conversation-tables.ts'
import type { ThreadEvent } from './event.ts'
import { adminReplied, assigned, closed, later } from './statistics.ts'
import type { Thread } from './thread.ts'

/** A part that an event added, before it has a conversation and an id. */
export type PartDraft = Omit<NewPart, 'conversation_id'>

/**
 * The state machine of docs/intercom-api.md 5: what an event makes of a thread, and the part it leaves
 * behind. Pure; storing both is the caller's business.
 */
export function advance(thread: Thread, event: ThreadEvent): { thread: Thread; part: PartDraft } {
  const { changes, ...part } = effect(thread, event)
  const author = authorOf(event)
  return {
    thread: {
      ...thread,
      // A reply may be dated back (created_at); the conversation does not grow younger by it.
      updated_at: Math.max(thread.updated_at, event.at),
      count_conversation_parts: thread.count_conversation_parts + 1,
      ...changes,
    },
    part: { ...part, created_at: event.at, ...author },
  }
}

type Effect = Pick<
  PartDraft,
  'part_type' | 'body' | 'attachments' | 'assigned_to_type' | 'assigned_to_id'
> & {
  changes: Partial<Thread>
}

const awake = { state: 'open', open: true, snoozed_until: null } as const

function effect(thread: Thread, event: ThreadEvent): Effect {
  switch (event.type) {
    case 'contact_reply': {
      const reopens = thread.state !== 'open'
      return {
        // A reply that reopens is a part of type `open` with the body (docs/intercom-api.md 5).
        part_type: event.quick ? 'quick_reply' : reopens ? 'open' : 'comment',
        body: event.body,
        attachments: event.attachments ?? [],
        changes: {
          ...awake,
          ...reopened(thread),
          waiting_since: reopens ? event.at : (thread.waiting_since ?? event.at),
          read: reopens ? false : thread.read,
          first_contact_reply_created_at: thread.first_contact_reply_created_at ?? event.at,
          first_contact_reply_at: thread.first_contact_reply_at ?? event.at,
          last_contact_reply_at: later(thread.last_contact_reply_at, event.at),
        },
      }
    }
    case 'admin_comment':
      return {
        part_type: event.quick ? 'quick_reply' : thread.state === 'closed' ? 'open' : 'comment',
        body: event.body,
        attachments: event.attachments ?? [],
        changes: {
          ...awake,
          ...reopened(thread),
          ...adminReplied(thread, event.at),
          waiting_since: null,
          read: false,
        },
      }
    case 'admin_note':
      return {
        part_type: 'note',
        body: event.body,
        attachments: event.attachments ?? [],
        // A note leaves a closed conversation closed and wakes a snoozed one (docs/intercom-api.md 5).
        changes: thread.state === 'snoozed' ? awake : {},
      }
    case 'close':
      return {
        part_type: 'close',
        body: event.body ?? null,
        changes: {
          state: 'closed',
          open: false,
          waiting_since: null,
          snoozed_until: null,
          ...closed(thread, event.at, event.admin_id),
        },
      }
    case 'snooze':
      return {
        part_type: 'snoozed',
        body: null,
        changes: { state: 'snoozed', open: true, waiting_since: null, snoozed_until: event.until },
      }
    case 'open':
      return {
        part_type: 'open',
        body: null,
        changes: { ...awake, ...reopened(thread), waiting_since: unansweredSince(thread) ?? event.at },
      }
    case 'assign':
      return assignment(thread, event)
    case 'wake':
      return {
        part_type: 'timer_unsnooze',
        body: null,
        changes: { ...awake, waiting_since: unansweredSince(thread) ?? event.at },
      }
    case 'attribute_updated':
      return wordless('conversation_attribute_updated_by_admin')
    case 'ticket_state_updated':
      return wordless('ticket_state_updated_by_admin')
    case 'ticket_attribute_updated':
      return wordless('ticket_attribute_updated_by_admin')
    case 'tags_updated':
      return wordless('conversation_tags_updated')
    case 'company_updated':
    case 'participant_added':
    case 'participant_removed':
      return wordless(event.type)
    case 'default_assignment':
    case 'away_mode_assignment':
      return {
        part_type: event.type,
        body: null,
        assigned_to_type: 'nobody_admin',
        assigned_to_id: null,
        changes: {
          admin_assignee_id: null,
          team_assignee_id: event.type === 'default_assignment' ? null : thread.team_assignee_id,
        },
      }
  }
}

/** A part without words that changes nothing but the time and the count. */
function wordless(part_type: string): Effect {
  return { part_type, body: null, changes: {} }
}

function assignment(thread: Thread, event: Extract<ThreadEvent, { type: 'assign' }>): Effect {
  const { to } = event
  const wasClosed = thread.state === 'closed'
  return {
    part_type: wasClosed ? 'assign_and_reopen' : 'assignment',
    body: event.body ?? null,
    assigned_to_type: to.id === null ? 'nobody_admin' : to.type,
    assigned_to_id: to.id === null ? null : String(to.id),
    changes: {
      ...(wasClosed ? { ...awake, ...reopened(thread) } : {}),
      ...(to.type === 'team' ? { team_assignee_id: to.id } : { admin_assignee_id: to.id }),
      ...(to.id === null ? {} : assigned(thread, event.at)),
    },
  }
}

function reopened(thread: Thread): Partial<Thread> {
  return thread.state === 'closed' ? { count_reopens: thread.count_reopens + 1 } : {}
}

/**
 * The last reply of the contact that no admin answered; what `open` restores `waiting_since` to (recorded).
 */
function unansweredSince(thread: Thread): number | null {
  const reply = thread.last_contact_reply_at
  return reply !== null && reply >= (thread.last_admin_reply_at ?? -1) ? reply : null
}

function authorOf(event: ThreadEvent): { author_type: string; author_id: string } {
  switch (event.type) {
    case 'contact_reply':
      return { author_type: event.contact.type, author_id: event.contact.id }
    case 'attribute_updated':
    case 'away_mode_assignment':
    case 'company_updated':
    case 'default_assignment':
    case 'ticket_attribute_updated':
    case 'ticket_state_updated':
    case 'wake':
      return { author_type: 'bot', author_id: String(event.bot_id) }
    case 'participant_added':
    case 'participant_removed':
      return { author_type: event.by.type, author_id: String(event.by.id) }
    default: {
      const byBot = 'by_bot' in event && event.by_bot === true
      return { author_type: byBot ? 'bot' : 'admin', author_id: String(event.admin_id) }
    }
  }
}

import { bindable } from '../store/columns.ts'
import type { ConversationRow } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'
import { followConversation } from '../store/tickets.ts'
import { advance, type PartDraft } from './advance.ts'
import type { ThreadEvent } from './event.ts'
import type { Thread } from './thread.ts'

/** The thread that a stored conversation stands for. */
function threadOf(row: ConversationRow): Thread {
  const times: unknown = JSON.parse(row.reply_times)
  return {
    ...row,
    state: row.state === 'closed' || row.state === 'snoozed' ? row.state : 'open',
    open: row.open === 1,
    read: row.read === 1,
    reply_times: Array.isArray(times) ? times.filter((time) => typeof time === 'number') : [],
  }
}

/**
 * Lets an event happen to a stored conversation: the part, the changed columns, and what it does to the people
 * in it (docs/intercom-api.md 5: `last_replied_at`, `last_contacted_at`, `teammates`); what is dated back
 * turns no clock of theirs back. Gives the row as it is now. Inside a write.
 */
export function record(store: Store, row: ConversationRow, event: ThreadEvent): ConversationRow {
  const before = threadOf(row)
  const { thread, part } = advance(before, event)
  addPart(store, row.id, part, event)
  const changes = setThread(store, row, before, thread)
  followConversation(store, row.id)
  noteReply(store, 'conversation', row.id, event)
  return { ...row, ...changes }
}

/** Adds what an event left behind; a change of a ticket's state says from what to what. */
export function addPart(store: Store, id: number, part: PartDraft, event: ThreadEvent): void {
  const part_id = store.insertPart({ ...part, conversation_id: id })
  if (event.type !== 'ticket_state_updated') return
  const { to, from } = event
  store.insert('ticket_part_states', { part_id, ticket_state: to, previous_ticket_state: from })
}

/** What a reply does to the people of a thread. */
export function noteReply(store: Store, of: 'conversation' | 'ticket', id: number, event: ThreadEvent): void {
  if (event.type === 'contact_reply') {
    store.db.run(
      `UPDATE contacts SET last_replied_at = max(coalesce(last_replied_at, 0), ?),
       updated_at = max(coalesce(updated_at, 0), ?) WHERE id = ?`,
      event.at,
      event.at,
      event.contact.id,
    )
  } else if (event.type === 'admin_comment') {
    store.db.run(
      `INSERT OR IGNORE INTO ${of}_teammates (${of}_id, admin_id) VALUES (?, ?)`,
      id,
      event.admin_id,
    )
    store.db.run(
      `UPDATE contacts SET last_contacted_at = max(coalesce(last_contacted_at, 0), ?)
       WHERE seq IN (SELECT contact_seq FROM ${of}_contacts WHERE ${of}_id = ?)`,
      event.at,
      id,
    )
  }
}

/** Writes only what changed: an index is touched only when its column is. */
function setThread(
  store: Store,
  row: ConversationRow,
  before: Thread,
  after: Thread,
): Partial<ConversationRow> {
  const old: Readonly<Record<string, unknown>> = { ...before }
  const changed = Object.entries(after)
    .filter(([name, value]) => old[name] !== value)
    .map(([name, value]) => [name, bindable(value)] as const)
  const columns = Object.fromEntries(changed)
  if (changed.length > 0) store.update('conversations', row.id, row, columns)
  return columns
}

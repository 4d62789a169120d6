import { seconds } from '../clock.ts'
import type { ConversationRow } from '../store/conversation-tables.ts'
import type { Store } from '../store/store.ts'
import { announce } from '../webhooks/announce.ts'
import { conversationWithPart } from '../webhooks/items.ts'
import { record } from './record.ts'
import { recordOnTicket, ticketRow } from './record-ticket.ts'

/** So many wake in one transaction, and are held in memory. */
const batch = 500

/**
 * Opens the conversations and tickets whose snooze has run out, in the order in which they do, each at its own second
 * (docs/intercom-api.md 5: part `timer_unsnooze`). Nothing due costs one look at an index. Gives how many
 * woke.
 */
export function wakeSnoozed(store: Store): number {
  let woken = 0
  // Searches that lag see each of them in its own time.
  const size = store.lagging === undefined ? batch : 1
  for (;;) {
    const now = seconds(store.clock)
    const due = store.db.all<{ id: number; at: number; isTicket: number }>(
      `SELECT id, max(snoozed_until, updated_at) AS at, snoozed_until, 0 AS isTicket FROM conversations
       WHERE snoozed_until IS NOT NULL AND snoozed_until <= ?
       UNION ALL
       SELECT id, max(snoozed_until, updated_at), snoozed_until, 1 FROM tickets
       WHERE snoozed_until IS NOT NULL AND snoozed_until <= ? AND NOT converted
       ORDER BY snoozed_until, id LIMIT ?`,
      now,
      now,
      size,
    )
    const [first] = due
    if (first === undefined) return woken
    store.history.by({ cause: 'clock' }, () =>
      store.write(() => {
        const bot = store.db.number('SELECT id FROM admins WHERE is_bot = 1')
        for (const { id, at, isTicket } of due) {
          if (isTicket) recordOnTicket(store, ticketRow(store, id), { type: 'wake', at, bot_id: bot })
          else wake(store, id, bot)
        }
      }, first.at * 1000),
    )
    woken += due.length
  }
}

function wake(store: Store, id: number, botId: number): void {
  const row = store.db.get<ConversationRow>('SELECT * FROM conversations WHERE id = ?', id)
  if (row?.snoozed_until === undefined || row.snoozed_until === null) return
  // Who snoozes into the past wakes at once, but not before the snooze.
  const at = Math.max(row.snoozed_until, row.updated_at)
  record(store, row, { type: 'wake', at, bot_id: botId })
  announce({ store }, 'conversation.admin.unsnoozed', () => conversationWithPart(store, id))
}

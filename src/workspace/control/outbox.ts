import { bodyToHtml, plainText } from '../html.ts'
import { firstIds } from '../ids.ts'
import type { Store } from '../store/store.ts'
import { reachingParts } from '../threads/reaches.ts'

/** A message as its recipients see it. */
export interface SentMessage {
  readonly id: string
  /** `message` for `POST /messages`, `reply` for an admin's part in a conversation. */
  readonly type: 'message' | 'reply'
  readonly channel: 'inapp' | 'email'
  readonly from: { readonly name: string; readonly email: string }
  readonly to: readonly { readonly id: string; readonly name: string | null; readonly email: string | null }[]
  readonly subject: string | null
  readonly html: string
  readonly text: string
  /** Null for a message without a reply: it has no conversation (docs/intercom-api.md 3.6). */
  readonly conversation_id: string | null
  readonly created_at: number
}

interface SentRow {
  id: number
  channel: string
  admin_id: number
  subject: string | null
  body: string
  conversation_id: number | null
  contact_seq: number | null
  created_at: number
}

/** How many parts are searched for replies. */
const partsLookedAt = 20_000

/** The latest messages and replies of admins, newest first, without notes, redacted and empty parts. */
export function outbox(store: Store, limit: number): SentMessage[] {
  const messages = store.db
    .all<SentRow>(
      `SELECT id, message_type AS channel, admin_id, subject, body, conversation_id, contact_seq, created_at
       FROM messages WHERE id < ? AND kind = 'admin_message' ORDER BY id DESC LIMIT ?`,
      firstIds.messages,
      limit,
    )
    .map((row) => sent(store, 'message', { ...row, body: bodyToHtml(row.body) }))
  const replies = store.db
    .all<SentRow>(
      `SELECT p.id, c.source_type AS channel, CAST(p.author_id AS INTEGER) AS admin_id, NULL AS subject, p.body,
         p.conversation_id, NULL AS contact_seq, p.created_at
       FROM conversation_parts p JOIN conversations c ON c.id = p.conversation_id
       WHERE p.id > (SELECT max(id) FROM conversation_parts) - ? AND p.author_type = 'admin'
         AND ${reachingParts} AND p.redacted = 0
       ORDER BY p.id DESC LIMIT ?`,
      partsLookedAt,
      limit,
    )
    .map((row) => sent(store, 'reply', row))
  return [...messages, ...replies].toSorted((a, b) => b.created_at - a.created_at).slice(0, limit)
}

function sent(store: Store, type: 'message' | 'reply', row: SentRow): SentMessage {
  const from = store.db.get<SentMessage['from']>('SELECT name, email FROM admins WHERE id = ?', row.admin_id)
  return {
    id: String(row.id),
    type,
    channel: row.channel === 'email' ? 'email' : 'inapp',
    from: from ?? { name: '', email: '' },
    to: recipients(store, row),
    subject: row.subject,
    html: row.body,
    text: plainText(row.body),
    conversation_id: row.conversation_id === null ? null : String(row.conversation_id),
    created_at: row.created_at,
  }
}

function recipients(store: Store, row: SentRow): SentMessage['to'] {
  if (row.contact_seq !== null) {
    return store.db.all('SELECT id, name, email FROM contacts WHERE seq = ?', row.contact_seq)
  }
  return store.db.all(
    `SELECT id, name, email FROM conversation_contacts JOIN contacts ON seq = contact_seq
     WHERE conversation_id = ? ORDER BY seq LIMIT 50`,
    row.conversation_id,
  )
}

import { bindable } from './columns.ts'
import { countInCompanies } from './companies.ts'
import type { ContactRow } from './contact-tables.ts'
import { moveSummaries } from './event-summaries.ts'
import { foldedContact } from './folded-contact.ts'
import type { Store } from './store.ts'

/** What a user takes over from a lead when it has none of its own (docs/intercom-api.md 3.2). */
const inherited = [
  ...(['phone', 'name', 'avatar', 'owner_id', 'signed_up_at', 'language_override', 'browser'] as const),
  ...(['browser_version', 'browser_language', 'os', 'country', 'region', 'city'] as const),
  ...(['country_code', 'continent_code'] as const),
]

/** Times of which the later one counts. */
const latest = [
  ...(['last_seen_at', 'last_replied_at', 'last_contacted_at'] as const),
  ...(['last_email_opened_at', 'last_email_clicked_at'] as const),
]

/** Moves everything of one contact to another, whose own values win, and lets the first be merged. */
export function moveContact(
  store: Store,
  from: ContactRow,
  into: ContactRow,
  takesEmail: boolean,
  at: number,
): void {
  const { db } = store
  const columns: Record<string, unknown> = { updated_at: at }
  for (const name of inherited) columns[name] = into[name] ?? from[name]
  for (const name of latest) columns[name] = Math.max(into[name] ?? 0, from[name] ?? 0) || null
  const next = {
    name: into.name ?? from.name,
    email: into.email ?? (takesEmail ? from.email : null),
    external_id: into.external_id,
  }
  const custom = { ...JSON.parse(from.custom_attributes), ...JSON.parse(into.custom_attributes) }
  const details = { ...JSON.parse(from.details), ...JSON.parse(into.details) }
  Object.assign(columns, next, foldedContact(next), { custom_attributes: custom, details })
  const names = Object.keys(columns).map((name) => `${name} = ?`)
  const values = Object.values(columns).map(bindable)
  db.run(`UPDATE contacts SET ${names.join(', ')} WHERE seq = ?`, ...values, into.seq)
  moveLinks(store, from.seq, into.seq)
  store.setContactAttributes(into.seq, custom)
  db.run('DELETE FROM contact_attributes WHERE contact_seq = ?', from.seq)
  signConversations(store, from, { ...into, ...next })
  db.run(
    `UPDATE contacts SET standing = 'merged', merged_into = ?, updated_at = ? WHERE seq = ?`,
    into.id,
    at,
    from.seq,
  )
}

function moveLinks(store: Store, from: number, into: number): void {
  const { db } = store
  countInCompanies(store, from, -1)
  countInCompanies(store, into, -1)
  const shared = [
    'contact_tags',
    'contact_companies',
    'contact_subscriptions',
    'conversation_contacts',
    'ticket_contacts',
    'events',
  ]
  // What both have stays the target's.
  for (const table of shared) {
    db.run(`UPDATE OR IGNORE ${table} SET contact_seq = ? WHERE contact_seq = ?`, into, from)
    db.run(`DELETE FROM ${table} WHERE contact_seq = ?`, from)
  }
  countInCompanies(store, into, 1)
  db.run('UPDATE notes SET contact_seq = ? WHERE contact_seq = ?', into, from)
  moveSummaries(store, from, into)
}

/** What the lead wrote is the user's now. */
function signConversations(store: Store, from: ContactRow, into: ContactRow): void {
  const mine = 'SELECT conversation_id FROM conversation_contacts WHERE contact_seq = ?'
  const tickets = 'SELECT ticket_id FROM ticket_contacts WHERE contact_seq = ?'
  store.db.run(
    `UPDATE conversation_parts SET author_type = 'user', author_id = ?
     WHERE conversation_id IN (${mine} UNION ${tickets}) AND author_id = ?`,
    into.id,
    into.seq,
    into.seq,
    from.id,
  )
  store.partsEdition += 1
  store.db.run(
    `UPDATE messages SET contact_seq = ? WHERE contact_seq = ? AND id IN
       (SELECT CAST(source_id AS INTEGER) FROM conversations WHERE id IN (${mine}))`,
    into.seq,
    from.seq,
    into.seq,
  )
  store.db.run(
    `UPDATE conversations SET source_author_type = 'user', source_author_id = ?, source_author_name = ?,
       source_author_email = ? WHERE source_author_id = ?`,
    into.id,
    into.name,
    into.email,
    from.id,
  )
}

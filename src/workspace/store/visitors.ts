import { randomUUID } from 'node:crypto'
import { seconds } from '../clock.ts'
import { bindable } from './columns.ts'
import type { ContactRow } from './contact-tables.ts'
import { foldedContact } from './folded-contact.ts'
import type { Store } from './store.ts'

/** Adds somebody who opened the Messenger, at the workspace's present time; `external_id` is their `user_id`. */
export function insertVisitor(
  store: Store,
  given: { external_id?: string | undefined; name?: string | undefined; email?: string | undefined },
): { id: string; external_id: string } {
  const external_id = given.external_id ?? randomUUID()
  const { name = null, email = null } = given
  const created_at = seconds(store.clock)
  const row = { role: 'visitor', standing: 'visitor', external_id, name, email, created_at }
  return { id: store.insertContact(row).id, external_id }
}

/** Lets a visitor become a contact, who keeps the id and all that hangs on it. */
export function setIdentity(
  store: Store,
  row: ContactRow,
  next: { role: 'user' | 'lead'; external_id: string | null; email: string | null },
): void {
  const at = seconds(store.clock)
  const columns: Record<string, unknown> = {
    ...next,
    ...foldedContact({ ...next, name: row.name }),
    standing: 'active',
    signed_up_at: row.signed_up_at ?? (next.role === 'user' ? at : null),
    updated_at: at,
  }
  const names = Object.keys(columns).map((name) => `${name} = ?`)
  const values = Object.values(columns).map(bindable)
  store.db.run(`UPDATE contacts SET ${names.join(', ')} WHERE seq = ?`, ...values, row.seq)
}

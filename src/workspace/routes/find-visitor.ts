import { notFound } from '../http/api-error.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import { fold } from '../store/fold.ts'
import type { Store } from '../store/store.ts'

/** Any of the identifiers of a visitor or contact; the first one given counts. */
export interface Identifiers {
  readonly id?: string | null | undefined
  readonly user_id?: string | null | undefined
  readonly email?: string | null | undefined
}

/** A visitor; of several with one e-mail the newest. */
export function visitorNamed(store: Store, { id, user_id, email }: Identifiers): ContactRow | undefined {
  const select = `SELECT * FROM contacts WHERE standing = 'visitor'`
  if (id) return store.db.get<ContactRow>(`${select} AND id = ?`, id)
  if (user_id) {
    const sql = `${select} AND external_id_folded = ? AND external_id = ?`
    return store.db.get<ContactRow>(sql, fold(user_id), user_id)
  }
  if (!email) return undefined
  return store.db.get<ContactRow>(`${select} AND email_folded = ? ORDER BY seq DESC LIMIT 1`, fold(email))
}

/** A visitor, or 404 (docs/intercom-api.md 3.13). */
export function findVisitor(store: Store, identifiers: Identifiers): ContactRow {
  const row = visitorNamed(store, identifiers)
  if (row === undefined) throw notFound('Visitor Not Found')
  return row
}

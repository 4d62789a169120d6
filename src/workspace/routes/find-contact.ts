import { seconds } from '../clock.ts'
import { notFound } from '../http/api-error.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import { fold } from '../store/fold.ts'
import { graceSeconds } from '../store/purge.ts'
import type { Store } from '../store/store.ts'

/**
 * An active contact; archived, deleted and merged ones are 404 like unknown ones (docs/intercom-api.md 3.2).
 */
export function activeContact(store: Store, id: string | undefined, message = 'User Not Found'): ContactRow {
  const row = anyContact(store, id)
  if (row === undefined || row.standing !== 'active') throw notFound(message)
  return row
}

/** A contact whatever its standing. */
export function anyContact(store: Store, id: string | undefined): ContactRow | undefined {
  if (id === undefined || id.length !== 24) return undefined
  return store.db.get<ContactRow>('SELECT * FROM contacts WHERE id = ?', id)
}

/** An active contact by its external id, exactly as given. */
export function contactByExternalId(store: Store, externalId: string): ContactRow | undefined {
  return store.db.get<ContactRow>(
    `SELECT * FROM contacts WHERE external_id_folded = ? AND external_id = ? AND standing = 'active'`,
    fold(externalId),
    externalId,
  )
}

/** Active contacts that share an e-mail; a user comes before leads, the newest first. */
export function contactByEmail(store: Store, email: string): ContactRow | undefined {
  return store.db.get<ContactRow>(
    `SELECT * FROM contacts WHERE email_folded = ? AND standing = 'active'
     ORDER BY role = 'user' DESC, seq DESC LIMIT 1`,
    fold(email),
  )
}

/**
 * The contact whose identifiers a new or changed one would take (docs/intercom-api.md 3.2): any with the
 * external id, and among users one with the e-mail. Leads never collide by e-mail. Merged contacts hold
 * nothing.
 */
export function colliding(
  store: Store,
  wanted: { role: string; external_id: string | null; email: string | null },
  selfSeq: number,
): ContactRow | undefined {
  const grace = seconds(store.clock) - graceSeconds
  const holds = `seq <> ? AND (standing IN ('active', 'archived') OR (standing = 'deleted' AND deleted_at > ?))`
  if (wanted.external_id !== null) {
    const row = store.db.get<ContactRow>(
      `SELECT * FROM contacts WHERE external_id_folded = ? AND external_id = ? AND ${holds}
       ORDER BY standing, seq LIMIT 1`,
      fold(wanted.external_id),
      wanted.external_id,
      selfSeq,
      grace,
    )
    if (row !== undefined) return row
  }
  if (wanted.email === null || wanted.role !== 'user') return undefined
  return store.db.get<ContactRow>(
    `SELECT * FROM contacts WHERE email_folded = ? AND role = 'user' AND ${holds} ORDER BY standing, seq LIMIT 1`,
    fold(wanted.email),
    selfSeq,
    grace,
  )
}

/** Whether a deleted contact could still be found by its id in an archive operation. */
export function inGrace(store: Store, row: ContactRow): boolean {
  return row.standing === 'deleted' && (row.deleted_at ?? 0) > seconds(store.clock) - graceSeconds
}

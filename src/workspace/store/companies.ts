import { contactId, machineDigits } from '../ids.ts'
import type { CompanyRow, NewCompany } from './company-tables.ts'
import type { Store } from './store.ts'

/**
 * Adds a company and gives it its key and id. Ids of companies have machine digits of their own, so that none
 * is also a contact's (docs/intercom-api.md 1.7).
 */
export function insertCompany(
  store: Store,
  company: NewCompany & { id?: string | undefined },
): { seq: number; id: string } {
  const seq = store.nextId('companies')
  const id = company.id ?? contactId(company.created_at, machineDigits(`${store.app.id_code}/companies`), seq)
  store.insert('companies', { ...company, seq, id })
  return { seq, id }
}

/** The id of a plan by its name; one that nobody has named yet is made. */
export function planNamed(store: Store, name: string): number {
  const known = store.db.number('SELECT id FROM company_plans WHERE name = ?', name)
  if (known !== 0) return known
  const id = store.nextId('company_plans')
  store.insert('company_plans', { id, name })
  return id
}

/** Puts a contact into a company; false when it is there already. */
export function attach(store: Store, contactSeq: number, company: CompanyRow, at: number): boolean {
  const added = store.db.run(
    'INSERT OR IGNORE INTO contact_companies (contact_seq, company_seq, attached_at) VALUES (?, ?, ?)',
    contactSeq,
    company.seq,
    at,
  )
  if (added === 0) return false
  countMembers(store, company.seq, 1)
  companiesSeen(store, contactSeq)
  return true
}

/** Takes a contact out of a company; false when it is not in it. */
export function detach(store: Store, contactSeq: number, company: CompanyRow): boolean {
  const sql = 'DELETE FROM contact_companies WHERE contact_seq = ? AND company_seq = ?'
  if (store.db.run(sql, contactSeq, company.seq) === 0) return false
  countMembers(store, company.seq, -1)
  return true
}

function countMembers(store: Store, companySeq: number, change: 1 | -1): void {
  store.db.run('UPDATE companies SET user_count = user_count + ? WHERE seq = ?', change, companySeq)
}

/** A contact came (1) or went (-1): its companies count only those that are active. */
export function countInCompanies(store: Store, contactSeq: number, change: 1 | -1): void {
  store.db.run(
    `UPDATE companies SET user_count = user_count + ?
     WHERE seq IN (SELECT company_seq FROM contact_companies WHERE contact_seq = ?)`,
    change,
    contactSeq,
  )
}

/** A company was last seen when the last of its people was (docs/intercom-api.md 3.7). */
export function companiesSeen(store: Store, contactSeq: number): void {
  const seen = 'SELECT last_seen_at FROM contacts WHERE contacts.seq = ?'
  store.db.run(
    `UPDATE companies SET last_request_at = (${seen})
     WHERE ifnull(last_request_at, 0) < (${seen})
       AND seq IN (SELECT company_seq FROM contact_companies WHERE contact_seq = ?)`,
    contactSeq,
    contactSeq,
    contactSeq,
  )
}

/** Everything of a company, for good. Its people stay. */
export function deleteCompany(store: Store, seq: number): void {
  for (const table of ['contact_companies', 'company_tags']) {
    store.db.run(`DELETE FROM ${table} WHERE company_seq = ?`, seq)
  }
  store.db.run('DELETE FROM companies WHERE seq = ?', seq)
}

import { ApiError } from '../http/api-error.ts'
import type { CompanyRow } from '../store/company-tables.ts'
import type { Store } from '../store/store.ts'

/** 404 `company_not_found` (docs/intercom-api.md 3.7). */
export function companyNotFound(): ApiError {
  return new ApiError(404, 'company_not_found', 'Company Not Found')
}

/** A company by Intercom's id. */
export function findCompany(store: Store, id: unknown): CompanyRow {
  const row =
    typeof id === 'string' && id.length === 24
      ? store.db.get<CompanyRow>('SELECT * FROM companies WHERE id = ?', id)
      : undefined
  if (row === undefined) throw companyNotFound()
  return row
}

/** A company by the customer's own id, exactly as given. */
export function companyByOwnId(store: Store, companyId: string): CompanyRow | undefined {
  return store.db.get<CompanyRow>('SELECT * FROM companies WHERE company_id = ?', companyId)
}

/** A company by its name, exactly as given; names are not unique, the oldest answers. */
export function companyByName(store: Store, name: string): CompanyRow | undefined {
  return store.db.get<CompanyRow>('SELECT * FROM companies WHERE name = ? ORDER BY seq LIMIT 1', name)
}

import { escapeName } from '../entities.ts'
import type { CompanyRow } from '../store/company-tables.ts'
import type { Store } from '../store/store.ts'
import { parseObject } from './contact.ts'
import { basicTag } from './tag.ts'

function plan(store: Store, id: number | null) {
  const row =
    id === null
      ? undefined
      : store.db.get<{ id: number; name: string }>('SELECT * FROM company_plans WHERE id = ?', id)
  return row === undefined ? {} : { type: 'plan', id: String(row.id), name: row.name }
}

/**
 * A company in the key order of live answers: what is not set is absent, a missing plan is an empty object
 * (docs/intercom-api.md 2.11). No segment of ours holds companies.
 */
export function company(store: Store, row: CompanyRow) {
  const tags = store.db.all<{ id: number; name: string }>(
    `SELECT tags.id, tags.name FROM company_tags JOIN tags ON tags.id = tag_id
     WHERE company_seq = ? ORDER BY applied_at, tags.id`,
    row.seq,
  )
  return {
    type: 'company',
    company_id: row.company_id,
    id: row.id,
    app_id: store.app.id_code,
    name: escapeName(row.name),
    ...(row.remote_created_at === null ? {} : { remote_created_at: row.remote_created_at }),
    created_at: row.created_at,
    updated_at: row.updated_at,
    ...(row.last_request_at === null ? {} : { last_request_at: row.last_request_at }),
    monthly_spend: row.monthly_spend,
    session_count: row.session_count,
    user_count: row.user_count,
    ...(row.size === null ? {} : { size: row.size }),
    ...(row.website === null ? {} : { website: row.website }),
    ...(row.industry === null ? {} : { industry: row.industry }),
    tags: { type: 'tag.list', tags: tags.map(basicTag) },
    segments: { type: 'segment.list', segments: [] },
    plan: plan(store, row.plan_id),
    custom_attributes: parseObject(row.custom_attributes),
  }
}

/** The answer to attaching and detaching: with the notes of a company, of which there are none (recorded). */
export function companyWithNotes(store: Store, row: CompanyRow) {
  const notes = {
    type: 'note.list',
    data: [],
    url: `/companies/${row.id}/notes`,
    total_count: 0,
    has_more: false,
  }
  return { ...company(store, row), notes }
}

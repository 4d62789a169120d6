import { seconds } from '../clock.ts'
import { badParameter, invalid } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { type Input, noInput } from '../http/input.ts'
import { company } from '../shapes/company.ts'
import { parseObject } from '../shapes/contact.ts'
import { bindable } from '../store/columns.ts'
import { deleteCompany, insertCompany, planNamed } from '../store/companies.ts'
import type { CompanyRow } from '../store/company-tables.ts'
import type { Store } from '../store/store.ts'
import { announce } from '../webhooks/announce.ts'
import { mergeAttributes } from './custom-attributes.ts'
import { companyByOwnId, findCompany } from './find-company.ts'

/**
 * Everything that docs/intercom-api.md 3.7 names; anything else is `bad 'x' parameter`
 * (docs/intercom-api.md 1.4).
 */
const known = new Set(
  'id name company_id plan size website industry custom_attributes remote_created_at monthly_spend'.split(
    ' ',
  ),
)

const mostSpend = 2 ** 31 - 1

/** The columns that a request sets, read and checked; absent ones are not there. */
function readFields(store: Store, body: Input, custom: Readonly<Record<string, unknown>>) {
  for (const name of body.values.keys()) if (!known.has(name)) throw badParameter(name.slice(0, 200))
  const fields: Partial<Record<keyof CompanyRow, unknown>> = {}
  const name = body.unescaped('name')
  if (name) fields.name = name
  for (const column of ['website', 'industry'] as const) {
    const value = body.text(column)
    if (value !== undefined) fields[column] = value === '' ? null : value
  }
  const size = body.integer('size')
  if (size !== undefined) fields.size = size === null ? null : within('Size', size)
  // Floats lose what is behind the point; `integer` has cut it off (docs/intercom-api.md 3.7).
  const spend = body.integer('monthly_spend')
  if (spend !== undefined) fields.monthly_spend = within('Monthly Spend', spend ?? 0)
  const created = body.time('remote_created_at')
  if (created !== undefined) fields.remote_created_at = created
  const plan = body.text('plan')
  if (plan !== undefined) fields.plan_id = plan ? planNamed(store, plan) : null
  const given = body.object('custom_attributes') ?? noInput
  fields.custom_attributes = mergeAttributes(store, 'company', custom, given)
  return fields
}

function within(label: string, value: number): number {
  if (Math.abs(value) > mostSpend) throw invalid(`${label} is too big`)
  return value
}

/**
 * POST /companies: looked up by `company_id`, changed when found, made when not (docs/intercom-api.md 3.7).
 */
function upsert(call: RouteCall) {
  const { store, body } = call
  const ownId = body.text('company_id')
  const id = body.text('id')
  // Older clients send the id of what they have read; it decides only where no company_id does.
  const found = ownId ? companyByOwnId(store, ownId) : id ? findCompany(store, id) : undefined
  if (found !== undefined) return change(call, found)
  // Live answers of the API carry their origin among the custom attributes (docs/intercom-api.md 2.11).
  const fields = readFields(store, body, { creation_source: 'api' })
  const now = seconds(store.clock)
  const made = insertCompany(store, { company_id: '', name: '', created_at: now, updated_at: now })
  const company_id = ownId || made.id
  set(store, made.seq, { name: company_id, ...fields, company_id })
  const row = findCompany(store, made.id)
  announce(call, 'company.created', () => company(store, row))
  return company(store, row)
}

/** `company_id` never changes, whatever is sent (docs/intercom-api.md 3.7). */
function change(call: RouteCall, row: CompanyRow) {
  const { store, body } = call
  const fields = readFields(store, body, parseObject(row.custom_attributes))
  set(store, row.seq, { ...fields, updated_at: seconds(store.clock) })
  const changed = findCompany(store, row.id)
  announce(call, 'company.updated', () => company(store, changed))
  return company(store, changed)
}

function set(store: Store, seq: number, columns: Readonly<Record<string, unknown>>): void {
  const assignments = Object.keys(columns).map((name) => `${name} = ?`)
  const values = Object.values(columns).map(bindable)
  store.db.run(`UPDATE companies SET ${assignments.join(', ')} WHERE seq = ?`, ...values, seq)
}

function remove(call: RouteCall) {
  const { store, params } = call
  const { seq, id, company_id } = findCompany(store, params['id'])
  deleteCompany(store, seq)
  announce(call, 'company.deleted', { type: 'company', id, company_id, deleted: true })
  return { id, object: 'company', deleted: true }
}

/** One company at a time (docs/intercom-api.md 3.7). */
export const companyRoutes: readonly Route[] = [
  { method: 'POST', path: '/companies', handle: upsert },
  {
    method: 'GET',
    path: '/companies/:id',
    handle: ({ store, params }) => company(store, findCompany(store, params['id'])),
  },
  {
    method: 'PUT',
    path: '/companies/:id',
    handle: (call) => change(call, findCompany(call.store, call.params['id'])),
  },
  { method: 'DELETE', path: '/companies/:id', handle: remove },
]

import type { NewRow, Row } from './columns.ts'
import { integer, integerOr, jsonOr, key, keyNeverReused, maybeInteger, maybeText, text } from './columns.ts'

/**
 * Companies. `seq` is the internal key that links use, `id` the 24 hex digits of the wire, `company_id` the
 * customer's own. `user_count` counts attached contacts that are active; whoever changes that keeps it right.
 */
export const companies = {
  seq: keyNeverReused,
  id: text,
  company_id: text,
  name: text,
  created_at: integer,
  updated_at: integer,
  remote_created_at: maybeInteger,
  last_request_at: maybeInteger,
  size: maybeInteger,
  website: maybeText,
  industry: maybeText,
  monthly_spend: integerOr(0),
  session_count: integerOr(0),
  user_count: integerOr(0),
  plan_id: maybeInteger,
  custom_attributes: jsonOr({}),
}

/** Plans come into being when a company first names them (docs/intercom-api.md 3.7). */
export const companyPlans = { id: key, name: text }

/** Which company carries which tag. */
export const companyTags = {
  company_seq: integer,
  tag_id: integer,
  applied_at: integer,
  applied_by: maybeInteger,
}

/** Who belongs to which company, whatever the contact's standing. */
export const contactCompanies = { contact_seq: integer, company_seq: integer, attached_at: integer }

/**
 * The one scroll that an app may have open (docs/intercom-api.md 3.7): after which company it goes on, and
 * when it was last used.
 */
export const companyScrolls = {
  scroll_param: text,
  after_seq: integer,
  used_at: integer,
}

export type CompanyRow = Row<typeof companies>
/** A company to insert; key and id are given by `insertCompany`. */
export type NewCompany = Omit<NewRow<typeof companies>, 'seq' | 'id'>
export type ScrollRow = Row<typeof companyScrolls>

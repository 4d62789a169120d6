import type { NewRow, Row } from './columns.ts'
import { integer, jsonOr, key, text, textOr } from './columns.ts'

/** Segments: `rule` names the SQL that decides who is in one; nobody is ever stored in one. */
export const segments = {
  id: text,
  name: text,
  rule: text,
  person_type: textOr('user'),
  created_at: integer,
  updated_at: integer,
}

/** Subscription types (docs/intercom-api.md 2.12). One translation, which is the default one. */
export const subscriptionTypes = {
  id: key,
  state: textOr('live'),
  consent_type: text,
  name: text,
  description: textOr(''),
  locale: textOr('en'),
  content_types: jsonOr(['email']),
}

/** A contact's explicit choice: out of an `opt_out` type, into an `opt_in` type. Everybody else has no row. */
export const contactSubscriptions = { contact_seq: integer, subscription_id: integer }

export type SegmentRow = Row<typeof segments>
export type SubscriptionTypeRow = Row<typeof subscriptionTypes>
export type NewSubscriptionType = NewRow<typeof subscriptionTypes>

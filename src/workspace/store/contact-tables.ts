import type { NewRow, Row } from './columns.ts'
import {
  anything,
  flag,
  integer,
  jsonOr,
  key,
  keyNeverReused,
  maybeInteger,
  maybeText,
  text,
  textOr,
} from './columns.ts'

/**
 * Contacts. `seq` is the internal key that links use; `id` is the 24 hex digits of the wire.
 * `standing` is active, archived, deleted (identifiers stay locked for seven days), merged, purged, or visitor:
 * somebody whom no list of contacts shows (docs/intercom-api.md 3.13), of the role `visitor`.
 * The `*_folded` columns serve case-insensitive search and are filled by the store.
 */
export const contacts = {
  seq: key,
  id: text,
  standing: textOr('active'),
  role: text,
  external_id: maybeText,
  email: maybeText,
  email_domain: maybeText,
  phone: maybeText,
  name: maybeText,
  avatar: maybeText,
  owner_id: maybeInteger,
  has_hard_bounced: flag(false),
  marked_email_as_spam: flag(false),
  unsubscribed_from_emails: flag(false),
  created_at: integer,
  updated_at: integer,
  signed_up_at: maybeInteger,
  last_seen_at: maybeInteger,
  last_replied_at: maybeInteger,
  last_contacted_at: maybeInteger,
  last_email_opened_at: maybeInteger,
  last_email_clicked_at: maybeInteger,
  language_override: maybeText,
  browser: maybeText,
  browser_version: maybeText,
  browser_language: maybeText,
  os: maybeText,
  country: maybeText,
  region: maybeText,
  city: maybeText,
  country_code: maybeText,
  continent_code: maybeText,
  /** Rare fields by their wire name: `social_profiles` (data array), `ios_*`, `android_*`, `utm_*`, `referrer`, `sms_consent`, `unsubscribed_from_sms`. */
  details: jsonOr({}),
  custom_attributes: jsonOr({}),
  deleted_at: maybeInteger,
  merged_into: maybeText,
  name_folded: maybeText,
  email_folded: maybeText,
  external_id_folded: maybeText,
}

/** Each custom attribute of a contact once more, as a row, so that search can use an index. */
export const contactAttributes = {
  contact_seq: integer,
  attribute_id: integer,
  value: anything,
}

/** Notes on contacts. `body` is HTML; `author_id` an admin. */
export const notes = {
  id: key,
  contact_seq: integer,
  author_id: maybeInteger,
  body: text,
  created_at: integer,
}

/** Tags. Names are looked up without regard to case (docs/intercom-api.md 3.4). */
export const tags = { id: keyNeverReused, name: text, name_folded: textOr('') }

/** Which contact carries which tag, since when and by whom. */
export const contactTags = {
  contact_seq: integer,
  tag_id: integer,
  applied_at: integer,
  applied_by: maybeInteger,
}

export type ContactRow = Row<typeof contacts>
type ContactInput = NewRow<typeof contacts>
/** A contact to insert. Key, id, domain and folded columns are the store's; `updated_at` defaults to `created_at`. */
export type NewContact = Omit<
  ContactInput,
  'seq' | 'id' | 'updated_at' | 'email_domain' | 'name_folded' | 'email_folded' | 'external_id_folded'
> & { updated_at?: number | undefined }
export type NoteRow = Row<typeof notes>
export type NewNote = Omit<NewRow<typeof notes>, 'id'>
export type TagRow = Row<typeof tags>
export type NewContactTag = NewRow<typeof contactTags>

import type { Admin } from './admin.ts'
import type { ObjectList } from './page.ts'

/** A person in Intercom: a `user` of the product or a `lead` (docs/intercom-api.md 2.3). Times are Unix seconds. */
export type Contact = {
  type: 'contact'
  /** 24 hexadecimal digits. */
  id: string
  workspace_id: string
  /** Your system's id; leads get a generated one. */
  external_id: string | null
  role: 'user' | 'lead'
  /** Leads may share one, or have none. */
  email: string | null
  phone: string | null
  /** HTML-escaped by Intercom (`Ann &amp; Co`). */
  name: string | null
  avatar: unknown
  owner_id: number | null
  has_hard_bounced: boolean
  marked_email_as_spam: boolean
  unsubscribed_from_emails: boolean
  created_at: number
  updated_at: number
  signed_up_at: number | null
  last_seen_at: number | null
  last_replied_at: number | null
  last_contacted_at: number | null
  last_email_opened_at: number | null
  last_email_clicked_at: number | null
  language_override: string | null
  location: Record<string, string | null>
  /** Only attributes that have a value. */
  custom_attributes: Record<string, unknown>
  /** At most 10 each; `has_more` tells. */
  tags: ObjectList<{ type: 'tag'; id: string; url: string }> | null
  notes: ObjectList<{ type: 'note'; id: string; url: string }> | null
  companies: ObjectList<{ type: 'company'; id: string; url: string }> | null
}

/** What archiving and deleting answer. */
export type ContactStub = {
  type: 'contact'
  id: string
  external_id: string | null
  archived?: boolean
  deleted?: boolean
}

/** A note on a contact, seen by teammates only (docs/intercom-api.md 2.4). */
export type Note = {
  type: 'note'
  id: string
  /** Unix seconds. */
  created_at: number
  contact: { type: 'contact'; id: string } | null
  author: Admin | null
  /** HTML. */
  body: string
}

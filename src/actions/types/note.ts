import type { Admin } from './admin.ts'

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

/** Something that a contact did (docs/intercom-api.md 2.12). */
export type ContactEvent = {
  type: 'event'
  event_name: string
  /** Unix seconds. */
  created_at: number
  id: string
  intercom_user_id?: string
  user_id?: string | null
  email?: string | null
  metadata?: Record<string, unknown>
}

/** How often an event happened; `first` and `last` are ISO times. */
export type EventSummary = {
  name: string
  first: string
  last: string
  count: number
  description?: string | null
}

/** Where a list of events goes on: pass `next.before`, in milliseconds, to get older ones. */
export type EventPages = { next: { before: string } }

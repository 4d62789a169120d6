import { ask } from '../shell/server.ts'

/** What the desk reads of Intercom's objects (REST API 2.12); times in Unix seconds. */
export type Person = { type: string; id: string; name: string | null; email: string }
export type Attachment = { name: string; url: string; content_type: string; filesize: number }
export type Rating = {
  rating: number | null
  remark: string
  created_at: number
  teammate: { id: string | number } | null
}
export type Source = {
  id: string
  type: string
  delivered_as: string
  subject: string
  body: string
  author: Person
  attachments: Attachment[]
  redacted: boolean
}
export type State = 'open' | 'closed' | 'snoozed'
export type Row = {
  id: string
  created_at: number
  updated_at: number
  waiting_since: number | null
  snoozed_until: number | null
  source: Source | null
  contacts: { contacts: { id: string }[] }
  admin_assignee_id: number | null
  team_assignee_id: number | null
  state: State
  read: boolean
  priority: string
  title: string
  tags: { tags: { id: string; name: string }[] }
  conversation_rating: Rating | null
  ticket: { ticket_type: string; ticket_custom_state_admin_label: string } | null
}
export type Part = {
  id: string
  part_type: string
  body: string | null
  created_at: number
  assigned_to: { type: string; id: string | null } | null
  author: Person
  attachments: Attachment[]
  redacted: boolean
}
export type Conversation = Row & {
  conversation_parts: { conversation_parts: Part[]; total_count: number }
}
export type Admin = { id: string; name: string; email: string; has_inbox_seat: boolean }
export type Named = { id: string; name: string }
export type Contact = {
  id: string
  role: string
  external_id: string | null
  name: string | null
  email: string | null
  phone: string | null
  owner_id: number | null
  created_at: number
  last_seen_at: number | null
  last_replied_at: number | null
  last_contacted_at: number | null
  unsubscribed_from_emails: boolean
  has_hard_bounced: boolean
  location: { country: string | null; region: string | null; city: string | null }
  custom_attributes: Record<string, unknown>
}
export type Company = { id: string; name?: string; company_id: string; plan?: { name?: string } }
export type Note = { id: string; created_at: number; author: Admin | null; body: string }
export type Happening = {
  id: string
  event_name: string
  created_at: number
  metadata?: Record<string, unknown>
}
export type ListPage = {
  conversations: Row[]
  total_count: number
  pages: { next?: { starting_after: string } | null }
}
export type Filter =
  | { field: string; operator: string; value: unknown }
  | { operator: 'AND' | 'OR'; value: Filter[] }

/** After this an answer counts as lost, ms: what waits for it goes on. */
const answerMs = 30_000

/** A path of Intercom's. */
export function intercom<Body>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
  signal?: AbortSignal,
): Promise<Body> {
  const late = AbortSignal.timeout(answerMs)
  return ask<Body>(method, `/intercom${path}`, body, {
    signal: signal === undefined ? late : AbortSignal.any([signal, late]),
  })
}

/** What somebody typed, as HTML that means just that: a `<` in it is no tag. */
export function asHtml(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return escaped
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${paragraph.replaceAll('\n', '<br>')}</p>`)
    .join('')
}

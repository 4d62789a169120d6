/** A company (docs/intercom-api.md 2.11); times are Unix seconds. What was never set is absent. */
export type Company = {
  type: 'company'
  /** Intercom's: 24 hexadecimal digits. */
  id: string
  /** Your system's. */
  company_id: string
  name: string
  created_at: number
  updated_at: number
  last_request_at?: number | null
  remote_created_at?: number | null
  monthly_spend: number
  session_count: number
  user_count: number
  size?: number | null
  website?: string | null
  industry?: string | null
  plan: Record<string, unknown>
  tags: { type: 'tag.list'; tags: unknown[] } | null
  segments: { type: 'segment.list'; segments: unknown[] } | null
  custom_attributes: Record<string, unknown>
}

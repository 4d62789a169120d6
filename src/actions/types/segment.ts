/** A segment of contacts (docs/intercom-api.md 2.12). */
export type Segment = {
  type: 'segment'
  /** 24 hexadecimal digits. */
  id: string
  name: string
  /** Unix seconds. */
  created_at: number
  updated_at: number
  person_type: string
  /** Its members; not in the segments of one contact. */
  count?: number
}

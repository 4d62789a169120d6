/** A tag; the two `applied_` fields are there when it hangs on something (docs/intercom-api.md 2.5). */
export type Tag = {
  type: 'tag'
  /** Decimal digits. */
  id: string
  name: string
  applied_at?: number | null
  applied_by?: { type: 'admin'; id: string } | null
}

/** All tags of the workspace, on one page (docs/intercom-api.md 2.5). */
export type TagList = { type: 'list'; data: Tag[] }

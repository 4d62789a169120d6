/** A help article in its default language (docs/intercom-api.md 2.14); times are Unix seconds. */
export type Article = {
  type: 'article'
  /** Decimal digits. */
  id: string
  workspace_id: string
  title: string
  description: string | null
  /** HTML. */
  body: string | null
  author_id: number
  state: 'published' | 'draft'
  created_at: number
  updated_at: number
  /** Null for a draft. */
  url: string | null
  parent_id: number | null
  parent_type: string | null
  /** Of one article, not in lists. */
  statistics?: Record<string, unknown> | null
}

/** An article that was searched for; `snippet` is where its text has the words. */
export type FoundArticle = Article & { snippet?: string }

/** A collection of articles (docs/intercom-api.md 2.14). */
export type Collection = {
  /** Decimal digits. */
  id: string
  workspace_id: string
  name: string
  description: string | null
  url: string | null
  order: number
  /** The collection that it is in. */
  parent_id: string | null
  help_center_id: number | null
  created_at: number
  updated_at: number
}

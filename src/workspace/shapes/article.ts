import type { ArticleRow, CollectionRow, HelpCenterRow } from '../store/knowledge-tables.ts'
import type { Store } from '../store/store.ts'
import { helpCenterOf, helpCenterUrl, isMultilingual } from './help-center.ts'

/** What an article says in another language than its first; kept as JSON. */
export interface Translation {
  readonly title: string
  readonly description: string
  readonly body: string
  readonly author_id: number
  readonly state: string
  readonly created_at: number
  readonly updated_at: number
}

/** The translations of an article, by locale. */
export function translationsOf({
  translations,
}: Pick<ArticleRow, 'translations'>): Record<string, Translation> {
  return JSON.parse(translations)
}

/** An article by itself; lists and searches show {@link articleItem} (docs/intercom-api.md 2.14). */
export function article(store: Store, row: ArticleRow) {
  const { id, type, workspace_id, parent_id, parent_type, parent_ids, ...rest } = articleItem(store, row)
  return { id, type, workspace_id, parent_id, parent_type, parent_ids, statistics: statistics(row), ...rest }
}

/** An article in a list. */
export function articleItem(store: Store, row: ArticleRow) {
  const center = centerOf(store, row)
  return {
    id: String(row.id),
    type: 'article',
    workspace_id: store.app.id_code,
    parent_id: row.parent_id,
    parent_type: row.parent_type,
    parent_ids: row.parent_id === null ? [] : [row.parent_id],
    title: row.title,
    description: row.description,
    body: row.body,
    author_id: row.author_id,
    state: row.state,
    created_at: row.created_at,
    updated_at: row.updated_at,
    url: urlOf(center, center?.default_locale ?? 'en', row.id, row),
    ...(center !== undefined && isMultilingual(center) ? translated(center, row) : {}),
  }
}

function centerOf(store: Store, { parent_id }: ArticleRow): HelpCenterRow | undefined {
  if (parent_id === null) return helpCenterOf(store)
  const parent = store.db.get<CollectionRow>('SELECT * FROM collections WHERE id = ?', parent_id)
  return helpCenterOf(store, parent?.help_center_id)
}

function urlOf(
  center: HelpCenterRow | undefined,
  locale: string,
  id: number,
  { state, title }: { state: string; title: string },
): string | null {
  return state === 'published' ? helpCenterUrl(center, locale, 'articles', id, title) : null
}

function translated(center: HelpCenterRow, row: ArticleRow) {
  const contents = Object.entries(translationsOf(row)).map(([locale, content]) => {
    const url = urlOf(center, locale, row.id, content)
    return [locale, { type: 'article_content', ...content, ...(url === null ? {} : { url }) }]
  })
  return {
    default_locale: center.default_locale,
    translated_content: { type: 'article_translated_content', ...Object.fromEntries(contents) },
  }
}

function statistics({ views, conversations, happy_reactions, neutral_reactions, sad_reactions }: ArticleRow) {
  const reactions = happy_reactions + neutral_reactions + sad_reactions
  const percentage = (some: number) => (reactions === 0 ? 0 : Math.round((100 * some) / reactions))
  return {
    type: 'article_statistics',
    views,
    conversations,
    reactions,
    happy_reaction_percentage: percentage(happy_reactions),
    neutral_reaction_percentage: percentage(neutral_reactions),
    sad_reaction_percentage: percentage(sad_reactions),
  }
}

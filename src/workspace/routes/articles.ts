import { articleHtml } from '../article-html.ts'
import { seconds } from '../clock.ts'
import { invalid, missing } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { type Input, noInput } from '../http/input.ts'
import { article, articleItem, type Translation, translationsOf } from '../shapes/article.ts'
import { articleWords, changeRow, insertArticle } from '../store/knowledge.ts'
import type { ArticleRow } from '../store/knowledge-tables.ts'
import type { Store } from '../store/store.ts'
import { announce } from '../webhooks/announce.ts'
import { deletedItem } from '../webhooks/items.ts'
import { findAdmin } from './admins.ts'
import { searchArticles } from './article-search.ts'
import { findCollection, firstHelpCenter } from './collections.ts'
import { foundRow, keptRows } from './kept-rows.ts'
import { translationsIn } from './translations.ts'

const found = (store: Store, id: unknown) => foundRow<ArticleRow>(store, 'articles', id)

type Content = { -readonly [K in Exclude<keyof Translation, 'created_at' | 'updated_at'>]: Translation[K] }

/** What a request says of an article in one language; what it does not say is not there. */
function contentIn({ store, rewrite }: RouteCall, given: Input): Partial<Content> {
  const content: Partial<Content> = {}
  const title = given.text('title')
  if (title !== undefined) {
    if (title === null || title.trim() === '') throw invalid('Title is required')
    content.title = title
  }
  const description = given.text('description')
  if (description !== undefined) content.description = description ?? ''
  const body = given.text('body')
  if (body !== undefined) content.body = rewrite(articleHtml(body ?? ''))
  const author = given.get('author_id')
  if (author !== undefined && author !== null) content.author_id = teammate(store, author, 'Author')
  const state = given.option('state', ['published', 'draft'])
  if (state !== undefined) content.state = state
  return content
}

/** The id of a teammate; the bot is none (docs/intercom-api.md 3.15). */
export function teammate(store: Store, id: unknown, label: string): number {
  const admin = findAdmin(store, id)
  if (admin === undefined || admin.is_bot === 1) throw invalid(`${label} must be a teammate of the workspace`)
  return admin.id
}

/** The collection that a request puts an article into; nothing if it says nothing, nulls if none. */
function parentIn(store: Store, body: Input): { parent_id?: number | null; parent_type?: string | null } {
  const type = body.option('parent_type', ['collection', 'section'])
  const id = body.get('parent_id')
  if (id === undefined) return {}
  if (id === null || id === '') return { parent_id: null, parent_type: null }
  const parent = findCollection(store, id)
  if (parent === undefined) throw invalid('Parent not found')
  return { parent_id: parent.id, parent_type: type ?? 'collection' }
}

function create(call: RouteCall) {
  const { store, body } = call
  const { own, others } = translationsIn(body, firstHelpCenter(store))
  const content = { ...contentIn(call, own ?? noInput), ...contentIn(call, body) }
  const { title, author_id } = content
  if (title === undefined) throw missingInBoth('title')
  if (author_id === undefined) throw missingInBoth('author_id')
  const at = seconds(store.clock)
  const row = { ...content, ...parentIn(store, body), title, author_id, created_at: at, updated_at: at }
  const translations = translate(call, { ...row, translations: '{}' }, others)
  const made = article(store, found(store, insertArticle(store, { ...row, translations })))
  announce(call, 'article.created', made)
  if (made.state === 'published') announce(call, 'article.published', made)
  return made
}

/** Intercom's words (docs/intercom-api.md 3.15). */
function missingInBoth(name: string) {
  return missing(`${name} must be in the main body or default locale translated_content object`)
}

/** The translations with those of a request merged in; a new one takes title and author from the article. */
function translate(
  call: RouteCall,
  row: Pick<ArticleRow, 'title' | 'author_id' | 'translations'>,
  others: ReadonlyMap<string, Input>,
): Record<string, Translation> {
  const at = seconds(call.store.clock)
  const { title, author_id } = row
  const fresh = { title, description: '', body: '', author_id, state: 'draft', created_at: at }
  const translations = translationsOf(row)
  for (const [locale, given] of others) {
    translations[locale] = {
      ...(translations[locale] ?? fresh),
      ...contentIn(call, given),
      updated_at: at,
    }
  }
  return translations
}

/** Changes what is given; a published article changes at once (docs/intercom-api.md 3.15). */
function update(call: RouteCall) {
  const { store, params, body } = call
  const row = found(store, params['id'])
  const { own, others } = translationsIn(body, firstHelpCenter(store))
  const changes = { ...contentIn(call, own ?? noInput), ...contentIn(call, body), ...parentIn(store, body) }
  if (Object.keys(changes).length === 0 && others.size === 0) return article(store, row)
  changeRow(store, 'articles', row.id, {
    ...changes,
    words: articleWords({ ...row, ...changes }),
    translations: translate(call, { ...row, ...changes }, others),
    updated_at: seconds(store.clock),
  })
  const changed = article(store, found(store, row.id))
  announce(call, 'article.updated', changed)
  if (changed.state !== row.state) {
    announce(call, changed.state === 'published' ? 'article.published' : 'article.unpublished', changed)
  }
  return changed
}

function remove(call: RouteCall) {
  const { store, params } = call
  const { id } = found(store, params['id'])
  store.db.run('DELETE FROM articles WHERE id = ?', id)
  announce(call, 'article.deleted', () => deletedItem('article', { id: String(id) }))
  return { id: String(id), object: 'article', deleted: true }
}

/** Articles, the last changed first (docs/intercom-api.md 3.15). */
export const articleRoutes: readonly Route[] = [
  { method: 'GET', path: '/articles/search', handle: searchArticles },
  ...keptRows<ArticleRow>({
    path: '/articles',
    table: 'articles',
    size: 25,
    order: 'updated_at DESC, id DESC',
    listed: (row, store) => articleItem(store, row),
    shape: (row, store) => article(store, row),
    create,
    update,
    remove,
  }),
]

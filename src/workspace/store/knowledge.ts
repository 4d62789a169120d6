import { escapeText } from '../entities.ts'
import { bindable } from './columns.ts'
import { searchWords } from './fold.ts'
import type { ArticleRow, CollectionRow, NewArticle, NewCollection } from './knowledge-tables.ts'
import type { TableName } from './schema.ts'
import type { Store } from './store.ts'

/** A help center and a newsfeed, which a new workspace has and the API cannot make. */
export function fillKnowledge(store: Store, at: number): void {
  const times = { created_at: at, updated_at: at }
  store.insert('help_centers', {
    ...times,
    id: store.nextId('help_centers'),
    identifier: store.app.id_code,
    display_name: `${store.app.name} Help Center`,
  })
  store.insert('newsfeeds', { ...times, id: store.nextId('newsfeeds'), name: 'Newsfeed' })
}

/** Adds an article, its body in HTML, and gives it its id. */
export function insertArticle(store: Store, article: Omit<NewArticle, 'id' | 'words'>): number {
  const id = store.nextId('articles')
  const { title, description = '', body = '' } = article
  store.insert('articles', { ...article, id, words: articleWords({ title, description, body }) })
  return id
}

/** What is searched of an article. */
export function articleWords({
  title,
  description,
  body,
}: Pick<ArticleRow, 'title' | 'description' | 'body'>) {
  return searchWords(`${escapeText(title)} ${escapeText(description)} ${body}`)
}

/** Adds a collection behind its siblings and gives it its id. */
export function insertCollection(store: Store, collection: Omit<NewCollection, 'id' | 'position'>): number {
  const id = store.nextId('collections')
  const { help_center_id, parent_id = null } = collection
  const last = 'SELECT max(position) FROM collections WHERE help_center_id = ? AND parent_id IS ?'
  const position = store.db.number(last, help_center_id, parent_id) + 1
  store.insert('collections', { ...collection, id, position })
  return id
}

/** The ids of a collection and of all below it. */
export function collectionTree(store: Store, { id }: CollectionRow): number[] {
  const rows = store.db.all<{ id: number }>(
    `WITH RECURSIVE tree (id) AS (SELECT ? UNION SELECT collections.id FROM collections JOIN tree ON parent_id = tree.id)
     SELECT id FROM tree`,
    id,
  )
  return rows.map((row) => row.id)
}

/** Changes columns of one row of a table that has an `id`. */
export function changeRow(store: Store, table: TableName, id: number, changes: object): void {
  const names = Object.keys(changes).map((name) => `${name} = ?`)
  const values = Object.values(changes).map(bindable)
  store.db.run(`UPDATE ${table} SET ${names.join(', ')} WHERE id = ?`, ...values, id)
}

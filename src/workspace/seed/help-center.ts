import { articleHtml } from '../article-html.ts'
import { insertArticle, insertCollection } from '../store/knowledge.ts'
import type { Store } from '../store/store.ts'
import { DAY, FIRST_CONTACT } from './calendar.ts'
import { at } from './prng.ts'
import { COMPANY, type Staff } from './staff.ts'
import { ARTICLES, COLLECTIONS } from './words/articles.ts'

/** Turns the help center of a fresh workspace into the company's, with articles by its teammates. */
export function seedHelpCenter(store: Store, staff: Staff): void {
  store.db.run(
    'UPDATE help_centers SET identifier = ?, display_name = ?',
    COMPANY.toLowerCase(),
    `${COMPANY} Help Center`,
  )
  const help_center_id = store.db.number('SELECT min(id) FROM help_centers')
  const ids = new Map<string, number>()
  for (const [index, { parent, ...collection }] of COLLECTIONS.entries()) {
    const time = FIRST_CONTACT + index * DAY
    const parent_id = parent === undefined ? null : (ids.get(parent) ?? null)
    const times = { created_at: time, updated_at: time }
    const id = insertCollection(store, { ...collection, ...times, help_center_id, parent_id })
    ids.set(collection.name, id)
  }
  for (const [index, { collection, author, body, ...article }] of ARTICLES.entries()) {
    const parent_id = collection === undefined ? null : (ids.get(collection) ?? null)
    const created_at = FIRST_CONTACT + (10 + 30 * index) * DAY
    insertArticle(store, {
      ...article,
      parent_id,
      parent_type: parent_id === null ? null : 'collection',
      body: articleHtml(body),
      author_id: at(staff.admins, author),
      created_at,
      updated_at: created_at + (index % 4) * DAY,
    })
  }
}

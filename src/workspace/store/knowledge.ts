import type { Store } from './store.ts'

/**
 * What a new workspace has of a help center and of news: one of each, which the API cannot make. The texts of the
 * links come from `identifier`.
 */
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

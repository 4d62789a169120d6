import type { Store } from '../store/store.ts'
import type { Topic } from './topics.ts'

/**
 * Says that something happened, for webhooks (docs/intercom-api.md 6). Call it inside the write that makes it
 * true, after the rows are written; `item` is the object of the wire, better given as a function, which runs
 * only when somebody is subscribed. A `Call` is a source; a timer gives `{ store }`.
 */
export function announce(
  source: { readonly store: Store },
  topic: Topic,
  item: object | (() => object),
): void {
  const { announcements } = source.store
  if (announcements === undefined || !announcements.wants(topic)) return
  announcements.add(topic, typeof item === 'function' ? (item as () => object)() : item)
}

import type { Store } from '../store/store.ts'
import { withContactTimes } from './contact-times.ts'
import type { WebhookTopic } from './topics.ts'

/**
 * Queues notifications of an event for its subscribers (docs/intercom-api.md 6). Call it inside the write that makes it
 * true, after the rows are written. `item` is Intercom's object; as a function it runs only if there is a subscriber.
 */
export function announce(
  source: { readonly store: Store },
  topic: WebhookTopic,
  item: object | (() => object),
): void {
  const { announcements } = source.store
  if (announcements === undefined || !announcements.wants(topic)) return
  announcements.add(topic, withContactTimes(typeof item === 'function' ? (item as () => object)() : item))
}

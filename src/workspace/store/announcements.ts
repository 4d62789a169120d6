/** Who hears of what happens; `Store.announcements` holds one while somebody is subscribed. */
export interface Announcements {
  /** Whether anybody is subscribed to this topic now. */
  wants(topic: string): boolean
  /** Queues a notification inside the running write: it leaves after the commit, never after a rollback. */
  add(topic: string, item: object): void
}

// Intercom's webhooks: receive, write down, answer, handle.

export { forwardTo } from './forward.ts'
export type { Notification } from './notification.ts'
export type { WebhooksOptions } from './options.ts'
export type { Poller, PollOptions } from './polls.ts'
export type { Problem } from './problem.ts'
export type { Handler, HandlerContext } from './router.ts'
export type { ContactTag, Deleted, Items, Matching, OtherItem, Pattern, Topic } from './topics.ts'
export { createWebhooks, type Webhooks } from './webhooks.ts'

// Receives Intercom's webhooks: verify, store, answer, then handle.

export { forwardTo } from './forward.ts'
export type { Notification } from './notification.ts'
export type { PollOptions, WebhookProblem, WebhooksOptions } from './options.ts'
export type { Poller } from './poller.ts'
export type { HandlerContext, NotificationHandler } from './router.ts'
export type {
  ArchivedContact,
  ContactTag,
  ContactUnsubscribe,
  DeletedItem,
  MatchingTopic,
  OtherItem,
  TaggedConversation,
  Topic,
  TopicItems,
  TopicPattern,
} from './topics.ts'
export { createWebhooks, type Webhooks } from './webhooks.ts'

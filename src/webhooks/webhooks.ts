import { invalidInput } from '../errors.ts'
import { openInbox } from './inbox.ts'
import { type Notification, readNotification } from './notification.ts'
import {
  checkPollOptions,
  checkWebhookOptions,
  neverThrowing,
  type PollOptions,
  type WebhooksOptions,
  warnAbout,
} from './options.ts'
import { type Poller, startPoller } from './poller.ts'
import { receive, rejection } from './receive.ts'
import { type NotificationHandler, Router } from './router.ts'
import type { TopicPattern } from './topics.ts'
import { InboxWorker } from './worker.ts'

/** A webhook endpoint and the handlers behind it. */
export type Webhooks = {
  /**
   * Registers the handler for a topic, a family of topics (`conversation.*`) or all (`*`). An event goes to one
   * handler, the one with the most specific pattern; an event without a handler is only remembered. Throws once
   * `start`, `fetch` or `poll` was called.
   */
  on<P extends TopicPattern>(pattern: P, handler: NotificationHandler<P>): Webhooks
  /** Starts handling what the store holds; the first `fetch` or `poll` does too. */
  start(): void
  /** Answers a delivery: 200 once the event is on disk. Never rejects. */
  fetch(request: Request): Promise<Response>
  /**
   * For where no webhook can reach: searches Intercom for new and changed conversations and contacts and handles
   * them as `polled.conversation.created` and so on.
   */
  poll(options: PollOptions): Poller
  /** Events that failed for good, oldest first; they are kept for 30 days. */
  failed(): { key: string; attempts: number; notification: Notification }[]
  /** Has a failed event handled again; false if there is none with that key. */
  retry(key: string): Promise<boolean>
  /** Stops taking events, gives running handlers ten seconds, and closes the store; unhandled events stay in it. */
  close(): Promise<void>
}

/**
 * Receives Intercom's webhooks: verifies the signature, stores the event, answers, and then has it handled, at least
 * once and normally once. Throws an `IntercomError` on invalid options.
 *
 * @example
 * const webhooks = createWebhooks({ clientSecret, store: 'webhooks.db' })
 * webhooks.on('conversation.user.created', async ({ data }, { key }) => {
 *   await intercom.call('reply_to_conversation', answerTo(data.item), { idempotencyKey: key })
 * })
 * const response = await webhooks.fetch(request)
 */
export function createWebhooks(options: WebhooksOptions): Webhooks {
  const { store, maxAgeSeconds, maxWaiting, concurrency, maxAttempts, retryMs, clientSecret, maxBytes } =
    checkWebhookOptions(options)
  const onProblem = neverThrowing(options.onProblem ?? warnAbout)
  const inbox = openInbox(store, { keptMs: (maxAgeSeconds + 3600) * 1000, maxWaiting })
  const router = new Router()
  const worker = new InboxWorker({ inbox, router, concurrency, maxAttempts, retryMs, onProblem })
  const hasHandler = (topic: string) => router.find(topic) !== undefined
  const rules = { clientSecret, maxAgeSeconds, maxBytes, hasHandler }
  const pollers: Poller[] = []
  let closing: Promise<void> | undefined

  const webhooks: Webhooks = {
    on(pattern, handler) {
      if (worker.started) throw invalidInput('call on() before start(), fetch() and poll()')
      router.add(pattern, handler)
      return webhooks
    },
    start: () => worker.start(),
    async fetch(request) {
      if (closing) return rejection('closed')
      worker.start()
      const response = await receive(request, rules, inbox)
      worker.wake()
      return response
    },
    poll(pollOptions) {
      checkPollOptions(pollOptions)
      if (closing) throw invalidInput('these webhooks are closed')
      worker.start()
      const poller = startPoller(inbox, pollOptions, { hasHandler, wake: () => worker.wake(), onProblem })
      pollers.push(poller)
      return poller
    },
    failed: () =>
      inbox.failed().map(({ id, attempts, body }) => ({
        key: id,
        attempts,
        notification: readNotification(body),
      })),
    async retry(key) {
      const found = await inbox.retry(key)
      worker.wake()
      return found
    },
    close() {
      closing ??= Promise.all([worker.close(), ...pollers.map((poller) => poller.stop())])
        .finally(() => inbox.close())
        .then(() => {})
      return closing
    },
  }
  return webhooks
}

import { IntercomError } from '../errors.ts'
import { openInbox } from './inbox.ts'
import type { Notification } from './notification.ts'
import { checkPollOptions, checkWebhookOptions, type WebhooksOptions } from './options.ts'
import { type Poller, type PollOptions, startPoller } from './polls.ts'
import { unheeded, warnOf } from './problem.ts'
import { receive, refuse } from './receive.ts'
import { type Handler, Router } from './router.ts'
import type { Pattern } from './topics.ts'
import { Worker } from './worker.ts'

/** A webhook's endpoint, and the work behind it. */
export type Webhooks = {
  /**
   * Says who handles events of a topic, of a family (`conversation.*`), or all (`*`): one handler an event, the one
   * whose pattern says most. Throws once work has begun: an event without a handler is done when it comes.
   */
  on<P extends Pattern>(pattern: P, handler: Handler<P>): Webhooks
  /** Begins to work on what waits in the file; the first `fetch` does too. */
  start(): void
  /** Answers a delivery: 200 once it is on disk. Never rejects. */
  fetch(request: Request): Promise<Response>
  /**
   * Where no webhook can reach: asks Intercom for new and changed conversations and contacts, and has them handled
   * as `polled.conversation.created` and the like. Begins work.
   */
  poll(options: PollOptions): Poller
  /** The events that were given up, oldest first; they are kept for 30 days. */
  failed(): { key: string; attempts: number; notification: Notification }[]
  /** Has a failed event handled again; false when there is none of that key. */
  retry(key: string): Promise<boolean>
  /** Takes nothing more, lets handlers end within ten seconds, and closes the file; what waits stays in it. */
  close(): Promise<void>
}

/**
 * Receives Intercom's webhooks: checks the signature, writes the event down, answers, and then has it handled, at
 * least once and normally once. Throws an `IntercomError` on options that cannot work.
 *
 * @example
 * const webhooks = createWebhooks({ clientSecret, store: 'webhooks.db' })
 * webhooks.on('conversation.user.created', async ({ data }, { key }) => {
 *   await intercom.call('reply_to_conversation', answerTo(data.item), { idempotencyKey: key })
 * })
 * const response = await webhooks.fetch(request)
 */
export function createWebhooks(options: WebhooksOptions): Webhooks {
  const checked = checkWebhookOptions(options)
  const { store, maxAgeSeconds, maxWaiting, concurrency, maxAttempts, retryMs, clientSecret, maxBytes } =
    checked
  const onProblem = unheeded(options.onProblem ?? warnOf)
  const inbox = openInbox(store, { keptMs: (maxAgeSeconds + 3600) * 1000, maxWaiting })
  const router = new Router()
  const worker = new Worker({ inbox, router, concurrency, maxAttempts, retryMs, onProblem })
  const isWanted = (topic: string) => router.find(topic) !== undefined
  const rules = { clientSecret, maxAgeSeconds, maxBytes, isWanted }
  const pollers: Poller[] = []
  let closing: Promise<void> | undefined

  const webhooks: Webhooks = {
    on(pattern, handler) {
      if (worker.started) {
        throw new IntercomError(
          'handlers are named before work begins: call on() before start() and fetch()',
          {
            code: 'invalid_input',
          },
        )
      }
      router.add(pattern, handler)
      return webhooks
    },
    start: () => worker.start(),
    async fetch(request) {
      if (closing) return refuse('closed')
      worker.start()
      const response = await receive(request, rules, inbox)
      worker.wake()
      return response
    },
    poll(pollOptions) {
      checkPollOptions(pollOptions)
      if (closing) throw new IntercomError('these webhooks are closed', { code: 'invalid_input' })
      worker.start()
      const poller = startPoller(inbox, pollOptions, { isWanted, wake: () => worker.wake(), onProblem })
      pollers.push(poller)
      return poller
    },
    failed: () =>
      inbox.failed().map(({ id, attempts, body }) => ({
        key: id,
        attempts,
        notification: JSON.parse(body) as Notification, // checked when it came in
      })),
    async retry(key) {
      const found = await inbox.revive(key)
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

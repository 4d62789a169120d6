import type { Mistakes } from './mistake.ts'

const inbox = 'src/webhooks/inbox.test.ts'
const worker = 'src/webhooks/worker.test.ts'
const poller = 'src/webhooks/poller.test.ts'

export const webhooks: Mistakes[] = [
  {
    file: 'src/webhooks/inbox.ts',
    tests: [inbox],
    edits: [
      ['attempts = attempts + 1 WHERE number', 'attempts = attempts WHERE number'],
      ["body = iif(? = 'done', NULL, body)", "body = iif(? = 'failed', NULL, body)"],
      ['ORDER BY created_at, number LIMIT 1', 'ORDER BY number LIMIT 1'],
      ['attempts = 0, due_at = 0 WHERE id', 'attempts = 0 WHERE id'],
      ['other.subject = event.subject AND', 'other.subject IS event.subject AND'],
      ['forgetFailed.run(now - failedMs)', 'forgetFailed.run(failedMs)'],
      ["n']) >= maxWaiting", "n']) > maxWaiting"],
    ],
  },
  {
    file: 'src/webhooks/worker.ts',
    tests: [worker],
    edits: [
      ['event.attempts > maxAttempts', 'event.attempts >= maxAttempts'],
      ['inbox.release(event, 0, event.attempts - 1)', 'inbox.release(event, 0, event.attempts)'],
      ['2 ** (event.attempts - 1)', '2 ** event.attempts'],
      ['            this.#running.delete(event)\n', ''],
      ['      clearInterval(renewing)\n', '      renewing.unref()\n'],
      ['    await this.#taking\n', ''],
    ],
  },
  {
    file: 'src/webhooks/poller.ts',
    tests: [poller, 'test/webhooks/webhooks-poll-pages.test.ts'],
    edits: [
      ['contactsEarlier = 26 * 3600', 'contactsEarlier = 24 * 3600'],
      [
        "kind === 'contact' ? from - contactsEarlier : from - 1",
        "kind === 'contact' ? from - contactsEarlier : from",
      ],
      ['newest - overlapSeconds - seconds', 'newest - overlapSeconds + seconds'],
      ['SET since = max(since, ?)', 'SET since = ?'],
      ['starting_after || undefined', 'starting_after ?? undefined'],
      ['running ??= pollAll()', 'running = pollAll()'],
      ['      if (item.updated_at < since) continue\n', ''],
    ],
  },
  {
    file: 'src/webhooks/receive.ts',
    tests: ['src/webhooks/receive.test.ts', 'src/webhooks/webhooks.test.ts'],
    edits: [
      ['Date.now() / 1000 - rules.maxAgeSeconds', 'Date.now() - rules.maxAgeSeconds'],
      ["get('content-length') ?? 0) > maxBytes", "get('content-length') ?? 0) >= maxBytes"],
      ["rejection('full', retry)", "rejection('full')"],
    ],
  },
  {
    file: 'src/webhooks/notification.ts',
    tests: ['src/webhooks/receive.test.ts', inbox, 'test/webhooks/webhooks.test.ts'],
    edits: [
      ["subjectOf({ ...contact, type: 'contact' })", 'subjectOf(contact)'],
      ["typeof id !== 'string' && typeof id !== 'number'", "typeof id !== 'string'"],
    ],
  },
  {
    file: 'src/webhooks/router.ts',
    tests: ['src/webhooks/webhooks.test.ts', 'test/webhooks/webhooks.test.ts'],
    edits: [['[topic, ...wider].find', '[...wider, topic].find']],
  },
  {
    file: 'src/webhooks/forward.ts',
    tests: ['test/webhooks/webhooks-forward.test.ts', 'test/webhooks/webhooks-forward.process.test.ts'],
    edits: [
      ['return encodeURIComponent(text)', 'return encodeURI(text)'],
      ["redirect: 'manual'", "redirect: 'follow'"],
      ["    if (notification.topic === 'ping') return\n", ''],
    ],
  },
  {
    file: 'src/webhooks/webhooks.ts',
    tests: ['src/webhooks/webhooks.test.ts', 'test/webhooks/webhooks.test.ts'],
    edits: [
      ['(maxAgeSeconds + 3600) * 1000', 'maxAgeSeconds + 3600'],
      ["if (closing) return rejection('closed')", "if (closing) void rejection('closed')"],
      ['inbox.retry(key)\n      worker.wake()', 'inbox.retry(key)'],
    ],
  },
]

import type { Mistakes } from './mistake.ts'

const limits = 'test/server/serve-limits.test.ts'
const serve = 'test/server/serve.test.ts'
const idempotency = 'test/rest/rest-idempotency.test.ts'
const rest = 'test/rest/rest.test.ts'

export const server: Mistakes[] = [
  {
    file: 'src/server/rest/idempotency.ts',
    tests: [idempotency],
    edits: [
      ['[\\x21-\\x2b\\x2d-\\x7e]', '[\\x21-\\x7e]'],
      ['key.length > longest', 'key.length >= longest'],
    ],
  },
  {
    file: 'src/server/rest/post-action.ts',
    tests: [idempotency, rest],
    edits: [
      [
        'isRead ? undefined : idempotencyKeyOf',
        'isRead && offer.idempotencyScope === undefined ? undefined : idempotencyKeyOf',
      ],
      ['failure === null || failure.status !== null', 'failure === null || failure.status === null'],
      [
        'idempotencyKey === undefined ? { signal: request.signal } : { idempotencyKey }',
        'idempotencyKey === undefined ? {} : { idempotencyKey }',
      ],
      ['/^application\\/json *(;|$)/i', '/^application\\/json$/i'],
    ],
  },
  {
    file: 'src/server/admission.ts',
    tests: [limits, serve],
    edits: [
      ['      running -= 1\n      release()\n', '      running -= 1\n'],
      ['    if (isForwarded(request)) return forwarded\n    const admitted', '    const admitted'],
      ['path.startsWith(`', 'path.includes(`'],
      ['b.path.length - a.path.length', 'a.path.length - b.path.length'],
      [
        'running >= limits.concurrentCalls) return busy\n    const release',
        'running > limits.concurrentCalls) return busy\n    const release',
      ],
    ],
  },
  {
    file: 'src/server/call-limits.ts',
    tests: [limits, serve],
    edits: [
      ['        running -= 1\n', ''],
      [
        '      const seconds = bucket.take()\n      if (seconds > 0)',
        '      const seconds = bucket.take()\n      if (seconds > 1)',
      ],
      ['running >= concurrentCalls', 'running > concurrentCalls'],
    ],
  },
  {
    file: 'src/server/call-limits.ts',
    tests: [limits],
    edits: [
      ['Math.min(most, tokens', 'Math.max(most, tokens'],
      ['(1 - tokens) / perMs / 1000', '(1 - tokens) / perMs'],
      ['      at = time\n', ''],
    ],
  },
  {
    file: 'src/server/connections.ts',
    tests: [limits],
    edits: [
      ['open >= most', 'open > most'],
      ["network === '' || exempt", "network === '' && exempt"],
      ['    counted.delete(socket)\n', ''],
      ["      socket.once('close', () => settle(socket))\n", ''],
    ],
  },
  {
    file: 'src/server/keys.ts',
    tests: [serve, 'test/server/serve-config.test.ts'],
    edits: [
      ['/^bearer +(\\S+)$/i', '/^Bearer +(\\S+)$/'],
      ['key.length >= shortestKey', 'key.length > shortestKey'],
    ],
  },
  {
    file: 'src/server/host-guard.ts',
    tests: [serve],
    edits: [
      ['(local && isLocalPage(origin))', 'isLocalPage(origin)'],
      ['hosts.map((name) => name.toLowerCase())', 'hosts'],
    ],
  },
  {
    file: 'src/server/request-body.ts',
    tests: [limits],
    edits: [
      ['body.subarray(marked ? 3 : 0)', 'body.subarray(marked ? 2 : 0)'],
      ['bodySeconds * 1000)', 'bodySeconds)'],
    ],
  },
  {
    file: 'src/server/request-listener.ts',
    tests: [limits, serve],
    edits: [
      ["    response.once('close', release)\n", "    response.once('finish', release)\n"],
      ['response.writableFinished || gone.abort()', 'response.writableFinished && gone.abort()'],
      ['      running.delete(response)\n', ''],
    ],
  },
]

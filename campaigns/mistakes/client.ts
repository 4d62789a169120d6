import type { Mistakes } from './mistake.ts'

const attempts = 'test/actions/attempts.test.ts'
const failures = 'test/actions/failures.test.ts'
const proxies = 'test/network/proxy.test.ts'
const permits = 'src/client/rate-limit/permits.test.ts'
const takeLease = 'src/client/rate-limit/take-lease.test.ts'

export const client: Mistakes[] = [
  {
    file: 'src/client/client.ts',
    tests: [attempts, failures, 'test/actions/actions.test.ts'],
    edits: [
      ['past.unknown ||= error', 'past.unknown = error'],
      ['waitMs + backoffMs(retries++)', 'waitMs + backoffMs(retries)'],
      ['retries >= maxRetries ||', 'retries > maxRetries ||'],
      [
        '      permit.done(null)\n      throw error\n    }\n    call.trace',
        '      throw error\n    }\n    call.trace',
      ],
      ['text === null ? headers : jsonHeaders', 'headers ?? jsonHeaders'],
      ['        rateLimiter.retries.success()\n', ''],
    ],
  },
  {
    file: 'src/client/client.ts',
    tests: [attempts],
    edits: [
      ['        past.unknown &&\n', '        past.attempts > 0 &&\n'],
      ["        request.method === 'DELETE' &&\n", ''],
      ["error.status === 404 &&\n        error.code !== 'unreadable_answer'", 'error.status === 404'],
    ],
  },
  {
    file: 'src/client/retry-decision.ts',
    tests: ['src/client/retry-decision.test.ts', attempts, failures],
    edits: [
      ['firstMs * 2 ** retries', 'firstMs * 2 * retries'],
      ['status === 408 || status >= 500', 'status === 408 || status > 500'],
      [
        "outcome === 'unknown' && semantics === 'safe' ?",
        "outcome === 'unknown' && semantics !== 'non-idempotent' ?",
      ],
      ["  'answer_too_large',\n", ''],
      ["  'proxy_refused',\n", ''],
    ],
  },
  {
    file: 'src/client/call.ts',
    tests: [attempts],
    edits: [
      ["    signal?.removeEventListener('abort', onAbort)\n", ''],
      ['if (signal?.aborted) onAbort()\n', ''],
      [
        'if (last?.reason === wait.reason) last.ms += wait.ms',
        'if (last?.reason === wait.reason) last.ms = wait.ms',
      ],
    ],
  },
  {
    file: 'src/client/exchange.ts',
    tests: ['src/client/exchange.test.ts', failures],
    edits: [
      ['if (status < 200) return\n', ''],
      [
        'transmitted: controller !== undefined })\n        },',
        'transmitted: answer !== undefined })\n        },',
      ],
      ['bytes > maxBytes) return stop', 'chunk.length > maxBytes) return stop'],
      ['Math.min(timeoutMs, until - performance.now())', 'Math.max(timeoutMs, until - performance.now())'],
    ],
  },
  {
    file: 'src/client/http-result.ts',
    tests: ['src/client/http-result.test.ts', failures, attempts],
    edits: [
      ["status === 202 && body.trim() === ''", "status === 202 || body.trim() === ''"],
      ["status === 202 && body.trim() === ''", "status > 200 && body.trim() === ''"],
      ["status === 202 && body.trim() === ''", "status === 202 && body === ''"],
      ["kind === 'rate_limited' || headers['retry-after'] !== undefined ? asked : 0", 'asked'],
      ['Math.max(1, Math.ceil(ms / 1000))', 'Math.max(1, Math.floor(ms / 1000))'],
      ['const known = own ||', 'const known = true || own ||'],
    ],
  },
  {
    file: 'src/client/answer-text.ts',
    tests: ['src/client/http-result.test.ts', 'src/client/hints.test.ts'],
    edits: [
      ["body?.['request_id'] ?? headers['x-request-id']", "headers['x-request-id'] ?? body?.['request_id']"],
      ['.host\n', '.href\n'],
    ],
  },
  {
    file: 'src/client/hints.ts',
    tests: ['src/client/hints.test.ts'],
    edits: [
      ['(rule.message?.test(message) ?? true)', 'true'],
      ['(rule.isList ?? isList) === isList', 'true'],
    ],
  },
  {
    file: 'src/client/proxy.ts',
    tests: ['src/client/proxy.test.ts', proxies],
    edits: [
      ['if (isLoopback(hostname)) return null\n', ''],
      ["url.pathname === '/' && url.search", 'url.search'],
      ['only !== port', 'false'],
      ['length > most', 'false'],
    ],
  },
  {
    file: 'src/client/tunnel.ts',
    tests: [proxies],
    edits: [
      ['statusCode < 200 || statusCode > 299', 'statusCode < 200'],
      ["if (broken === 'tls_failed') return error\n", ''],
    ],
  },
  {
    file: 'src/client/path.ts',
    tests: ['src/client/path.test.ts'],
    edits: [
      ['return encodeURIComponent(value)', 'return encodeURI(value)'],
      ["value === '.' || value === '..'", "value === '..'"],
    ],
  },
  {
    file: 'src/client/server-clock.ts',
    tests: ['src/client/server-clock.test.ts'],
    edits: [
      ['      known = both ?? seen\n      doubts = 0\n', '      known = both ?? seen\n'],
      ['++doubts < convincing', '++doubts <= convincing'],
      ['Math.max(0, now - as_of) * fading', '(now - as_of) / fading'],
    ],
  },
  {
    file: 'src/client/rate-limit/rate-limiter.ts',
    tests: [permits],
    edits: [
      ['        inFlight -= 1\n', ''],
      ['if (over) return null', 'if (over && answer === null) return null'],
      ["    waiter.signal?.removeEventListener('abort', waiter.onAbort)\n", ''],
      ['    waiter.clear()\n', ''],
      ['queue.size === 0 ? lease.take(now, 0)', 'queue.size >= 0 ? lease.take(now, 0)'],
    ],
  },
  {
    file: 'src/client/rate-limit/fair-queue.ts',
    tests: ['src/client/rate-limit/fair-queue.test.ts'],
    edits: [
      ['if (next === null) line.last = previous', 'if (next === null) line.last = null'],
      ['this.#turn = line.next\n    this.remove', 'this.remove'],
    ],
  },
  {
    file: 'src/client/rate-limit/budget.ts',
    tests: ['src/client/rate-limit/grant.test.ts'],
    edits: [
      ['      waiting = [...reports, ...waiting].slice(-maxPending)\n', ''],
      ['      fallbackUntil = 0\n      return leased', '      return leased'],
      ['.slice(-maxPending)\n    if (time', '.slice(0, maxPending)\n    if (time'],
    ],
  },
  {
    file: 'src/client/rate-limit/headers.ts',
    tests: ['src/client/rate-limit/headers.test.ts'],
    edits: [
      ['return seconds * 1000', 'return seconds'],
      ['Math.min(Math.max(after, 0), longestPauseMs)', 'Math.min(after, longestPauseMs)'],
      ['remaining > limit) return null', 'remaining >= limit) return null'],
    ],
  },
  {
    file: 'src/client/rate-limit/take-lease.ts',
    tests: [takeLease, permits],
    edits: [
      ['state.used += taken', 'state.used += 1'],
      ['state.next = next + taken * interval', 'state.next = next + interval'],
      ['    endWindow(state)\n    state.used = 0', '    endWindow(state)'],
      ['left: left - taken', 'left'],
    ],
  },
  {
    file: 'src/client/rate-limit/apply-report.ts',
    tests: [takeLease, permits],
    edits: [
      ['if (report.pauses !== state.pauses) return\n', ''],
      ['state.consecutive429s = 0', 'state.consecutive429s -= 0'],
    ],
  },
  {
    file: 'src/exact-number.ts',
    tests: ['src/exact-number.test.ts'],
    edits: [['safeDigits + 1) {', '2 * safeDigits) {']],
  },
]

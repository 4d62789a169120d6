import type { Mistakes } from './mistake.ts'

export const workspace: Mistakes[] = [
  {
    file: 'src/workspace/http/rate-limit.ts',
    tests: ['src/workspace/http/rate-limit.test.ts'],
    edits: [
      ['    this.#used.clear()\n    this.#total = 0\n', '    this.#used.clear()\n'],
      ['refused: least < 0', 'refused: least <= 0'],
      ['end * 1000 - ms < 6_000', 'end - ms < 6_000'],
      ['    this.#first = undefined\n', ''],
    ],
  },
  {
    file: 'src/workspace/control/search-lag.ts',
    tests: ['src/workspace/control/search-lag.test.ts'],
    edits: [
      ['WHERE at <= ? ORDER', 'WHERE at < ? ORDER'],
      ["if (at < this.#latest) db.run('UPDATE waiting SET at = ? WHERE at > ?', at, at)\n", ''],
    ],
  },
  {
    file: 'src/workspace/faults/rules.ts',
    tests: ['src/workspace/faults/rules.test.ts', 'src/workspace/faults/faults.test.ts'],
    edits: [
      ['rule.matched <= after', 'rule.matched < after'],
      ["target.split('?', 1)[0] ?? target", 'target'],
    ],
  },
  {
    file: 'src/workspace/webhooks/queue.ts',
    tests: ['src/workspace/webhooks/retries.test.ts', 'src/workspace/webhooks/webhooks.test.ts'],
    edits: [
      ['clock.now() + result.afterMs', 'result.afterMs'],
      ['row.first_sent_at ?? seconds(clock),\n      retry', 'seconds(clock),\n      retry'],
      ['retry ? 1 : 0', 'retry ? 1 : 1'],
      ['ORDER BY due_at_ms, seq LIMIT 1', 'ORDER BY seq DESC LIMIT 1'],
    ],
  },
  {
    file: 'src/workspace/threads/statistics.ts',
    tests: ['src/workspace/threads/statistics.test.ts', 'src/workspace/threads/advance.test.ts'],
    edits: [
      ['toSorted((a, b) => a - b)', 'toSorted()'],
      ['thread.time_to_first_close ?? sinceCreation', 'sinceCreation'],
      ['.slice(-keptReplyTimes)', '.slice(0, keptReplyTimes)'],
      ['Math.max(known ?? at, at)', 'known ?? at'],
    ],
  },
  {
    file: 'src/workspace/threads/advance.ts',
    tests: ['src/workspace/threads/advance.test.ts', 'src/workspace/routes/state-machine.test.ts'],
    edits: [
      ['reopens ? event.at : (thread.waiting_since ?? event.at)', 'event.at'],
      ["thread.state === 'snoozed' ? awake : {}", "thread.state !== 'open' ? awake : {}"],
      ['Math.max(thread.updated_at, event.at)', 'event.at'],
    ],
  },
  {
    file: 'src/workspace/history/capture.ts',
    tests: ['src/workspace/history/capture.test.ts', 'src/workspace/history/random.test.ts'],
    edits: [
      ['if (changes === 0) return 0\n', ''],
      ['db.number(still, ...old) > 0', 'db.number(still, ...old) > 1'],
      ["split('?').length - 1", "split('?').length - 2"],
      ['captured === undefined || ', ''],
    ],
  },
  {
    file: 'src/workspace/history/complete.ts',
    tests: ['src/workspace/history/history.test.ts', 'src/workspace/history/random.test.ts'],
    edits: [
      ['now.set(name, { ...was })', 'now.set(name, was as never)'],
      ['    row[name] = before\n', ''],
    ],
  },
  {
    file: 'src/workspace/search/days.ts',
    tests: ['src/workspace/search/days.test.ts'],
    edits: [
      ['end: midnight(day + 1, timezone)', 'end: midnight(day, timezone) + 86_400'],
      ["hourCycle: 'h23'", "hourCycle: 'h24'"],
    ],
  },
]

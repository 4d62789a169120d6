import type { Mistakes } from './mistake.ts'

const runWrites = 'src/restate/run-writes.test.ts'
const plan = 'src/restate/bulk-plan.test.ts'

export const restate: Mistakes[] = [
  {
    file: 'src/restate/claims.ts',
    tests: ['src/restate/claims.test.ts'],
    edits: [
      ['return owner === operation', 'return true'],
      ['[...known, { item, operation', '[{ item, operation'],
      ['claim.operation !== asked.operation', 'claim.operation === asked.operation'],
      ["found.lastIndexOf(' ')", "found.indexOf(' ')"],
      ['oldest.at + retentionMs - now', 'retentionMs'],
      ['at > now - retentionMs', 'at < now - retentionMs'],
    ],
  },
  {
    file: 'src/restate/once.ts',
    tests: ['src/restate/once.test.ts'],
    edits: [
      ["    else ctx.clear('operation')\n", ''],
      ['const at = known?.at ?? now', 'const at = now'],
      ['known === null ? null : (known.unresolved', 'known?.unresolved == null ? null : (known.unresolved'],
      ["    ctx.set('operation', state)\n    const", '    const'],
      [
        'known.action !== action.name || known.input_hash',
        'known.action !== action.name && known.input_hash',
      ],
    ],
  },
  {
    file: 'src/restate/rate.ts',
    tests: ['src/restate/rate.test.ts'],
    edits: [
      ["ctx.set('schedule', state)", "if (state.limit > 0) ctx.set('schedule', state)"],
      ['encodeURIComponent(app)', 'encodeURI(app)'],
    ],
  },
  {
    file: 'src/restate/concurrency-limit.ts',
    tests: ['src/restate/concurrency-limit.test.ts'],
    edits: [
      ['if (this.#used > 0 && this.#used', 'if (this.#used'],
      ['        limit.release(1)\n', '        limit.release(0)\n'],
      ['      resolve(false)\n      this.#serve()\n', '      resolve(false)\n'],
      [
        'this.#cooldownUntil = performance.now() + cooldownMs',
        'this.#cooldownUntil = performance.now() - cooldownMs',
      ],
      ['if (signalOf(ctx).aborted) releaseUnused()\n', ''],
    ],
  },
  {
    file: 'src/restate/run-writes.ts',
    tests: [runWrites],
    edits: [
      ['tries >= maxTries', 'tries > maxTries'],
      [
        'mistaken.has(write) ? lookAgainFor : result.unresolved',
        'mistaken.has(write) ? result.unresolved : lookAgainFor',
      ],
      ['if (isDone && !mistaken.has(write)) write', 'if (isDone) write'],
      ['begunAt = performance.now() //', 'begunAt = Date.now() //'],
      ['Math.min(owner.startedAt, lease.at + leaseMs)', 'Math.max(owner.startedAt, lease.at + leaseMs)'],
    ],
  },
  {
    file: 'src/restate/write-attempt.ts',
    tests: ['src/restate/write-attempt.test.ts', runWrites],
    edits: [
      ['earlier?.sent_at ?? sentAt ?? begunAt', 'sentAt ?? earlier?.sent_at ?? begunAt'],
      ["earlier === null ? 'not_sent' : 'unknown'", "earlier === null ? 'unknown' : 'not_sent'"],
      ['unknown: unknown || earlier?.unknown === true', 'unknown'],
      ['const unresolved = isUnchanged ? earlier', 'const unresolved = isUnchanged ? null'],
    ],
  },
  {
    file: 'src/restate/attempt-journal.ts',
    tests: ['src/restate/attempt-journal.test.ts'],
    edits: [
      ['      this.#running.delete(key)\n', ''],
      ["    attempt.result = 'unknown'\n", ''],
      ['.catch(() => [])', ''],
      [
        'for (const item of known) attempt.foreign.add(item)',
        'for (const item of known) attempt.foreign.delete(item)',
      ],
    ],
  },
  {
    file: 'src/restate/bulk-plan.ts',
    tests: [plan],
    edits: [
      ['      offset = end\n', ''],
      ['    endChunk(last)\n    return', '    return'],
      ['path.startsWith(home + sep)', '(path + sep).startsWith(home)'],
      ['plan.rows - raws.length + 1', 'plan.rows - raws.length'],
    ],
  },
  {
    file: 'src/restate/bulk-chunk.ts',
    tests: ['src/restate/bulk-chunk.test.ts'],
    edits: [
      ['(await inputs)[row - chunk.first]', '(await inputs)[row]'],
      ['rows: ended.length - remaining.length', 'rows: ended.length'],
      [
        "failure.outcome === 'unknown' || unresolved !== null",
        "(failure.outcome === 'unknown' && unresolved !== null)",
      ],
    ],
  },
  {
    file: 'src/restate/bulk-progress.ts',
    tests: ['src/restate/bulk-progress.test.ts'],
    edits: [
      ['job.failed += problems.length - unknown', 'job.failed += problems.length'],
      ['job.stopped ??= stopped', 'job.stopped = stopped'],
      ['page + 1 < job.pages', 'page < job.pages'],
      ['only: result.remaining }', 'only: chunk.only ?? result.remaining }'],
    ],
  },
]

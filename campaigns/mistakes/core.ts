import type { Mistakes } from './mistake.ts'

export const core: Mistakes[] = [
  {
    file: 'src/core/claims.ts',
    tests: ['src/core/claims.test.ts', 'src/core/send-once.test.ts'],
    edits: [
      ['ids.slice(-maxOfAnswer)', 'ids.slice(0, maxOfAnswer)'],
      ['same.length > missing.length', 'same.length >= missing.length'],
      ['const earliest = Math.min(since', 'const earliest = Math.max(since'],
      ['      known.delete(id)\n      known.add(id)', '      known.add(id)'],
      ['    this.#ledgers.delete(key)\n    this.#ledgers.set', '    this.#ledgers.set'],
    ],
  },
  {
    file: 'src/core/read-back.ts',
    tests: ['src/core/send-once.test.ts'],
    edits: [
      ['const basis = earlier ? new Claims() : claims', 'const basis = claims'],
      ['earlier ? clockDoubtSeconds : 0)', 'earlier ? 0 : clockDoubtSeconds)'],
      [
        'verdict.clear ? [] : await idsOfOthers(attempt, key, rest)',
        'await idsOfOthers(attempt, key, rest.filter(({ same }) => same))',
      ],
      [
        'const { body: text, attachment_urls, ...rest } = body ?? {}',
        'const { body: text, ...rest } = body ?? {}',
      ],
    ],
  },
  {
    file: 'src/core/send-once.ts',
    tests: ['src/core/send-once.test.ts'],
    edits: [
      ['const newest = made.at(-1)', 'const newest = made.at(0)'],
      ['settle(context, attempt, { at: first.at, error: again.error })', 'settle(context, attempt, again)'],
      ["error.code === 'aborted' ?", "error.code === 'cancelled' ?"],
      ['earlier.alive_at + settled - now', 'earlier.sent_at + settled - now'],
      ['if (mayResend && verdict.clear) return', 'if (mayResend) return'],
      ['    await attempt?.recordSend()\n', '    void attempt?.recordSend()\n'],
    ],
  },
  {
    file: 'src/core/idempotency.ts',
    tests: ['src/core/idempotency.test.ts', 'test/idempotency/toolset-restarts.test.ts'],
    edits: [
      ['earlier?.sent_at ?? begun_at ??', 'begun_at ??'],
      ["onlyLook ? 'unchanged' : 'unknown'", "onlyLook ? 'unchanged' : 'no_effect'"],
      ['!retryable && status !== 401 && status !== 403', '!retryable && status !== 401'],
      ['journal.finish(key, owner, ended, story', 'journal.finish(key, key, ended, story'],
      ['pause = Math.min(longestPollMs, pause * 2)', 'pause = Math.max(longestPollMs, pause * 2)'],
    ],
  },
  {
    file: 'src/core/sqlite-journal.ts',
    tests: ['src/core/sqlite-journal.test.ts'],
    edits: [
      ['sent_at = iif(unknown, sent_at, ?)', 'sent_at = iif(unknown, ?, sent_at)'],
      ['unknown = max(unknown, :unknown)', 'unknown = :unknown'],
      [
        'owner === null ? lease_until : lease_until - leaseMs',
        'owner === null ? lease_until - leaseMs : lease_until',
      ],
      ["        if (acquired?.state !== 'acquired') released(owner)\n", ''],
      [
        'retryWhileBusy(() => finish(key, owner, result, steps)).finally(',
        'retryWhileBusy(() => finish(key, owner, result, steps)).then(',
      ],
      ['DELETE FROM claims WHERE claimed_at < ?', 'DELETE FROM claims WHERE claimed_at > ?'],
    ],
  },
  {
    file: 'src/core/keyed-mutex.ts',
    tests: ['src/core/keyed-mutex.test.ts'],
    edits: [
      ['if (this.#ended.get(key) === ended) this.#ended.delete(key)', 'this.#ended.delete(key)'],
      ['turn.then(() => done)', 'done'],
    ],
  },
  {
    file: 'src/core/run.ts',
    tests: ['src/core/run.test.ts', 'test/actions/options.test.ts'],
    edits: [
      [
        "if (request.semantics !== 'safe') began = 'a write'",
        "if (request.semantics === 'non-idempotent') began = 'a write'",
      ],
      ['if (error.hint !== null || hint === undefined) return error', 'if (hint === undefined) return error'],
      [
        "request.semantics === 'safe' ? send(request)",
        "request.semantics !== 'non-idempotent' ? send(request)",
      ],
    ],
  },
  {
    file: 'src/core/memory.ts',
    tests: ['src/core/memory.test.ts'],
    edits: [['    this.#entries.delete(key)\n    this.#entries.set', '    this.#entries.set']],
  },
  {
    file: 'src/core/exact-json.ts',
    tests: ['test/tools/exact-numbers.test.ts', 'src/bulk/jsonl.test.ts'],
    edits: [
      ['|-?\\d[\\d.eE+-]*/g', '|-?\\d[\\d]*/g'],
      ["else if (token === '}') open.pop()", "else if (token === '}') open.splice(0)"],
    ],
  },
  {
    file: 'src/core/host-input.ts',
    tests: ['src/core/host-input.test.ts', 'test/input/input.test.ts'],
    edits: [
      ['value === undefined || value === null || (typeof', 'value === undefined || (typeof'],
      ['isNothing(item) ? undefined : withoutNothing(item)', 'item'],
      ['Number.isSafeInteger(value) ? String(value)', 'Number.isInteger(value) ? String(value)'],
      ['Number.isSafeInteger(number)) return', 'Number.isInteger(number)) return'],
      ['if (found.length === 1) return found[0]', 'if (found.length >= 1) return found[0]'],
      ["(spreadsheet && word === 'yes')", "word === 'yes'"],
      ['!Object.hasOwn(preset, name) && value !== undefined', 'value !== undefined'],
    ],
  },
  {
    file: 'src/core/http-status.ts',
    tests: ['test/rest/rest.test.ts', 'src/restate/response.test.ts'],
    edits: [
      ['![408, 425, 429].includes(status)', '![408, 429].includes(status)'],
      ['if (status === 401) return 403', 'if (status === 403) return 401'],
    ],
  },
  {
    file: 'src/core/page-part.ts',
    tests: ['test/compact/long-pages.test.ts', 'test/compact/list-pages.test.ts'],
    edits: [
      ['skip < per_page && per', 'per'],
      ['per_page <= mostRows', 'per_page <= 10 * mostRows'],
      ["after.trim() === '' || ours.test(after)", 'ours.test(after)'],
      ["after.trim() === '' || ours.test(after)", "after.trim() === ''"],
      ['rows.length <= end)', 'rows.length < end)'],
      ['rows: rows.slice(part.skip), within', 'rows: [...rows], within'],
      ['end % size === 0', 'end % size < 2'],
      ['page: before + 2', 'page: before + 1'],
      ['skip + given >= per_page', 'skip + given > per_page'],
      ['{ ...within, take: per_page }', '{ ...within, take: within.request.per_page }'],
      ['ours.test(cursor) && readCursor', 'readCursor'],
    ],
  },
  {
    file: 'src/core/same-text.ts',
    tests: ['src/core/same-text.test.ts'],
    edits: [["cut.normalize('NFC')", 'cut']],
  },
]

import type { Mistakes } from './mistake.ts'

const bulkTests = 'src/bulk/bulk.test.ts'

export const bulk: Mistakes[] = [
  {
    file: 'src/bulk/send.ts',
    tests: [bulkTests],
    edits: [
      ['      consecutiveFailures = 0\n', ''],
      [
        'if (keys.some((key) => deferred.has(key))) return defer(keys)',
        'if (keys.every((key) => deferred.has(key))) return defer(keys)',
      ],
      ['if (status === 401 || status === 403)', 'if (status === 401)'],
      ['result.failure === null || key !== first', 'result.failure === null'],
      ['await write([...unsettled.splice(0), result])', 'await write([...unsettled, result])'],
      [
        "if (known !== null && (known !== 'held' || last)) continue",
        "if (known !== null && known !== 'held' && last) continue",
      ],
      ['  if (error === undefined && !isStopped()) await write(unsettled)\n', ''],
      [
        '        if (next === undefined) inFlight -= 1\n        else next()',
        '        inFlight -= 1\n        next?.()',
      ],
    ],
  },
  {
    file: 'src/bulk/results.ts',
    tests: ['src/bulk/results.test.ts', bulkTests],
    edits: [
      ['if (whole < (await handle.stat()).size) await', 'if (whole === 0) await'],
      ['row > outcomes.rows', 'row >= outcomes.rows'],
      ['  if (line !== null) reasons.note(line)\n', ''],
    ],
  },
  {
    file: 'src/bulk/columns.ts',
    tests: ['src/bulk/columns.test.ts'],
    edits: [
      ["rest.lastIndexOf(':')", "rest.indexOf(':')"],
      ['Object.values(value) : value', 'Object.keys(value) : value'],
    ],
  },
  {
    file: 'src/bulk/csv.ts',
    tests: ['src/bulk/csv.test.ts', 'src/bulk/columns.test.ts'],
    edits: [
      ["cell === '' && !quoting ? undefined : cell", "cell === '' && quoting ? undefined : cell"],
      ['line += breaksIn(own.raw) + 1', 'line += 1'],
      ['cells.length === width ? cells.with', 'cells.length > 0 ? cells.with'],
    ],
  },
  {
    file: 'src/bulk/jsonl.ts',
    tests: ['src/bulk/jsonl.test.ts', 'src/restate/bulk-plan.test.ts'],
    edits: [
      ['Buffer.byteLength(text) + 1', 'text.length + 1'],
      ["    rest = lines.pop() ?? ''\n", "    rest = lines.at(-1) ?? ''\n"],
    ],
  },
  {
    file: 'src/cli/flags.ts',
    tests: ['test/cli/cli.test.ts'],
    edits: [
      ['  if (name in values) throw', '  if (values[name] === true) throw'],
      ['[...((values[name] as unknown[] | undefined) ?? []), value]', '[value]'],
      ['    .map((name) => name.trim())', ''],
    ],
  },
  {
    file: 'src/cli/bulk/progress.ts',
    tests: ['src/cli/bulk/progress.test.ts'],
    edits: [
      ['(rows - done) / rate', 'rows / rate'],
      ['whole % 60} s`', 'whole} s`'],
    ],
  },
  {
    file: 'src/bulk/clearing.ts',
    tests: ['src/bulk/clearing.test.ts'],
    edits: [["output['action_type'] === 'created'", "output['action_type'] === null"]],
  },
]

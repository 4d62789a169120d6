import assert from 'node:assert/strict'
import test from 'node:test'
import { HOW_TO_GET_THE_DESCRIPTION } from '../openapi-validator/index.ts'
import { compareExamples, matches, situations, type Verdict } from './examples/compare.ts'
import { covers, keysOf } from './examples/keys.ts'
import { MISMATCHES } from './examples/mismatches.ts'

const file = process.env['INTERCOM_OPENAPI']
const skip = file ? false : HOW_TO_GET_THE_DESCRIPTION
const verdicts = file ? await compareExamples(file) : []
const compared = verdicts.filter(({ pending }) => !pending)

test('official examples are answered with the same status and the same keys, or listed', { skip }, (t) => {
  const matching = compared.filter(matches).length
  t.diagnostic(
    `${matching} of ${verdicts.length} examples match, ${verdicts.length - compared.length} are pending`,
  )
  assert.deepEqual(compared.flatMap(unlisted), [])
  assert.ok(matching > 90, `only ${matching} examples match`)
})

test('every listed mismatch still is one, and every example that a row names is there', { skip }, () => {
  const stale = MISMATCHES.flatMap((row) =>
    row.examples.filter((name) => {
      const verdict = verdicts.find((one) => one.name === name)
      if (verdict?.pending) return false
      if (!verdict) return true
      if (row.unreachable) return verdict.missing === undefined
      const { more = [], less = [] } = row
      return (
        !verdict.more.some((path) => named(more, path)) && !verdict.less.some((path) => named(less, path))
      )
    }),
  )
  assert.deepEqual(stale, [])
})

test('every situation belongs to an example', { skip }, () => {
  const names = new Set(verdicts.map(({ name }) => name))
  assert.deepEqual(
    Object.keys(situations).filter((name) => !names.has(name)),
    [],
  )
})

test('no mismatch is without its section and reason', () => {
  for (const { section, reason, examples } of MISMATCHES) assert.ok(section && reason && examples.length > 0)
})

test('the keys of a list are those of all its items, and null has none', () => {
  assert.deepEqual([...keysOf({ data: [{ id: 1 }, { name: null }] })], ['data', 'data[].id', 'data[].name'])
  assert.ok(covers('statistics', 'conversations[].statistics.type'))
  assert.ok(!covers('statistics', 'conversation_statistics.type'))
})

/** What of a verdict no row of the table explains. */
function unlisted({ name, missing, status, more, less }: Verdict): string[] {
  const rows = MISMATCHES.filter(({ examples }) => examples.includes(name))
  if (missing !== undefined) return rows.some(({ unreachable }) => unreachable) ? [] : [`${name}: ${missing}`]
  const newKeys = more.filter((path) => !rows.some((row) => named(row.more ?? [], path)))
  const lostKeys = less.filter((path) => !rows.some((row) => named(row.less ?? [], path)))
  return [
    ...(status === undefined ? [] : [`${name}: status ${status}`]),
    ...newKeys.map((path) => `${name}: only ours has ${path}`),
    ...lostKeys.map((path) => `${name}: ours lacks ${path}`),
  ]
}

function named(keys: readonly string[], path: string): boolean {
  return keys.some((key) => covers(key, path))
}

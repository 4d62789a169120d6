import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failed } from '../core/run.ts'
import { invalidInput } from '../errors.ts'
import { Reasons, reasonOf } from './reasons.ts'

const failure = {
  code: 'parameter_invalid',
  status: 400,
  field: null,
  request_id: 'r-1',
  retryable: false,
  hint: null,
  outcome: 'rejected',
} as const

/** As an action says it. */
const said = (message: string, hint: string | null = null, request = '0021abc') => ({
  failure: { ...failure, hint },
  output: {
    success: false as const,
    error: `upsert_contact: 400 parameter_invalid: ${message} (request ${request}).${hint === null ? '' : ` ${hint}.`}`,
  },
})

const alike: [what: string, one: string, other: string][] = [
  ['numbers', 'Contact 17 not found', 'Contact 215474207000299 not found'],
  ['ids', 'Contact 6ae1fdd643ad8b26100000c8 not found', 'Contact 17 not found'],
  [
    'uuids',
    'User f81d4fae-7dec-11d0-a765-00a0c91e6bf6 is archived',
    'User 0e37df36-f698-11e6-8dd4-cb9ced3df976 is archived',
  ],
  ['e-mails', 'ada@x.example is taken', 'grace.hopper+1@mail.y.example is taken'],
  ['e-mails in brackets', 'Taken (ada@x.example)', 'Taken (o’neil@x.example)'],
  ['URLs', 'No file at https://x.example/a?b=1', 'No file at http://y.example/c'],
  ['phones', 'Phone +4915112345678 is invalid', 'Phone +12025550123 is invalid'],
  [
    'lists of ids',
    'Several contacts fit: 1234567, 2345678',
    'Several contacts fit: 1234567, 2345678 and 3456789',
  ],
  [
    'values that are shown',
    'email is not an e-mail address (given "x")',
    'email is not an e-mail address (given "a \\"b\\" c")',
  ],
  ['values that are no text', 'role must be "user" (given 7)', 'role must be "user" (given null)'],
  ['dates', 'Too old: 2024-01-31', 'Too old: 2025-12-01'],
]
for (const [what, one, other] of alike) {
  test(`${what} make no difference between reasons`, () => {
    assert.equal(reasonOf(said(one)).key, reasonOf(said(other)).key)
    assert.notEqual(reasonOf(said(one)).key, reasonOf(said('Something else')).key)
  })
}

const different: [one: string, other: string][] = [
  ["Custom attribute 'first_seen' does not exist", "Custom attribute 'last_seen' does not exist"],
  ["Custom attribute 'seen_2024' does not exist", "Custom attribute 'seen_2025' does not exist"],
  ['unknown parameter "plan"', 'unknown parameter "seats"'],
  ['name must be a string', 'email must be a string'],
]
for (const [one, other] of different) {
  test(`${one} is another reason than ${other}`, () => {
    assert.notEqual(reasonOf(said(one)).key, reasonOf(said(other)).key)
  })
}

test('a reason has neither the action nor the request, and its hint only where the whole is told', () => {
  assert.deepEqual(reasonOf(said("Custom attribute 'first_seen' does not exist", 'Create it first')), {
    whole: "400 parameter_invalid: Custom attribute 'first_seen' does not exist. Create it first.",
    reason: "Custom attribute 'first_seen' does not exist",
    key: "Custom attribute 'first_seen' does not exist",
  })
  const own = failed(
    { name: 'create_note' },
    invalidInput('body is required', 'Nothing was sent.'),
    (text) => text,
  )
  assert.equal(reasonOf(own).reason, 'body is required')
})

test('rows are counted by reason, with the first line of each, those with most rows first', () => {
  const reasons = new Reasons(10)
  const note = (row: number, message: string, outcome: 'rejected' | 'unknown' = 'rejected') =>
    reasons.note({ row, line: row + 1, outcome, ...said(message, null, `r${row}`) })
  note(4, 'Contact 4 not found')
  note(2, 'Contact 2 not found')
  note(3, 'Name is too long')
  note(5, 'Contact 5 not found', 'unknown')
  reasons.note({ row: 1, line: 2, outcome: 'success' })
  assert.deepEqual(reasons.groups(), [
    { outcome: 'failed', rows: 2, reason: 'Contact … not found', first_line: 3 },
    { outcome: 'failed', rows: 1, reason: 'Name is too long', first_line: 4 },
    { outcome: 'unknown', rows: 1, reason: 'Contact 5 not found', first_line: 6 },
  ])
  assert.equal(reasons.of(2), '400 parameter_invalid: Contact 2 not found.')
  assert.equal(reasons.of(1), '')
})

test('of very many different texts each row still has its reason, then without the value', () => {
  const count = 20_010
  const reasons = new Reasons(count)
  for (let row = 1; row <= count; row++)
    reasons.note({ row, line: row, outcome: 'rejected', ...said(`Contact ${row} not found`) })
  assert.match(reasons.of(7), /Contact 7 not found/)
  assert.deepEqual([reasons.groups().length, reasons.of(count)], [1, 'Contact … not found'])
})

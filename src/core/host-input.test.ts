import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import type { ActionInfo } from './action.ts'
import { envelope } from './envelope.ts'
import { type HostInputOptions, hostInput } from './host-input.ts'
import { hostPlumbing } from './host-plumbing.ts'

const action: ActionInfo = {
  name: 'do_it',
  title: 'Do it',
  description: 'For tests.',
  effect: 'read',
  input: z.strictObject({
    id: z.string(),
    subject: z.string(),
    name: z.string().optional(),
    kind: z.enum(['in_app', 'email']).default('in_app'),
    size: z.int().default(5),
    on: z.boolean().optional(),
    links: z.array(z.string()).optional(),
    fields: z.record(z.string(), z.unknown()).optional(),
    tool: z.string().optional(),
  }),
  output: envelope({}),
  host: { mayBeEmpty: ['subject'] },
}

const own = { id: '7', subject: 'Hi' }

/** What becomes of some fields beside those that are required. */
function read(given: Record<string, unknown>, options?: HostInputOptions): unknown {
  const input = hostInput(action, { ...own, ...given }, options) as Record<string, unknown>
  return Object.fromEntries(Object.entries(input).filter(([name]) => !(name in own)))
}

/** Blanks of every kind, each written so that a reader sees it. */
const blanks = [
  '',
  ' ',
  '\t\r\n',
  '\u00a0',
  '\u2003',
  '\u3000',
  '\u200b',
  '\ufeff',
  '\u2060\u00ad',
  '\u2800\u3164',
]

test('null and blanks of every kind are as good as absent where a parameter is optional', () => {
  assert.deepEqual(read({ size: 'null', on: 'null', links: ' null', fields: 'null', name: 'null' }), {
    name: 'null',
  })
  for (const nothing of [null, undefined, ...blanks]) {
    const optional = ['name', 'kind', 'size', 'on', 'links', 'fields', 'tool']
    assert.deepEqual(read(Object.fromEntries(optional.map((name) => [name, nothing]))), {})
  }
})

test('blanks inside a list or an object say nothing either, and leave nothing behind', () => {
  assert.deepEqual(read({ links: ['', 'a', null, '\u200b'], fields: { plan: '', a: null, seats: 0 } }), {
    links: ['a'],
    fields: { seats: 0 },
  })
  assert.deepEqual(read({ links: ['', null], fields: { plan: ' ', deep: { a: null } } }), {})
  assert.deepEqual(read({ links: [], fields: {} }), { links: [], fields: {} })
  assert.deepEqual(read({ links: {}, fields: [] }), {}) // as PHP and Lua write what is empty
  assert.deepEqual(read({ links: '{}', fields: '[]' }), {})
  assert.deepEqual(read({ fields: { list: ['', null], on: false } }), {
    fields: { list: ['', null], on: false },
  })
})

test('what is required and null or blank is named, unless blank text is meant or something fills it', () => {
  const wrong = [
    [{ id: null, subject: 'Hi' }, 'id is required (null was given)', 'id'],
    [
      { id: '\u200b', subject: null },
      'id is required (blank text was given); subject is required (null was given)',
      'id',
    ],
  ] as const
  for (const [given, message, field] of wrong)
    assert.throws(() => hostInput(action, given), {
      code: 'invalid_input',
      message,
      field,
      outcome: 'not_sent',
    })
  assert.deepEqual(hostInput(action, { id: '7', subject: '' }), { id: '7', subject: '' })
  assert.deepEqual(hostInput(action, { id: null, subject: '' }, { preset: { id: '1' } }), { subject: '' })
})

test('scalars are read exactly, and what is not exact stays for the action to refuse', () => {
  const cases: [name: string, given: unknown, read: unknown][] = [
    ['name', 215474207000299, '215474207000299'],
    ['name', 9007199254740991, '9007199254740991'],
    ['name', 0, '0'],
    ['name', 9007199254740992, 9007199254740992],
    ['name', 1.5, 1.5],
    ['name', Number.NaN, Number.NaN],
    ['name', true, true],
    ['name', ' a ', ' a '],
    ['name', '{"a":1}', '{"a":1}'],
    ['kind', ' Email ', 'email'],
    ['kind', 'In-App', 'in_app'],
    ['kind', 'mail', 'mail'],
    ['size', '50', 50],
    ['size', ' +50\u00a0', 50],
    ['size', '50.0', 50],
    ['size', 50.5, 50.5],
    ['on', ' TRUE', true],
    ['on', 'False', false],
    ['on', 1, 1],
    ['links', 'https://a', ['https://a']],
    ['links', '["a",7]', ['a', '7']],
    ['links', '[broken', ['[broken']],
    ['links', 7, 7],
    ['fields', ' {"a":1}', { a: 1 }],
    ['kind', 'e-mail', 'email'],
    ['kind', 'E_Mail', 'email'],
    ['kind', 'in app', 'in_app'],
    ['kind', 'inapp', 'in_app'],
    ['kind', 'e mails', 'e mails'],
    ['fields', '{broken', '{broken'],
    ['fields', ['a'], ['a']],
    ['fields', { list: [] }, { list: [] }],
  ]
  for (const [name, given, expected] of cases)
    assert.deepEqual(read({ [name]: given }), { [name]: expected }, `${name} ${String(given)}`)
})

test('text that is no number and no boolean is refused by name, and so is a number that would be rounded', () => {
  for (const given of [
    '5e1',
    '0x32',
    '50.5',
    '5 0',
    'many',
    '9007199254740993',
    '49.00000000000000000001',
    '٥',
  ])
    assert.throws(
      () => read({ size: given }),
      { field: 'size', message: 'size must be a whole number' },
      given,
    )
  for (const given of ['yes', 'no', '1', 'on'])
    assert.throws(() => read({ on: given }), { field: 'on', message: 'on must be true or false' }, given)
  assert.deepEqual(read({ on: 'Yes ' }, { spreadsheet: true }), { on: true })
  assert.deepEqual(read({ on: 'NO' }, { spreadsheet: true }), { on: false })
  for (const [field, text] of [
    ['fields', '{"n":9007199254740993}'],
    ['links', '[9007199254740993]'],
  ] as const)
    assert.throws(() => read({ [field]: text }), { field, message: /would be rounded; send it as text/ })
})

test('the whole input may be JSON text, also twice, or nothing at all', () => {
  assert.deepEqual(hostInput(action, JSON.stringify(own)), own)
  assert.deepEqual(hostInput(action, JSON.stringify(JSON.stringify(own))), own)
  for (const given of [undefined, null, '', ' ', 'null', [], '[]'])
    assert.deepEqual(hostInput(action, given), {})
  for (const given of ['{broken', 7, [own], new Map()]) assert.equal(hostInput(action, given), given)
})

test('what known hosts add is dropped, unless the action has a parameter of the name; the rest stays', () => {
  const added = Object.fromEntries(Object.keys(hostPlumbing).map((name) => [name, 'x']))
  assert.deepEqual(read({ ...added, unknown: 1 }), { tool: 'x', unknown: 1 })
  assert.deepEqual(read({ trace: 1, name: 'Ada' }, { ignored: ['trace', 'name'] }), { name: 'Ada' })
  for (const source of Object.values(hostPlumbing)) assert.ok(URL.canParse(source))
})

test('half a million blanks inside a text are passed over in time', () => {
  const from = process.cpuUsage()
  const text = `a${' \u200b'.repeat(250_000)}b`
  for (const name of ['kind', 'size', 'on', 'links', 'fields', 'name']) {
    try {
      read({ [name]: text })
    } catch {} // refused
  }
  assert.ok(process.cpuUsage(from).user < 5_000_000)
})

test('blanks around an identifier do not count; what is invisible, and blanks around other texts, stay', () => {
  const given = (input: Record<string, unknown>) =>
    hostInput(action, { ...own, ...input }) as Record<string, unknown>
  assert.equal(given({ id: ' \t7\u00a0\r\n' })['id'], '7')
  assert.equal(given({ id: '7\u200b' })['id'], '7\u200b')
  assert.equal(given({ name: ' Ada ' })['name'], ' Ada ')
  assert.equal(given({ subject: ' Hi' })['subject'], ' Hi')
  const from = process.cpuUsage()
  given({ id: `a${' '.repeat(200_000)}b` })
  assert.ok(process.cpuUsage(from).user < 2_000_000)
})

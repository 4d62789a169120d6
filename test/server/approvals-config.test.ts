// Operators of a configuration, and what may not be one.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { operatorsOf } from '../../src/server/approvals/operators.ts'
import { limitsOf, parseConfig } from '../../src/server/config.ts'
import { callersOf } from '../../src/server/configured-callers.ts'
import { hashKey } from '../../src/server/keys.ts'
import { keys } from '../support/approvals-desk.ts'
import { caller } from '../support/served.ts'

const env = { ADA: keys.ada, NIGHT: keys.night, AGENT: keys.agent, SHORT: 'short', BLANK: ' ' }
const callers = [caller(keys.agent, { name: 'agent' }), caller(keys.other, { name: 'other' })]
const made = (...operators: object[]) =>
  operatorsOf(parseConfig(JSON.stringify({ operators })).operators ?? [], { env, folder: '.' }, callers)
const ada = (own: object = {}) => ({ name: 'ada', key_env: 'ADA', ...own })

test('operators are known by the hash of a key, and may be for some callers only', () => {
  const key_sha256 = hashKey(keys.night).toString('hex')
  const found = made(ada(), { name: 'night', key_sha256, callers: ['agent'] })
  assert.deepEqual(
    found.map(({ name, keyHash, callers }) => ({ name, keyHash, callers })),
    [
      { name: 'ada', keyHash: hashKey(keys.ada), callers: null },
      { name: 'night', keyHash: hashKey(keys.night), callers: ['agent'] },
    ],
  )
})

test('a wrong operator is refused, by its place', () => {
  const agentHash = hashKey(keys.agent).toString('hex')
  const wrong: [object[], RegExp][] = [
    [[], /operators takes one or more/],
    [[{ name: 'ada' }], /operators\[0\] takes exactly one of key_env, key_file, key_sha256/],
    [[ada({ key_file: 'x' })], /operators\[0\] takes exactly one/],
    [[ada({ key: 'canary' })], /operators\[0\]\.key: this file holds no secrets/],
    [[ada({ calers: ['agent'] })], /there is no operators\[0\]\."calers"\. Did you mean "callers"/],
    [[ada({ callers: [] })], /operators\[0\]\.callers takes one or more/],
    [
      [ada({ callers: ['agnet'] })],
      /operators\[0\]\.callers: no key is named "agnet"\. Did you mean "agent"/,
    ],
    [[ada({ key_env: 'SHORT' })], /operators\[0\].*24 or more/],
    [[ada({ key_env: 'BLANK' })], /operators\[0\]\.key_env: the variable BLANK is not set/],
    [[ada({ key_env: 'NONE' })], /operators\[0\]\.key_env: the variable NONE is not set/],
    [[ada(), ada({ key_env: 'NIGHT' })], /operators\[1\]\.name is taken/],
    [[ada(), ada({ name: 'bob' })], /operators\[1\] has the same key as another operator/],
    [[ada({ key_env: 'AGENT' })], /operators\[0\]: an operator's key cannot be an API key too/],
    [[{ name: 'ada', key_sha256: agentHash }], /cannot be an API key too/],
  ]
  for (const [operators, message] of wrong)
    assert.throws(() => made(...operators), message, JSON.stringify(operators))
})

test('the example of the documentation is understood', () => {
  const page = readFileSync(new URL('../../docs/approvals.md', import.meta.url), 'utf8')
  const config = parseConfig(/```json\n(.*?)```/s.exec(page)?.[1] ?? '')
  const sources = { env: { AGENT_KEY: keys.agent, NIGHT_KEY: keys.night, ACME_TOKEN: 'token' }, folder: '.' }
  const callers = callersOf(config.keys ?? [], sources)
  const operators = operatorsOf(config.operators ?? [], sources, callers)
  assert.deepEqual(
    operators.map(({ name, callers }) => [name, callers]),
    [
      ['ada', null],
      ['night-shift', ['support-agent']],
    ],
  )
})

test('what belongs to approvals is checked', () => {
  const parsed = (config: object) => parseConfig(JSON.stringify(config))
  const notify_url = 'https://hooks.example.com/'
  parsed({ keys: [{ name: 'a', key_env: 'A', access_token_env: 'B', confirm_by: ['form', 'app'] }] })
  parsed({ approvals: { notify_url, notify_secret_env: 'SECRET', file: 'a.db', expires_hours: 1 } })
  for (const [config, message] of [
    [{ approvals: { notify_url } }, /approvals takes exactly one of notify_secret_env, notify_secret_file/],
    [{ approvals: { notify_secret_env: 'SECRET' } }, /needs notify_url/],
    [{ approvals: { notify_secret: 'canary' } }, /there is no approvals\."notify_secret"/],
    [
      { keys: [{ name: 'a', key_env: 'A', access_token_env: 'B', confirm_by: ['page'] }] },
      /keys\[0\]\.confirm_by\[0\] takes "form", "app"/,
    ],
    [{ approvals: { expires_hours: 0 } }, /approvals\.expires_hours takes 1 or more/],
    [{ approvals: { expire_hours: 1 } }, /Did you mean "expires_hours"/],
    [{ listen: { public_url: 'mcp.example.com' } }, /listen\.public_url takes an origin/],
    [{ listen: { public_url: 'https://mcp.example.com/path' } }, /listen\.public_url takes an origin/],
    [
      { keys: [{ name: 'approval', key_env: 'A', access_token_env: 'B' }] },
      /keys\[0\]\.name takes another name than "approval"/,
    ],
  ] as const)
    assert.throws(() => parsed(config), message, JSON.stringify(config))
  assert.equal(limitsOf(parsed({ limits: { waiting_approvals: 7 } }).limits).waitingApprovals, 7)
})

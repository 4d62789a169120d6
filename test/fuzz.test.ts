import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { actions, createIntercom, describe, type Intercom } from '../src/index.ts'
import { type Received, scriptedIntercom, scriptedToken } from './support/scripted-intercom.ts'

/** Paths an action may reach: a `*` is one encoded segment. */
const paths: Record<string, string[]> = {
  get_contact: ['GET /contacts/*'],
  search_contacts: ['POST /contacts/search'],
  upsert_contact: ['POST /contacts/search', 'POST /contacts', 'GET /contacts/*', 'PUT /contacts/*'],
  create_note: ['POST /contacts/*/notes'],
  add_tag_to_contact: ['POST /contacts/*/tags'],
  list_tags: ['GET /tags'],
  list_admins: ['GET /admins'],
  get_conversation: ['GET /conversations/*'],
  list_conversations: ['GET /conversations'],
  search_conversations: ['POST /conversations/search'],
  send_incoming_message: ['GET /contacts/*', 'POST /conversations'],
  send_message_to_contact: ['POST /messages', 'GET /contacts/*'],
  reply_to_conversation: ['POST /conversations/*/reply'],
}

let intercom: Intercom
let received: Received[]
let close: () => Promise<void>

before(async () => {
  const server = await scriptedIntercom(({ path }) => ({
    json: path.endsWith('/search')
      ? { type: 'list', data: [], conversations: [], total_count: 0 }
      : { type: 'contact', id: '0123456789abcdef01234567', role: 'user', conversations: [], data: [] },
  }))
  ;({ intercom, received, close } = server)
})
after(() => close())

const hostile = fc.constantFrom(
  '..',
  '../admins',
  '%2e%2e/',
  'a/../../b',
  'last',
  'search',
  "' OR 1=1 --",
  '\u0000',
  '\r\nX: y',
  '\ud800',
  '__proto__',
  '{"$ne":1}',
  '[[[[[',
  scriptedToken,
  'a'.repeat(5000),
)
/** Values that some parameter takes, so that calls get past the checks and onto the wire. */
const plausible: Record<string, unknown[]> = {
  email: ['ada@example.com', 'ADA@example.com'],
  role: ['user', 'lead'],
  avatar: ['https://example.com/a.png', ''],
  unsubscribed_from_emails: [true, false],
  custom_attributes: [{ plan: 'pro' }, {}, { '../x': null }],
  query_field: ['email', 'created_at', 'state', 'custom_attributes.x', 'role'],
  query_operator: ['=', '!=', '>', 'IN', 'AND', 'OR', '~'],
  query_value: ['1', '2026-01-31', 'a,b', '[{"field":"id","operator":"=","value":"1"}]'],
  per_page: [-1, 1, 1000],
  to_type: ['user', 'lead'],
  message_type: ['in_app', 'inapp', 'email', 'comment', 'note'],
  template: ['plain', 'personal'],
  reply_type: ['user', 'admin'],
  attachment_urls: [['https://example.com/a.png'], []],
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  hostile,
  fc.constantFrom('1', 'user', 'admin', 'a@b.c'),
)
const value = fc.oneof(text, fc.anything({ maxDepth: 3 }), fc.constant(undefined))

/** Mostly what a parameter takes, sometimes nothing, sometimes anything at all. */
const valueFor = (key: string) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...(plausible[key] ?? ['1', 'abc', 'ä b/c?d#e'])) },
    { weight: 2, arbitrary: text },
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: value },
  )

const calls = fc.constantFrom(...actions.map(describe)).chain(({ name, parameters }) =>
  fc.tuple(
    fc.constant(name),
    fc.oneof(
      {
        weight: 20,
        arbitrary: fc.record(Object.fromEntries(Object.keys(parameters).map((key) => [key, valueFor(key)]))),
      },
      { weight: 1, arbitrary: fc.anything() },
    ),
  ),
)

const reached = new Set<string>()

test('no input makes a call throw, reach a foreign path, or show the token', async () => {
  await fc.assert(
    fc.asyncProperty(calls, async ([name, input]) => {
      received.length = 0
      const result = await intercom.call(name as string, input)
      assert.equal(typeof result.output.success, 'boolean')
      assert.equal(result.output.success, result.output.error === null)
      assert.equal(result.output.success, result.failure === null)
      for (const { method, path } of received) {
        const shape = `${method} ${path.split('?')[0]}`
        const allowed = paths[name]?.some((one) =>
          new RegExp(`^${one.replaceAll('*', '[^/?#]+')}$`).test(shape),
        )
        assert.ok(allowed, `${name} reached ${shape}`)
        reached.add(name)
        assert.ok(!decodeURIComponent(path).includes(scriptedToken))
      }
      const { error, failure } = { error: result.output.error, failure: result.failure }
      assert.ok(!inspect([error, failure], { depth: 9 }).includes(scriptedToken.slice(0, 12)))
    }),
    { numRuns: 3000, seed: 20261122 },
  )
  assert.equal(reached.size, actions.length, `only ${[...reached]} sent anything at all`)
})

test('an unknown name is an envelope too', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (name) => {
      fc.pre(!(name in paths))
      const output = await intercom.run(name, {})
      assert.deepEqual([output.success, typeof output.error], [false, 'string'])
    }),
    { numRuns: 300, seed: 7 },
  )
})

test('a client with no token or a wrong host is refused when it is made', () => {
  for (const accessToken of ['', ' ', 'a b', 'tok\u0000en', 'ключ']) {
    assert.throws(() => createIntercom({ accessToken }), { name: 'IntercomError' })
  }
})

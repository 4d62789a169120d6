import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { withToolsets } from '../../src/actions/toolsets.ts'
import { operatorsOf } from '../../src/server/approvals/operators.ts'
import { defaultLimits, limitsOf, parseConfig } from '../../src/server/config.ts'
import { callersOf } from '../../src/server/configured-callers.ts'
import { hashKey } from '../../src/server/keys.ts'
import { mcpMount, restMounts } from '../../src/server/mounts.ts'
import { exchange, request, served } from '../support/served.ts'

const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-serve-'))
after(() => rmSync(folder, { recursive: true }))
writeFileSync(join(folder, 'key'), 'key-of-the-support-agent-0001\n')
writeFileSync(join(folder, 'empty'), '\n')
chmodSync(join(folder, 'key'), 0o600)

const env = {
  SUPPORT_KEY: 'key-of-the-support-agent-0001',
  BILLING_KEY: 'key-of-the-billing-agent-0002',
  SHORT_KEY: 'short',
  TOKEN: 'token-of-the-workspace',
}
const sources = { env, folder }
const key = (own: object = {}) => ({
  name: 'support',
  key_env: 'SUPPORT_KEY',
  access_token_env: 'TOKEN',
  ...own,
})
const callers = (...keys: object[]) => callersOf(parseConfig(JSON.stringify({ keys })).keys ?? [], sources)

test('a whole configuration is understood', () => {
  const config = parseConfig(
    JSON.stringify({
      listen: { host: '0.0.0.0', port: 80, hosts: ['mcp.example.com'], origins: ['https://app.example.com'] },
      keys: [
        {
          name: 'support',
          key_file: 'key',
          access_token_env: 'TOKEN',
          base_url: 'https://api.eu.intercom.io',
          read_only: false,
          only: ['reply_to_conversation'],
          deny: [],
          sends: 'confirm',
          approve: ['send', 'create_note'],
          output: 'full',
          parameter_defaults: { reply_to_conversation: { message_type: 'note' } },
          parameter_overrides: { reply_to_conversation: { admin_id: '814860', attachment_urls: null } },
          ignored_parameters: ['traceId'],
          calls_per_minute: 60,
          concurrent_calls: 4,
        },
      ],
      limits: { body_bytes: 1024, shutdown_seconds: 5 },
    }),
  )
  const [caller] = callersOf(config.keys ?? [], sources)
  assert.ok(caller)
  assert.deepEqual(caller.keyHash, hashKey(env.SUPPORT_KEY))
  assert.deepEqual([caller.output, caller.callsPerMinute, caller.concurrentCalls], ['full', 60, 4])
  assert.equal(caller.access.sends, 'confirm')
  assert.deepEqual(caller.access.approve, ['send', 'create_note'])
  assert.deepEqual(caller.access.ignoredParameters, ['traceId'])
  assert.deepEqual(caller.access.parameterOverrides, config.keys?.[0]?.parameter_overrides)
  const limits = limitsOf(config.limits)
  assert.deepEqual([limits.bodyBytes, limits.shutdownSeconds, limits.requestSeconds], [1024, 5, 30])
})

test('the example of the documentation is a server that starts', async (t) => {
  const page = readFileSync(new URL('../../docs/serve.md', import.meta.url), 'utf8')
  const config = parseConfig(/```json\n(.*?)```/s.exec(page)?.[1] ?? '')
  writeFileSync(join(folder, 'acme-eu.token'), 'token-of-the-other-workspace')
  writeFileSync(join(folder, 'workflows.key'), 'key-of-the-workflows-0000003')
  const callers = callersOf(config.keys ?? [], {
    env: { ACME_TOKEN: env.TOKEN, REPORTING_KEY: env.BILLING_KEY },
    folder,
  })
  assert.equal(
    operatorsOf(
      config.operators ?? [],
      { env: { ADA_KEY: 'key-of-ada-the-operator-00003' }, folder },
      callers,
    ).length,
    1,
  )
  const limits = limitsOf(config.limits)
  assert.deepEqual(limits, defaultLimits)
  const { hosts = [], origins = [] } = config.listen ?? {}
  const mounts = [mcpMount(limits), ...restMounts()]
  const { url } = await served(t, () => new Response(), { callers, hosts, origins, mounts })
  const answer = await exchange(
    url,
    request('GET /actions', ['Host: mcp.example.com', `Authorization: Bearer ${env.BILLING_KEY}`]),
  )
  const { actions } = JSON.parse(answer.body) as { actions: { name: string }[] }
  assert.deepEqual(
    actions.map(({ name }) => name),
    ['get_conversation', 'list_conversations', 'search_conversations'],
  )
})

test('each key has its own toolsets, and parameters that are set in them', async (t) => {
  const all = callers(
    key({ toolsets: ['desk'], parameter_overrides: { close_conversation: { admin_id: '814860' } } }),
    key({ name: 'billing', key_env: 'BILLING_KEY', toolsets: ['companies', 'events'], read_only: true }),
  )
  const limits = limitsOf({})
  const mounts = [mcpMount(limits), ...restMounts()]
  const { url } = await served(t, () => new Response(), { callers: all, hosts: [], origins: [], mounts })
  const seen = async (path: string, own: string) =>
    JSON.parse((await exchange(url, request(`GET ${path}`, [`Authorization: Bearer ${own}`]))).body)
  const namesOf = async (own: string) => {
    const { actions } = (await seen('/actions', own)) as { actions: { name: string }[] }
    return actions.map(({ name }) => name)
  }
  const reads = withToolsets(['companies', 'events']).filter(({ effect }) => effect === 'read')
  assert.deepEqual(
    await namesOf(env.SUPPORT_KEY),
    withToolsets(['desk']).map(({ name }) => name),
  )
  assert.deepEqual(
    await namesOf(env.BILLING_KEY),
    reads.map(({ name }) => name),
  )
  const { components } = (await seen('/openapi.json', env.SUPPORT_KEY)) as {
    components: { schemas: Record<string, { properties: object }> }
  }
  assert.deepEqual(Object.keys(components.schemas['CloseConversationInput']?.properties ?? {}), [
    'conversation_id',
  ])
})

test('a wrong configuration names the place and what is right', () => {
  const wrong: [unknown, RegExp][] = [
    ['[', /not valid JSON/],
    [[], /the configuration takes object/],
    [{ listne: {} }, /there is no "listne"\. Did you mean "listen"\?/],
    [{ listen: { port: 70_000 } }, /listen\.port .*65535/],
    [{ listen: { port: '80' } }, /listen\.port takes/],
    [
      { listen: { hosts: ['https://mcp.example.com'] } },
      /listen\.hosts\[0\] takes a host name without scheme/,
    ],
    [{ listen: { origins: ['https://a.example/path'] } }, /listen\.origins\[0\] takes an origin like/],
    [{ keys: [] }, /keys takes one or more keys/],
    [{ keys: [key({ sends: 'maybe' })] }, /keys\[0\]\.sends takes "allow", "confirm", "off"/],
    [{ keys: [key({ approve: 'send' })] }, /keys\[0\]\.approve takes array/],
    [{ keys: [key({ toolsets: ['desks'] })] }, /keys\[0\]\.toolsets\[0\] takes "all", "desk"/],
    [{ keys: [key({ read_onyl: true })] }, /there is no keys\[0\]\."read_onyl"\. Did you mean "read_only"\?/],
    [{ keys: [key({ access_token: 'canary' })] }, /keys\[0\]\.access_token: this file holds no secrets/],
    [{ keys: [key({ key: 'canary' })] }, /keys\[0\]\.key: this file holds no secrets; name it with key_env/],
    [
      { keys: [key({ key_env: 'canary-token=' })] },
      /keys\[0\]\.key_env takes the name of an environment variable/,
    ],
    [{ keys: [key({ key_file: 'key' })] }, /keys\[0\] takes exactly one of key_env, key_file, key_sha256/],
    [{ keys: [{ name: 'a', key_env: 'A' }] }, /exactly one of access_token_env, access_token_file/],
    [{ keys: [key({ key_sha256: 'abc' })] }, /keys\[0\]\.key_sha256 takes 64 hexadecimal digits/],
    [{ keys: [key({ calls_per_minute: 0 })] }, /keys\[0\]\.calls_per_minute takes 1 or more/],
    [{ limits: { body_bytes: 1e12 } }, /limits\.body_bytes takes 67108864 at most/],
  ]
  for (const [config, message] of wrong) {
    const text = typeof config === 'string' ? config : JSON.stringify(config)
    assert.throws(() => parseConfig(text), message, text)
    assert.throws(
      () => parseConfig(text),
      (error: Error) => !error.message.includes('canary'),
    )
  }
  assert.throws(() => parseConfig('{"__proto__":{"keys":[]}}'), /there is no "__proto__"/)
  const twice = JSON.stringify({ keys: [key({ read_only: true })] }).replace('}]', ',"read_only":false}]')
  assert.throws(() => parseConfig(twice), /the configuration gives "read_only" twice/)
  assert.ok(parseConfig(`\uFEFF${JSON.stringify({ keys: [key({})] })}`), 'as some editors begin a file')
})

test('what a person has to confirm is checked before anything is opened for it', () => {
  for (const [asked, message] of [
    [{ approve: ['delete_contacts'] }, /keys\[0\]: approve: unknown name "delete_contacts"\. Did you mean/],
    [{ sends: 'confirm', approve: [] }, /keys\[0\]: approve is empty/],
  ] as const) {
    const keys = [{ name: 'a', key_env: 'SUPPORT_KEY', access_token_env: 'TOKEN', ...asked }]
    const config = parseConfig(JSON.stringify({ keys }))
    assert.throws(() => callersOf(config.keys ?? [], sources), message)
  }
})

test('a secret that is missing, empty or short is told by its place, never by its value', () => {
  const wrong: [object, RegExp][] = [
    [key({ key_env: 'NOBODY_SET_IT' }), /keys\[0\]\.key_env: the variable NOBODY_SET_IT is not set/],
    [key({ key_env: 'SHORT_KEY' }), /: keys\[0\]: a key must have 24 or more/],
    [key({ access_token_env: 'NONE' }), /keys\[0\]\.access_token_env: the variable NONE is not set/],
    [
      { name: 'a', key_env: 'SUPPORT_KEY', access_token_file: 'nowhere' },
      /keys\[0\]\.access_token_file: "nowhere" cannot be read/,
    ],
    [{ name: 'a', key_file: 'empty', access_token_env: 'TOKEN' }, /keys\[0\]\.key_file: "empty" is empty/],
    [key({ base_url: 'https://evil.example' }), /^IntercomError: keys\[0\]: .*evil\.example/],
    [key({ only: ['get_contcat'] }), /^IntercomError: keys\[0\]: .*get_contcat/],
  ]
  for (const [one, message] of wrong) {
    assert.throws(() => callers(one), message)
    assert.throws(
      () => callers(one),
      (error: Error) => !error.message.includes(env.TOKEN) && !error.message.includes(env.SHORT_KEY),
    )
  }
})

test('two keys have two names and are two keys', () => {
  assert.throws(() => callers(key(), key({ key_env: 'BILLING_KEY' })), /keys\[1\]\.name is taken/)
  const hash = hashKey(env.SUPPORT_KEY).toString('hex')
  const again = { name: 'billing', key_sha256: hash, access_token_env: 'TOKEN' }
  assert.throws(() => callers(key(), again), /keys\[1\] is the same key as another/)
  assert.equal(callers(key(), key({ name: 'billing', key_env: 'BILLING_KEY' })).length, 2)
})

test('what a key may do holds for its actions and for its client; its journal is told to its mounts', async () => {
  const [one] = callers(key({ read_only: true, deny: ['list_tags'], only: ['list_tags', 'get_contact'] }))
  assert.ok(one)
  assert.deepEqual(one.access.deny, ['list_tags'])
  const codeOf = async (name: 'list_admins' | 'get_contact') =>
    (await one.intercom.call<string>(name, { contact_id: '' })).failure?.code
  assert.deepEqual(
    [await codeOf('list_admins'), await codeOf('get_contact')],
    ['not_allowed', 'invalid_input'],
  )
  const [writer] = callers(key({ read_only: true }))
  const { failure } = (await writer?.intercom.call('create_note', { contact_id: '1', body: 'x' })) ?? {}
  assert.equal(failure?.code, 'not_allowed')
  assert.equal(one.journaled, false)
})

test('a key of twenty-four characters is long enough, and every limit stands in its own place', () => {
  const own = callersOf([key({ key_env: 'KEY' })], { env: { ...env, KEY: 'x'.repeat(24) }, folder })
  assert.equal(own.length, 1)
  const given = {
    body_bytes: 1,
    concurrent_calls: 2,
    request_seconds: 3,
    header_seconds: 4,
    shutdown_seconds: 5,
    journal_bytes: 6,
    connections_per_address: 7,
    waiting_approvals: 8,
  }
  const { limits } = parseConfig(JSON.stringify({ limits: given }))
  assert.deepEqual(limitsOf(limits), {
    bodyBytes: 1,
    concurrentCalls: 2,
    requestSeconds: 3,
    headerSeconds: 4,
    shutdownSeconds: 5,
    journalBytes: 6,
    connectionsPerAddress: 7,
    waitingApprovals: 8,
  })
  assert.equal(limitsOf().bodyBytes, 1024 * 1024)
  assert.throws(() => parseConfig('{"listen":{"proxies":["proxy.example.com"]}}'), /takes IP addresses/)
  for (const seconds of ['request_seconds', 'header_seconds', 'shutdown_seconds']) {
    assert.throws(() => parseConfig(JSON.stringify({ limits: { [seconds]: 601 } })), /takes 600 at most/)
  }
})

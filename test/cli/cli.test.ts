import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { receivingOf } from '../../src/cli/commands/receiving.ts'
import { accessOf, connect } from '../../src/cli/connection.ts'
import { type Flags, namesIn, parseFlags, portFrom, UsageError } from '../../src/cli/flags.ts'
import { actions } from '../../src/index.ts'
import { notificationsLog } from '../../src/server/notifications.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { commandLine } from '../support/command-line.ts'
import { runCommand } from '../support/run-command.ts'
import { scriptedIntercom, scriptedToken } from '../support/scripted-intercom.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))
let workspace: Awaited<ReturnType<typeof createWorkspace>>
let env: Record<string, string>

before(async () => {
  workspace = await createWorkspace({ seed: 'small' })
  const { url, accessToken } = await workspace.listen()
  env = { INTERCOM_ACCESS_TOKEN: accessToken, INTERCOM_API_BASE_URL: url }
})
after(() => workspace.close())

const line = (args: string[], options: { env?: Record<string, string>; input?: string | Buffer } = {}) =>
  commandLine(args, { env, ...options })

test('run prints the envelope and nothing else on stdout, and exits with 0', async () => {
  const args = ['run', 'search_contacts', '--query-field', 'role', '--query-value=lead', '--per-page', '3']
  const { code, stdout, stderr } = await runCommand(process.execPath, [bin, ...args], { env })
  const output = JSON.parse(stdout)
  assert.deepEqual([code, stderr, output.success, output.contacts.length], [0, '', true, 3])
})

test('run takes the input as JSON, from the command line or from stdin', async () => {
  const input = JSON.stringify({ email: 'shell@example.com', custom_attributes: { seats: 0 } })
  const created = JSON.parse((await line(['run', 'upsert_contact', '--input', input])).stdout)
  assert.equal(created.action_type, 'created')
  const updated = JSON.parse((await line(['run', 'upsert_contact', '--input', '-'], { input })).stdout)
  assert.deepEqual([updated.action_type, updated.contact.id], ['updated', created.contact.id])
  const latin1 = Buffer.from('{"email":"shell@example.com","name":"Zoë"}', 'latin1')
  const { code, stderr } = await line(['run', 'upsert_contact', '--input', '-'], { input: latin1 })
  const why = 'modulex-intercom: stdin is not UTF-8. Nothing was sent. Encode it as UTF-8\n'
  assert.deepEqual([code, stderr], [2, why])
})

test('flags carry booleans, objects and lists', async () => {
  const args = [
    '--email',
    'flags@example.com',
    '--no-unsubscribed-from-emails',
    '--custom-attributes',
    '{"vip":true}',
  ]
  const { contact } = JSON.parse((await line(['run', 'upsert_contact', ...args])).stdout)
  assert.deepEqual([contact.unsubscribed_from_emails, contact.custom_attributes], [false, { vip: true }])
  const many = Array.from({ length: 11 }, (_, index) => [
    '--attachment-urls',
    `https://example.com/${index}.png`,
  ]).flat()
  const reply = ['--conversation-id', '1', '--reply-type', 'admin', '--admin-id', '1', '--body=--hello']
  const refused = await line(['run', 'reply_to_conversation', ...reply, ...many])
  assert.match(JSON.parse(refused.stdout).error, /more than 10/)
})

test('an action that fails prints its envelope and exits with 1', async () => {
  const { code, stdout } = await line(['run', 'get_contact', '--contact-id', '000000000000000000000000'])
  const output = JSON.parse(stdout)
  assert.deepEqual([code, output.success, output.result], [1, false, null])
  assert.match(output.error, /^get_contact: 404 not_found: User Not Found/)
})

const usages: [string, string[], RegExp][] = [
  ['an unknown action', ['run', 'get_contct'], /unknown action "get_contct"\. Did you mean "get_contact"\?/],
  [
    'an unknown flag',
    ['run', 'get_contact', '--contactid', '1'],
    /unknown flag --contactid\. Did you mean "--contact-id"\?/,
  ],
  ['an unknown command', ['chekc'], /unknown command "chekc"\. Did you mean "check"\?/],
  [
    'an unknown flag in place of a command',
    ['--verson=x'],
    /unknown flag --verson\. Did you mean "--version"\? See --help$/m,
  ],
  ['a missing flag', ['run', 'create_note', '--body', 'x'], /create_note needs --contact-id/],
  ['a flag given twice', ['run', 'get_contact', '--contact-id', '1', '--contact-id', '2'], /given twice/],
  [
    'a flag that swallows a flag',
    ['run', 'get_contact', '--contact-id', '--local'],
    /--contact-id needs a value/,
  ],
  ['a flag without value', ['run', 'get_contact', '--contact-id'], /--contact-id needs a value/],
  ['an empty file name', ['serve', '--local', '--approvals', ''], /--approvals needs a value/],
  ['an empty inline value', ['workspace', '--data='], /--data needs a value/],
  ['a word too many', ['run', 'list_tags', 'now'], /takes flags only/],
  [
    'a number that is none',
    ['run', 'list_conversations', '--per-page', 'many'],
    /--per-page must be a whole number/,
  ],
  ['JSON that is none', ['run', 'get_contact', '--input', '{'], /--input is not valid JSON/],
  [
    'a number that JavaScript cannot hold in --input',
    ['run', 'upsert_contact', '--input', '{"email":"a@b.c","custom_attributes":{"n":9007199254740993}}'],
    /--input contains a number that would be rounded; send it as text/,
  ],
  [
    'a number that JavaScript cannot hold in a flag',
    ['run', 'upsert_contact', '--email', 'a@b.c', '--custom-attributes', '{"n":9007199254740993}'],
    /--custom-attributes contains a number that would be rounded; send it as text/,
  ],
  [
    'flags beside --input',
    ['run', 'get_contact', '--input', '{}', '--contact-id', '1'],
    /exclude each other/,
  ],
  ['an unknown name in --only', ['run', 'list_tags', '--only', 'list_tag'], /Did you mean "list_tags"\?/],
  ['an unknown name in --deny', ['mcp', '--deny', 'list_tag'], /Did you mean "list_tags"\?/],
  ['nothing', [], /no command given/],
  ['a flag in snake case', ['run', 'get_contact', '--contact_id=1'], /Did you mean "--contact-id"/],
  [
    'a --no- flag with a value',
    ['run', 'upsert_contact', '--email', 'a@b.c', '--no-unsubscribed-from-emails=true'],
    /takes no value/,
  ],
  ['-h as a value', ['run', 'create_note', '--contact-id', '1', '--body', '-h'], /write --body=-h/],
  [
    'an unknown name in --only, locally',
    ['run', 'list_tags', '--local', '--only', 'list_tag'],
    /Did you mean/,
  ],
  ['no action', ['run'], /run needs the name of an action/],
  [
    'a foreign host',
    ['check', '--base-url', 'https://evil.example'],
    /evil.example is not one of Intercom's hosts/,
  ],
  ['plain http', ['check', '--base-url', 'http://api.intercom.io'], /unencrypted/],
  ['a port that is none', ['workspace', '--port', '70000'], /--port takes/],
  ['a seed that is none', ['workspace', '--seed', 'tiny'], /--seed takes/],
  [
    'a seed that would take hours',
    ['workspace', '--seed', '10000001'],
    /seed must be .* up to 10000000, not/,
  ],
  ['a seed beside fixtures', ['workspace', '--seed', 'small', '--fixtures', 'f.yaml'], /exclude each other/],
  [
    'a fixture that is nowhere',
    ['workspace', '--fixtures', 'nowhere.yaml'],
    /nowhere\.yaml cannot be read: ENOENT/,
  ],
  [
    'a token on the command line',
    ['workspace', '--token', 'dG9rOjEyMw'],
    /env:NAME or file:PATH; it is not the token/,
  ],
  [
    'a token that is not set',
    ['workspace', '--token', 'env:NO_SUCH_TOKEN'],
    /the variable NO_SUCH_TOKEN is empty/,
  ],
  ['a token in no file', ['workspace', '--token', 'file:nowhere'], /--token: ENOENT/],
  ['an export of nothing', ['workspace', 'export'], /export needs --data/],
  ['an export of no workspace', ['workspace', 'export', '--data', 'nowhere'], /nowhere holds no workspace/],
  ['an export beside a port', ['workspace', 'export', '--data', 'x', '--port', '5'], /does not take --port/],
  ['a part of workspace that is none', ['workspace', 'exprt'], /Did you mean "export"/],
  ['JSON without an export', ['workspace', '--json'], /--json belongs to workspace export/],
  ['a webhook without a secret', ['workspace', '--webhook', 'http://localhost:1/'], /INTERCOM_CLIENT_SECRET/],
]

for (const [what, args, words] of usages) {
  test(`${what} is wrong usage: words on stderr, nothing on stdout, exit code 2`, async () => {
    const { code, stdout, stderr } = await line(args)
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, words)
    assert.doesNotMatch(stderr, /\n\s+at |dG9rOjEyMw/)
  })
}

test('help of workspace says how to control it', async () => {
  const { code, stdout } = await line(['workspace', '--help'])
  assert.equal(code, 0)
  assert.match(stdout, /INTERCOM_WORKSPACE_ADMIN_KEY[\s\S]*\/_workspace/)
})

test('without a token the variable and --local are named', async () => {
  for (const args of [['run', 'list_tags'], ['check']]) {
    const { code, stderr } = await line(args, { env: {} })
    assert.equal(code, 2)
    assert.match(stderr, /INTERCOM_ACCESS_TOKEN/)
    assert.match(stderr, /--local/)
  }
})

test('--local needs no token and brings its own data', async () => {
  const { code, stdout } = await line(['run', 'list_admins', '--local'], { env: {} })
  assert.equal(code, 0)
  assert.equal(JSON.parse(stdout).result.admins.length, 4)
})

test('--read-only and --only switch actions off', async () => {
  for (const flags of [['--read-only'], ['--only', 'list_tags,list_admins']]) {
    const { code, stdout } = await line(['run', 'create_note', '--contact-id', '1', '--body', 'x', ...flags])
    assert.equal(code, 1)
    assert.match(JSON.parse(stdout).error, /not_allowed/)
  }
})

test('--dry-run sends no write and says so', async () => {
  const { code, stdout, stderr } = await line([
    'run',
    'create_note',
    '--contact-id',
    '1',
    '--body',
    'x',
    '--dry-run',
  ])
  assert.deepEqual([code, JSON.parse(stdout).result.path], [0, '/contacts/1/notes'])
  assert.match(stderr, /nothing was sent/)
})

test('a token on the command line by mistake is not printed again', async () => {
  const secret = 'dG9rOndyb25nLXdyb25nLXdyb25n'
  for (const args of [[secret], ['run', secret], ['check', '--base-url', `https://x.example/${secret}`]]) {
    const { code, stderr } = await line(args, { env: { INTERCOM_ACCESS_TOKEN: secret } })
    assert.equal(code, 2)
    assert.ok(!stderr.includes(secret.slice(0, 12)), stderr)
  }
})

test('help of an action lists its parameters with defaults', async () => {
  const { code, stdout } = await line(['run', 'search_contacts', '--help'], { env: {} })
  assert.equal(code, 0)
  for (const text of [
    '--query-field',
    '"email"',
    '--query-value',
    'required',
    '--starting-after',
    '--local',
  ]) {
    assert.ok(stdout.includes(text), text)
  }
})

test('the manifest holds everything, in the contract’s own form', async () => {
  const manifest = JSON.parse((await line(['manifest'], { env: {} })).stdout)
  const contract = JSON.parse(readFileSync(new URL('../contract/actions.json', import.meta.url), 'utf8'))
  assert.deepEqual(Object.keys(manifest), [
    'name',
    'display_name',
    'description',
    'categories',
    'intercom_version',
    'auth',
    'limits',
    'actions',
  ])
  for (const key of ['categories', 'intercom_version', 'limits'] as const)
    assert.deepEqual(manifest[key], contract[key])
  for (const key of ['access_token', 'api_base_url']) {
    assert.deepEqual({ ...manifest.auth[key], ...contract.auth[key] }, manifest.auth[key])
  }
  assert.deepEqual(
    manifest.actions.map((action: object) => Object.keys(action)),
    actions.map(() => [
      'name',
      'title',
      'description',
      'effect',
      'parameters',
      'input_schema',
      'output_schema',
    ]),
  )
})

test('actions lists them all', async () => {
  const listed = JSON.parse((await line(['actions'], { env: {} })).stdout)
  assert.deepEqual(
    listed.map(({ name }: { name: string }) => name),
    actions.map(({ name }) => name),
  )
})

test('check shows admin, workspace and region; a bad token exits with 1 and is not printed', async () => {
  const good = await line(['check'])
  const { success, admin, workspace: app, region, base_url } = JSON.parse(good.stdout)
  assert.deepEqual([good.code, success, base_url], [0, true, env['INTERCOM_API_BASE_URL']])
  assert.ok(admin.id && app.id && region)
  const secret = 'dG9rOndyb25nLXdyb25nLXdyb25n'
  const bad = await line(['check'], { env: { ...env, INTERCOM_ACCESS_TOKEN: secret } })
  assert.equal(bad.code, 1)
  assert.match(JSON.parse(bad.stdout).error, /^check: 401 unauthorized/)
  assert.ok(!`${bad.stdout}${bad.stderr}`.includes(secret))
})

test('nothing that Intercom answers is obeyed or hidden by a terminal: results hold it as escapes, words spell it out', async (t) => {
  const hostile = 'Eve\u001b[2J\u0007\u007f\u009b31m\u202e\u2066\u200b\u200d\u2028\ufeff\u{e0041}\u{1f44d}'
  const errors = [{ code: 'not_found', message: hostile }]
  const { url, close } = await scriptedIntercom(({ path }) => {
    if (path === '/me')
      return { json: { type: 'admin', id: '1', name: hostile, email: hostile, app: { name: hostile } } }
    if (path === '/contacts/1') return { json: { type: 'contact', id: '1', name: hostile } }
    return { status: 404, json: { type: 'error.list', errors } }
  })
  t.after(close)
  const hostileEnv = { INTERCOM_ACCESS_TOKEN: scriptedToken, INTERCOM_API_BASE_URL: url }
  const hidden = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
  for (const [args, told] of [
    [['check'], ({ admin }: { admin: { name: string } }) => admin.name],
    [['run', 'get_contact', '--contact-id', '1'], ({ result }: { result: { name: string } }) => result.name],
    [['run', 'get_contact', '--contact-id', '2'], null],
    [['run', 'get_contact', '--contact-id', hostile], null],
    [['run', hostile], null],
    [[hostile], null],
  ] as const) {
    const { stdout, stderr } = await line([...args], { env: hostileEnv })
    assert.doesNotMatch(stdout, hidden)
    assert.doesNotMatch(stderr, hidden)
    if (told !== null) assert.equal(told(JSON.parse(stdout)), hostile)
    else if (stdout !== '') JSON.parse(stdout)
    if (args[0] === 'check') assert.match(stderr, /Eve<U\+001B>\[2J<U\+0007>.*<U\+202E>.*<U\+E0041>👍/u)
  }
})

test('workspace export writes the state of a data file as YAML or JSON, unless a workspace has it open', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-export-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const data = join(folder, 'data.db')
  const fixtures = { tags: ['VIP'], contacts: [{ email: 'mia@example.com', name: 'Mia \u202e' }] }
  const open = await createWorkspace({ data, fixtures })
  const taken = await line(['workspace', 'export', '--data', data])
  assert.deepEqual([taken.code, taken.stdout], [2, ''])
  assert.match(taken.stderr, /in use .* GET \/_workspace\/export/)
  await open.close()
  const json = await line(['workspace', 'export', '--data', data, '--json'])
  const { tags, contacts } = JSON.parse(json.stdout)
  assert.deepEqual([json.code, tags[0].name, contacts[0].name], [0, 'VIP', 'Mia \u202e'])
  const { stdout } = await line(['workspace', 'export', '--data', data])
  assert.match(stdout, /^# yaml-language-server: [\s\S]*name: "Mia \\u202e"/)
})

test('start --exit runs every action, a line each, and exits with 0', async () => {
  const { code, stdout, stderr } = await line(['start', '--exit'], { env: {} })
  assert.equal(code, 0, stderr)
  assert.deepEqual(Object.keys(JSON.parse(stdout)), ['url', 'access_token'])
  assert.equal(stdout.trim().split('\n').length, 1)
  for (const { name } of actions) assert.match(stderr, new RegExp(`^✓ ${name} +[\\d.]+ ms  .+$`, 'm'))
  assert.match(stderr, new RegExp(`${actions.length} of ${actions.length} actions succeeded`))
})

/** Sets variables of this process until the test ends. */
function withEnv(t: TestContext, variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(variables)) {
    const before = process.env[name]
    process.env[name] = value
    t.after(() => {
      if (before === undefined) delete process.env[name]
      else process.env[name] = before
    })
  }
}

test('flags of a policy: names between commas, with blanks or not, and what holds without them', () => {
  assert.deepEqual(accessOf({ deny: 'create_note, list_tags' }).deny, ['create_note', 'list_tags'])
  assert.deepEqual(accessOf({ ignored_parameters: 'traceId, spanId' }).ignoredParameters, [
    'traceId',
    'spanId',
  ])
  assert.deepEqual(accessOf({ approve: 'send, create_note' }).approve, ['send', 'create_note'])
  const none = { deny: undefined, approve: undefined, output: undefined, ignoredParameters: undefined }
  assert.deepEqual(accessOf({}), { ...none, sends: 'allow' })
  assert.throws(() => accessOf({ output: 'short' }), UsageError)
  assert.deepEqual(namesIn('create_note, list_tags'), ['create_note', 'list_tags'])
})

test('numbers may be negative, booleans are true or false, a port is one of 0 to 65535', () => {
  const flags: Flags = {
    per_page: { type: 'integer', description: '' },
    vip: { type: 'boolean', description: '' },
  }
  assert.deepEqual(parseFlags(['--per-page=-5', '--vip=false'], flags).values, { per_page: -5, vip: false })
  assert.deepEqual([portFrom({}), portFrom({ port: 65_535 })], [0, 65_535])
  for (const port of [-1, 65_536]) assert.throws(() => portFrom({ port }), UsageError)
})

test('a base URL on the command line comes before that of the environment, and not beside --local', async (t) => {
  withEnv(t, env)
  const { intercom, options } = await connect({ base_url: 'http://127.0.0.1:1' })
  assert.equal(options.baseUrl, 'http://127.0.0.1:1')
  await intercom.close()
  await assert.rejects(connect({ base_url: 'http://127.0.0.1:1', local: true }), UsageError)
})

test('a word too many and an empty secret are wrong usage too', async (t) => {
  assert.match((await line(['check', 'now'])).stderr, /check does not take "now"/)
  const { code, stderr } = await line(['workspace', '--webhook', 'http://localhost:1/'], {
    env: { ...env, INTERCOM_CLIENT_SECRET: '' },
  })
  assert.equal(code, 2)
  assert.match(stderr, /INTERCOM_CLIENT_SECRET/)
  withEnv(t, { INTERCOM_CLIENT_SECRET: '  ' })
  const flags = { webhooks: ':memory:', forward: 'http://127.0.0.1:1/' }
  await assert.rejects(receivingOf(flags, notificationsLog()), UsageError)
})

test('a dry run of a read is a run', async () => {
  const { code, stdout, stderr } = await line(['run', 'list_tags', '--dry-run'])
  assert.deepEqual([code, JSON.parse(stdout).success, stderr], [0, true, ''])
})

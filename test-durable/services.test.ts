import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { actions } from '../src/actions/index.ts'
import { startWorker } from '../src/restate/index.ts'
import { runCommand } from '../test/support/run-command.ts'
import { RestateServer } from './support/restate-server.ts'
import { rateLimit, World } from './support/world.ts'

const world = await World.open({ people: 4, timeoutMs: 1000 })
const { workspace, targets, url, accessToken } = world.people
const { control } = workspace
after(() => world.close())

const [person] = targets
const { contact_id = '', conversation_id = '', admin_id = '' } = person ?? {}
const tag = (await world.people.post('/tags', { name: 'durable' })) as { id: string }
const inputs: Record<string, object> = {
  get_contact: { contact_id },
  search_contacts: { query_value: 'person-0@campaign.test' },
  upsert_contact: { email: 'new@campaign.test', name: 'New' },
  create_note: { contact_id, body: 'A note' },
  add_tag_to_contact: { contact_id, tag_id: tag.id },
  list_tags: {},
  list_admins: {},
  get_conversation: { conversation_id },
  list_conversations: {},
  search_conversations: { query_field: 'state', query_operator: '=', query_value: 'open' },
  send_incoming_message: { contact_id, body: 'A question' },
  send_message_to_contact: {
    from_admin_id: admin_id,
    to_contact_id: contact_id,
    subject: '',
    body: 'Something new',
  },
  reply_to_conversation: world.reply(0, 'An answer'),
}

const writes = new Set(actions.filter(({ effect }) => effect !== 'read').map(({ name }) => name as string))
const pathOf = (name: string, key: string) =>
  writes.has(name) ? `intercom_once/${key}/${name}` : `intercom/${name}`

for (const { name, output } of actions) {
  test(`${name} answers its envelope by the ingress`, async () => {
    const { status, body } = await world.call(pathOf(name, `first-${name}`), inputs[name])
    const { failure, ...envelope } = body
    assert.deepEqual([status, failure, body['success']], [200, null, true], JSON.stringify(body))
    assert.deepEqual(Object.keys(envelope).sort(), Object.keys(output.shape).sort())
  })
}

test("a key answers again without sending, refuses another input and another action, and goes with Restate's own key", async () => {
  const input = world.reply(1, 'markkey')
  const headers = { 'idempotency-key': 'engine' }
  const first = await world.call('intercom_once/key/reply_to_conversation', input, headers)
  const again = await world.call('intercom_once/key/reply_to_conversation', input, headers)
  assert.deepEqual(again, first)
  const part = first.body['result'] as { id: string; item_id: string }
  assert.match(part.item_id, /^\d+$/)
  for (const [path, other] of [
    ['intercom_once/key/reply_to_conversation', { ...input, body: 'Another' }],
    ['intercom_once/key/create_note', inputs['create_note']],
  ] as const) {
    const { status, body } = await world.call(path, other, headers)
    assert.deepEqual([status, /idempotency_key_mismatch/.test(String(body['message']))], [422, true])
  }
  assert.equal((await world.people.count()).counts.get('markkey'), 1)
})

test('a number that JavaScript cannot hold is refused, and leaves the key free', async () => {
  const path = 'intercom_once/number/upsert_contact'
  const wrong = '{"email":"number@campaign.test","custom_attributes":{"n":9007199254740993}}'
  const { status, body } = await world.call(path, wrong)
  assert.deepEqual([status, /would be rounded; send it as text/.test(String(body['message']))], [400, true])
  assert.equal((await world.call(path, { email: 'number@campaign.test' })).status, 200)
})

test('writes cannot be called from outside without a key', async () => {
  for (const name of writes) {
    const { status, body } = await world.call(`intercom/${name}`, inputs[name])
    assert.deepEqual([status, body['message']], [400, 'the invoked service is not public'])
  }
  for (const service of ['intercom_chunk/run', 'intercom_claims/x/claim', 'intercom_once/x/expire']) {
    assert.equal((await world.call(service, {})).status, 400)
  }
})

test('what Intercom or the action refuses is a terminal error with its status, and the key is free again where nothing was sent', async () => {
  const missing = { ...world.reply(0, 'x'), conversation_id: '999999999999999' }
  const cases: [string, object, number, RegExp][] = [
    ['intercom/get_contact', { contact_id: 'abc' }, 404, /404 not_found/],
    ['intercom_once/gone/reply_to_conversation', missing, 404, /404 not_found/],
    ['intercom_once/free/create_note', { contact_id }, 422, /body is required/],
  ]
  for (const [path, input, expected, message] of cases) {
    const { status, body } = await world.call(path, input)
    assert.equal(status, expected)
    assert.match(String(body['message']), message)
  }
  const kept = await world.call('intercom_once/gone/reply_to_conversation', world.reply(0, 'x'))
  assert.equal(kept.status, 422)
  const freed = await world.call('intercom_once/free/create_note', { contact_id, body: 'Now with words' })
  assert.equal(freed.body['success'], true)
})

test("a refused token is the worker's matter: 403", async () => {
  control.addFault({ kind: 'status', status: 401, route: 'GET /contacts/{id}', count: 1 })
  assert.equal((await world.call('intercom/get_contact', { contact_id })).status, 403)
})

test('a lost answer is read back, and an outcome that nobody knows is a result that says so, which a later call resolves', async () => {
  const route = 'POST /conversations/{id}/reply'
  control.addFault({ kind: 'commit_502', route, count: 1 })
  const seen = await world.call('intercom_once/lost/reply_to_conversation', world.reply(1, 'marklost'))
  assert.equal(seen.body['success'], true)
  control.addFault({ kind: 'cut_commit', ms: 4000, route, count: 1 })
  const late = () => world.call('intercom_once/late/reply_to_conversation', world.reply(2, 'marklate'))
  const { status, body } = await late()
  const failure = body['failure'] as { outcome: string; hint: string }
  assert.deepEqual([status, body['success'], failure.outcome], [200, false, 'unknown'])
  assert.match(String(body['error']), /Do not send it again/)
  await new Promise((resolve) => setTimeout(resolve, 3000))
  assert.equal((await late()).body['success'], true)
  const { counts } = await world.people.count()
  assert.deepEqual([counts.get('marklost'), counts.get('marklate')], [1, 1])
})

test('while Intercom holds calls off they wait in Restate, and are made once when it is back', async () => {
  const route = 'POST /conversations/{id}/reply'
  control.addFault({ kind: 'status', status: 429, route, count: 3 })
  const limited = await world.call(
    'intercom_once/limited/reply_to_conversation',
    world.reply(3, 'marklimited'),
  )
  assert.equal(limited.body['success'], true)
  control.addFault({ kind: 'status', status: 503, route: 'POST /contacts/search', count: 5 })
  const upsert = { email: 'later@campaign.test' }
  const later = await world.call('intercom_once/later/upsert_contact', upsert)
  assert.equal(later.body['success'], true)
  assert.equal((await world.people.count()).counts.get('marklimited'), 1)
})

test('what cannot be read is refused at once and leaves nothing behind, and permits are leased to workers alone', async () => {
  const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`
  const answers = [
    await world.call('intercom_once/deep/create_note', `{"contact_id":"x","body":${deep}}`),
    await world.call(
      'intercom_once/deep/upsert_contact',
      `{"email":"a@b.test","custom_attributes":{"deep":${deep}}}`,
    ),
    await world.call('intercom_bulk/deep/start', `{"action":"create_note","rows":[{"body":${deep}}]}`),
    await world.call('intercom_rate/someone/lease', {}),
    await world.call('intercom_rate/someone/lease', { reports: [{}], at: 1, count: 1 }),
  ]
  assert.deepEqual(
    answers.map(({ status }) => status),
    [422, 422, 422, 422, 422],
    JSON.stringify(answers),
  )
  const state = await world.query("SELECT * FROM state WHERE service_key = 'deep'")
  assert.deepEqual(state, [])
})

test('where permits are few, more calls than there are permits for are all made in their time', async (t) => {
  control.setRateLimit({ app: 100 })
  t.after(() => control.setRateLimit(rateLimit))
  const calls = Array.from({ length: 100 }, (_, n) =>
    world.call(`intercom_once/few-${n}/reply_to_conversation`, world.reply(n, `markfew${n}`)),
  )
  for (const { body } of await Promise.all(calls)) assert.equal(body['success'], true, JSON.stringify(body))
  const { counts } = await world.people.count()
  for (let n = 0; n < 100; n++) assert.equal(counts.get(`markfew${n}`), 1)
})

test('Restate keeps ids and hashes: no message, no answer, no token', async () => {
  const words = 'Words of a customer that nobody may keep'
  await world.call('intercom_once/private/reply_to_conversation', world.reply(0, words))
  await sleep(500) // what was told one-way has ended
  assert.deepEqual(await world.query("SELECT id FROM sys_invocation WHERE status = 'completed'"), [])
  const tables = ['state', 'sys_invocation', 'sys_journal']
  const kept = JSON.stringify(await Promise.all(tables.map((table) => world.query(`SELECT * FROM ${table}`))))
  assert.match(kept, /input_hash/)
  for (const secret of [words, Buffer.from(words).toString('hex'), accessToken]) {
    assert.ok(!kept.includes(secret), `${secret.slice(0, 10)} is kept`)
  }
})

test('a worker with identity keys takes signed requests alone, and logs a line for each call', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-identity-'))
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const pem = join(folder, 'identity.pem')
  writeFileSync(pem, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const server = await RestateServer.start({ RESTATE_REQUEST_IDENTITY_PRIVATE_KEY_PEM_FILE: pem })
  const key = `publickeyv1_${base58(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32))}`
  const options = { accessToken, baseUrl: url, port: 0 }
  const lines: { path: string; status: number | null; actions: string[]; error: string | null }[] = []
  const onCall = (line: (typeof lines)[number]) => void lines.push(line)
  const worker = await startWorker({ ...options, ingress: server.ingress, identityKeys: [key], onCall })
  t.after(async () => {
    await worker.close()
    await server.close()
    rmSync(folder, { recursive: true })
  })
  const register = (admin: string) =>
    fetch(`${admin}/deployments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ uri: worker.url }),
    })
  assert.equal((await register(world.server.admin)).ok, false)
  assert.equal((await register(server.admin)).ok, true)
  const call = (path: string, input: object) =>
    fetch(`${server.ingress}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    })
  await call('intercom/list_tags', {})
  await call('intercom_once/line/create_note', { contact_id, body: 'A line' })
  await call('intercom_once/line/create_note', { contact_id, body: 'Another line' })
  assert.deepEqual(
    lines.map(({ path, status, actions, error }) => [path, status, actions, error]),
    [
      ['/intercom/list_tags', 200, ['list_tags: ok'], null],
      ['/intercom_once/create_note', 200, ['create_note: ok'], null],
      ['/intercom_once/create_note', 422, [], 'idempotency_key_mismatch'],
    ],
  )
})

test('a worker that others could reach needs an identity key, and one on a Node.js that hangs does not start', async () => {
  await assert.rejects(startWorker({ accessToken, baseUrl: url, host: '0.0.0.0', port: 0 }), /identity key/)
  const bin = fileURLToPath(new URL('../src/cli/bin.ts', import.meta.url))
  const env = { INTERCOM_ACCESS_TOKEN: accessToken, INTERCOM_API_BASE_URL: url }
  const old = join(mkdtempSync(join(tmpdir(), 'modulex-intercom-old-')), 'old.mjs')
  writeFileSync(old, 'delete Promise.withResolvers')
  const { code, stderr, stdout } = await runCommand(
    process.execPath,
    ['--import', old, bin, 'worker', '--port', '0'],
    { env },
  )
  assert.deepEqual([code, stdout], [2, ''])
  assert.match(stderr, /the Restate SDK hangs on Node.js/)
})

test('worker says what is wrong with its flags, and with the server it is to be made known to', async () => {
  const bin = fileURLToPath(new URL('../src/cli/bin.ts', import.meta.url))
  const env = { INTERCOM_ACCESS_TOKEN: accessToken, INTERCOM_API_BASE_URL: url }
  const cases: [string[], RegExp][] = [
    [['--ingress', 'localhost'], /ingress must be an http/],
    [['--host', '0.0.0.0'], /identity key/],
    [['--register', 'localhost'], /register must be an http/],
    [['--only', 'no_action'], /unknown action "no_action"/],
    [['--local'], /unknown flag --local/],
  ]
  for (const [flags, message] of cases) {
    const { code, stderr } = await runCommand(process.execPath, [bin, 'worker', '--port', '0', ...flags], {
      env,
    })
    assert.equal(code, 2, stderr)
    assert.match(stderr, message)
    assert.ok(!stderr.includes(accessToken))
  }
})

/** As the server prints public keys. */
function base58(bytes: Uint8Array): string {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
  let number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  for (; number > 0n; number /= 58n) text = alphabet[Number(number % 58n)] + text
  return text
}

import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, test } from 'node:test'
import {
  type Approver,
  approvalsFile,
  holding,
  keepPerforming,
  openApprovals,
} from '../../src/approvals/index.ts'
import { approvalsCommand } from '../../src/cli/commands/approvals.ts'
import { createIntercom, type IntercomError } from '../../src/index.ts'
import { tokenHeader } from '../../src/server/approvals/sessions.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { commandLine } from '../support/command-line.ts'
import { correspondence } from '../support/correspondence.ts'

const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { url, accessToken } = await workspace.listen()
const state = mkdtempSync(join(tmpdir(), 'modulex-intercom-cli-'))
const { file, journal } = approvalsFile({ state })
const intercom = createIntercom({ accessToken, baseUrl: url, journal })
const { conversation, bodies, reply } = await correspondence(intercom)
const store = openApprovals(file)
after(async () => {
  store.close()
  await intercom.close()
  await workspace.close()
  rmSync(state, { recursive: true })
})

const withToken = { INTERCOM_ACCESS_TOKEN: accessToken, INTERCOM_API_BASE_URL: url }
/** `approvals …` of this user; without a token nothing is sent by the command itself. */
async function approvals(args: string[], env: Record<string, string> = {}, input = '') {
  const ended = await commandLine(['approvals', ...args], { env: { XDG_STATE_HOME: state, ...env }, input })
  return { ...ended, json: ended.stdout === '' ? null : JSON.parse(ended.stdout) }
}

let texts = 0
/** A text that no other test holds. */
const words = () => `Held words ${++texts}`

async function approver(caller: string): Promise<Approver> {
  return holding(store, { caller }).approver(intercom)
}

/** Holds a reply of a caller in a conversation of its own. */
async function held({ caller = 'mcp', in: place }: { caller?: string; in?: string } = {}) {
  const input = reply(place ?? (await conversation()), words())
  const call = { action: 'reply_to_conversation', input, askedBy: 'a client' }
  const one = await (await approver(caller)).hold(call, async () => {
    const seen = await intercom.preview(call.action, input)
    return seen.preview === null ? { answer: seen } : { preview: seen.preview }
  })
  assert.ok('approval' in one)
  const { approval } = one
  const { id } = approval
  return {
    id,
    text: input.body,
    sent: async () => (await bodies(input.conversation_id)).filter((body) => body.includes('Held words')),
    /** What the caller is told when it calls again. */
    answer: async () =>
      (await approver(caller)).answer((await store.get(id)) ?? approval).then(
        ({ output, note }) => [output.success, note],
        (error: IntercomError) => [error.code, error.hint],
      ),
  }
}

/** What `show` prints of one, or of all of a caller. */
const fingerprintOf = async (...what: string[]): Promise<string> =>
  (await approvals(['show', ...what])).json.fingerprint

/** Approves what has been looked at. */
const approve = async (id: string, env?: Record<string, string>, ...more: string[]) =>
  await approvals(['approve', id, '--fingerprint', await fingerprintOf(id), ...more], env)

test('list says what waits, and not what would be sent; show says all, and its fingerprint', async () => {
  const { id, text } = await held()
  const listed = await approvals([])
  assert.deepEqual([listed.code, listed.json.file], [0, file])
  const found = listed.json.approvals.find((one: { id: string }) => one.id === id)
  assert.deepEqual(
    [found.state, found.caller, found.asked_by, found.success],
    ['waiting', 'mcp', 'a client', null],
  )
  assert.match(listed.stderr, new RegExp(`^${id}  waiting since .*\\(mcp, a client\\)$`, 'm'))
  assert.doesNotMatch(listed.stdout + listed.stderr, /Held words|ingerprint/)
  const shown = await approvals(['show', id])
  assert.deepEqual([shown.code, shown.json.input.body], [0, text])
  assert.match(shown.stderr, new RegExp(text))
  assert.match(shown.stderr, new RegExp(`^Fingerprint: ${shown.json.fingerprint}$`, 'm'))
})

test('nothing is approved that was not shown', async () => {
  const { id, sent } = await held()
  const other = await held()
  const show = new RegExp(`modulex-intercom approvals show ${id}$`, 'm')
  for (const [more, said] of [
    [[], show],
    [['--fingerprint', await fingerprintOf(other.id)], show],
    [['--fingerprint', ''], /--fingerprint needs a value/],
  ] as const) {
    const { code, stdout, stderr } = await approvals(['approve', id, ...more], withToken)
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, said)
  }
  assert.deepEqual([(await store.get(id))?.state, await sent()], ['waiting', []])
})

test('what is approved is sent at once with the token of the call, and the caller gets the outcome', async () => {
  const one = await held()
  const { code, json } = await approve(one.id, withToken)
  assert.deepEqual([code, json.success, json.state, json.outcome.success], [0, true, 'done', true])
  assert.equal((await one.sent()).length, 1)
  const [success, note] = await one.answer()
  assert.deepEqual([success, /^A person approved this call/.test(String(note))], [true, true])
  assert.equal((await one.sent()).length, 1)
})

test('without that token the process that asked sends it, and this one waits if it is told to', async (t) => {
  const [one, late] = [await held(), await held()]
  for (const env of [{}, { ...withToken, INTERCOM_ACCESS_TOKEN: 'the-token-of-another-workspace' }]) {
    const { id } = await held()
    const { code, json, stderr } = await approve(id, env)
    assert.deepEqual([code, json.success, json.state, json.outcome], [0, true, 'approved', null])
    assert.match(stderr, /The process that asked sends it/)
  }
  const waited = await approve(late.id, {}, '--wait', '1')
  assert.deepEqual([waited.code, waited.json.success, waited.json.state], [1, false, 'approved'])
  t.after(keepPerforming(store, () => [intercom], { everyMs: 20 }))
  const made = await approve(one.id, {}, '--wait', '30')
  assert.deepEqual([made.code, made.json.state, (await one.sent()).length], [0, 'done', 1])
})

test('an edited text is sent in place of the first, and the caller is told', async () => {
  const one = await held()
  const fingerprint = await fingerprintOf(one.id)
  const args = ['edit', one.id, '--text', '-', '--fingerprint', fingerprint]
  const { code } = await approvals(args, withToken, 'Held words, but kinder')
  assert.equal(code, 0)
  assert.deepEqual(
    (await one.sent()).map((body) => body.replace(/<[^>]*>/g, '')),
    ['Held words, but kinder'],
  )
  assert.match(String((await one.answer())[1]), /body is now "Held words, but kinder"/)
})

test('only the text can be edited', async () => {
  const { id } = await held()
  const fingerprint = await fingerprintOf(id)
  for (const [flag, value, message] of [
    ['--input', '{"conversation_id": "1"}', /"conversation_id" cannot be changed/],
    ['--input', '["x"]', /--input takes a JSON object/],
    ['--text', '  ', /body must be a text/],
  ] as const) {
    const { code, stderr } = await approvals(['edit', id, flag, value, '--fingerprint', fingerprint])
    assert.equal(code, 2)
    assert.match(stderr, message)
  }
  assert.equal((await store.get(id))?.state, 'waiting')
})

test('a decline sends nothing, and the caller is told why', async () => {
  const one = await held()
  const { code, json } = await approvals(['decline', one.id, '--reason', 'Not now'])
  assert.deepEqual([code, json.state], [0, 'declined'])
  assert.deepEqual(
    [(await one.answer())[0], /They said: "Not now"/.test(String((await one.answer())[1]))],
    ['not_confirmed', true],
  )
  assert.deepEqual(await one.sent(), [])
})

test('the first decision holds, and the second is told of it', async () => {
  const one = await held()
  const fingerprint = await fingerprintOf(one.id)
  await approvals(['decline', one.id])
  for (const args of [
    ['approve', one.id, '--fingerprint', fingerprint],
    ['decline', one.id],
  ]) {
    const { code, json } = await approvals(args, withToken)
    assert.deepEqual([code, json.success], [1, false])
    assert.match(json.error, /was declined by .* \(cli\)/)
  }
  assert.deepEqual(await one.sent(), [])
})

test('all of a caller are summed up, and decided on together: exactly those that were shown', async () => {
  const caller = 'bulk:1234'
  const place = await conversation()
  const first = [await held({ caller, in: place }), await held({ caller })]
  await held({ caller: 'bulk:5678' })
  const all = ['--all', '--caller', caller]
  const shown = await approvals(['show', ...all])
  assert.equal(shown.json.approvals.length, 2)
  for (const line of [
    /^2 calls of bulk:1234 \(a client\) wait: 2 × /,
    /^reply_type: admin$/,
    /^body, 2 different: /,
  ])
    assert.match(shown.stderr, new RegExp(line.source, 'm'))
  const fingerprint = shown.json.fingerprint
  const third = await held({ caller })
  const refused = await approvals(['approve', ...all, '--fingerprint', fingerprint])
  assert.equal(refused.code, 2)
  const approved = await approvals(['approve', ...all, '--fingerprint', await fingerprintOf(...all)])
  assert.deepEqual([approved.code, approved.json.decided.length], [0, 3])
  for (const one of [...first, third]) assert.equal((await one.answer())[0], true)
  assert.equal((await store.list({ state: 'waiting', caller: 'bulk:5678' })).length, 1)
  assert.equal((await approvals(['decline', ...all])).code, 1)
})

const wrong: [args: string[], message: RegExp][] = [
  [['lists'], /does not take "lists". Did you mean "list"/],
  [['list', 'apr_1'], /write approvals show apr_1/],
  [['list', '--state', 'open'], /--state takes waiting, approved/],
  [['list', '--reason', 'x'], /approvals list does not take --reason/],
  [['show'], /give the id of an approval, or --all and --caller/],
  [['show', 'apr_1', '--all', '--caller', 'x'], /give the id/],
  [['approve', '--all'], /--all and --caller go together/],
  [['show', '../../../etc/passwd'], /there is no approval "..\/..\/..\/etc\/passwd"/],
  [['edit', 'apr_1'], /needs --text or --input/],
  [['list', '--approvals', '/no/such/file'], /there is no file \/no\/such\/file/],
]
for (const [args, message] of wrong) {
  test(`approvals ${args.join(' ')} is wrong usage`, async () => {
    const { code, stdout, stderr } = await approvals(args)
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, message)
  })
}

test('where nothing was ever held nothing waits, and no file is made', async () => {
  const other = mkdtempSync(join(tmpdir(), 'modulex-intercom-cli-'))
  const { code, json } = await approvals([], { XDG_STATE_HOME: other })
  assert.deepEqual([code, json.approvals, existsSync(json.file)], [0, [], false])
  rmSync(other, { recursive: true })
})

for (const [typed, code] of [
  ['y', 0],
  ['yes', 0],
  ['', 1],
  ['n', 1],
  ['yesterday', 1],
] as const) {
  test(`on a terminal the card is shown, and "${typed}" is ${code === 0 ? 'a yes' : 'no yes'}`, async (t) => {
    const { id, text } = await held()
    const typing = Object.assign(Readable.from([`${typed}\n`]), { isTTY: true })
    t.mock.getter(process, 'stdin', () => typing)
    const said = t.mock.method(console, 'error', () => {})
    t.mock.method(console, 'log', () => {})
    t.mock.method(process.stderr, 'write', () => true)
    const wasTty = process.stderr.isTTY
    process.stderr.isTTY = true
    try {
      assert.equal(await approvalsCommand.run({ approvals: file }, ['approve', id]), code)
    } finally {
      process.stderr.isTTY = wasTty
    }
    assert.match(said.mock.calls.map((one) => one.arguments.join('')).join('\n'), new RegExp(text))
    assert.equal((await store.get(id))?.state, code === 0 ? 'approved' : 'waiting')
  })
}

test('the page lets one browser in by its link, and what is approved there is sent', async (t) => {
  const one = await held()
  const printed = Promise.withResolvers<{ url: string }>()
  t.mock.method(console, 'log', (line: string) => printed.resolve(JSON.parse(line)))
  t.mock.method(console, 'error', () => {})
  const before = { ...process.env }
  Object.assign(process.env, withToken)
  const others = process.listeners('SIGINT') // frameworks that end the process
  const ended = approvalsCommand.run({ approvals: file }, ['page'])
  t.after(() => {
    process.env = before
  })
  const { href, origin, hash } = new URL((await printed.promise).url)
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${origin}${path}`, init)
    return {
      status: response.status,
      cookie: response.headers.get('set-cookie'),
      body: await response.text(),
    }
  }
  assert.match(href, /^http:\/\/127\.0\.0\.1:\d+\/approvals#code=[\w-]{43}$/)
  const headers = { origin, 'content-type': 'application/json' }
  const signIn = (from: string) =>
    ask('/approvals/session', {
      method: 'POST',
      headers: { ...headers, origin: from },
      body: JSON.stringify({ code: hash.slice('#code='.length) }),
    })
  assert.equal((await ask('/approvals')).status, 401)
  assert.equal((await signIn('http://127.0.0.1:1')).status, 403)
  const { status, cookie, body } = await signIn(origin)
  assert.deepEqual([status, (await signIn(origin)).status], [200, 401])
  const session = { ...headers, cookie: String(cookie?.split(';')[0]), [tokenHeader]: JSON.parse(body).token }
  const decision = { method: 'POST', body: '{"decision":"approve"}' }
  assert.equal((await ask(`/approvals/${one.id}/decision`, { ...decision, headers })).status, 401)
  const decided = await ask(`/approvals/${one.id}/decision`, { ...decision, headers: session })
  assert.deepEqual([decided.status, JSON.parse(decided.body).state], [200, 'done'])
  assert.equal((await one.sent()).length, 1)
  for (const listener of process.listeners('SIGINT')) if (!others.includes(listener)) listener('SIGINT')
  assert.equal(await ended, 0)
})

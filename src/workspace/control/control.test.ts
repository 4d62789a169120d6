import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ControlError } from '../control-error.ts'
import { createWorkspace, type WorkspaceOptions } from '../index.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
type Json = any

/** A workspace, and a short way to speak Intercom's API to it. */
async function open(t: TestContext, options: WorkspaceOptions = {}) {
  const workspace = await createWorkspace(options)
  t.after(() => workspace.close())
  const call = async (method: string, path: string, body?: object, token = workspace.accessToken) => {
    const headers = { authorization: `Bearer ${token}` }
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    const answer = await workspace.fetch(new Request(`http://local${path}`, init))
    const text = await answer.text()
    const { status } = answer
    return { status, headers: answer.headers, json: (text === '' ? undefined : JSON.parse(text)) as Json }
  }
  const ok = async (method: string, path: string, body?: object): Promise<Json> => {
    const { status, json } = await call(method, path, body)
    assert.equal(status, 200, JSON.stringify(json))
    return json
  }
  const talk = async () => {
    const contact = await ok('POST', '/contacts', { role: 'user', email: 'ann@example.com', name: 'Ann' })
    const from = { type: 'user', id: contact.id }
    const { conversation_id } = await ok('POST', '/conversations', { from, body: 'Xylophone' })
    const me = await ok('GET', '/me')
    return { contact, id: conversation_id as string, admin_id: me.id as string }
  }
  return { workspace, control: workspace.control, call, ok, talk }
}

const folder = mkdtempSync(join(tmpdir(), 'control-'))

for (const data of [undefined, join(folder, "kept's 100%.db")]) {
  const where = data === undefined ? 'in memory' : 'in a file'
  test(`${where}: a snapshot brings everything back, as often as wanted`, async (t) => {
    const { control, ok, call, talk } = await open(t, { data })
    const { contact, id } = await talk()
    control.snapshot('before')
    for (const round of [1, 2]) {
      await ok('DELETE', `/contacts/${contact.id}`)
      await ok('POST', '/tags', { name: `Round ${round}` })
      control.restore('before')
      assert.equal((await ok('GET', `/contacts/${contact.id}`)).name, 'Ann')
      assert.deepEqual((await ok('GET', '/tags')).data, [])
      const query = { field: 'source.body', operator: '=', value: 'xylophone' }
      assert.equal((await ok('POST', '/conversations/search', { query })).conversations[0].id, id)
    }
    assert.deepEqual(control.snapshots(), ['before'])
    assert.equal(control.dropSnapshot('before'), true)
    assert.throws(() => control.restore('before'), /no snapshot 'before'; none was taken/)
    assert.equal((await call('GET', '/me')).status, 200)
  })

  test(`${where}: a reset makes the workspace as it was made, and the token stays`, async (t) => {
    const { workspace, control, ok } = await open(t, { data, seed: 30 })
    control.reset()
    const first = await ok('GET', '/contacts?per_page=150')
    assert.equal(first.total_count, 30)
    await ok('POST', '/contacts', { role: 'lead' })
    control.addFault({ kind: 'status', status: 500 })
    control.clock.advance(1_000)
    control.setSearchLag(60)
    control.setRateLimit({ app: 1 })
    control.reset()
    assert.equal(control.clock.get().offset, 0)
    assert.deepEqual([control.faults(), control.searchLag, control.rateLimit.app], [[], 0, 1_667])
    assert.deepEqual(
      (await ok('GET', '/contacts?per_page=150')).data.map(({ id }: Json) => id),
      first.data.map(({ id }: Json) => id),
    )
    control.reset({ seed: 'empty' })
    assert.equal((await ok('GET', '/contacts')).total_count, 0)
    control.seed(5)
    assert.equal((await ok('GET', '/contacts')).total_count, 5)
    assert.throws(() => control.seed(5), /not empty/)
    assert.equal((await ok('GET', '/me')).type, 'admin')
    assert.ok(workspace.accessToken)
  })
}

test('what was restored or reset in a file is there when it is opened again', async (t) => {
  const data = join(folder, 'again.db')
  const { workspace, control, talk } = await open(t, { data })
  const { contact } = await talk()
  control.snapshot('one')
  control.reset()
  control.restore('one')
  await workspace.close()
  const again = await open(t, { data })
  assert.equal(again.workspace.accessToken, workspace.accessToken)
  assert.equal((await again.ok('GET', `/contacts/${contact.id}`)).name, 'Ann')
  again.control.reset()
  await again.workspace.close()
  const { ok } = await open(t, { data })
  assert.equal((await ok('GET', '/contacts')).total_count, 0)
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.includes('restoring')),
    [],
  )
})

for (const data of [undefined, join(folder, 'failing.db')]) {
  const where = data === undefined ? 'in memory' : 'in a file'
  test(`${where}: a reset that fails leaves everything as it was`, async (t) => {
    const webhooks = { url: 'http://127.0.0.1:9/', secret: 'hush', topics: ['contact.deleted'] }
    const { workspace, control, ok, talk } = await open(t, { data, webhooks })
    const { contact } = await talk()
    control.addFault({ kind: 'hang', route: 'GET /segments' })
    // The offset of a frozen clock grows as the machine's time goes on: that stands still, too.
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
    control.clock.freeze()
    const clock = control.clock.get()
    for (const seed of ['medium', 9_007_199_254_740_991, 10_000_001, -1, 1.5, Number.NaN]) {
      assert.throws(() => control.reset({ seed: seed as number }), /seed must be .* up to 10000000/)
    }
    // Whatever else goes wrong does so in the middle: here, once everything is filled.
    const { keep } = workspace.webhooks
    workspace.webhooks.keep = () => {
      throw new Error('no room')
    }
    assert.throws(() => control.reset({ seed: 20 }), /no room/)
    assert.deepEqual(control.clock.get(), clock)
    assert.equal(control.faults().length, 1)
    assert.deepEqual(
      workspace.webhooks.list().map(({ url }) => url),
      [webhooks.url],
    )
    assert.equal((await ok('GET', `/contacts/${contact.id}`)).name, 'Ann')
    assert.equal((await ok('POST', '/tags', { name: 'After' })).name, 'After')
    assert.equal((await ok('POST', '/contacts', { role: 'lead' })).role, 'lead')
    assert.equal((await ok('GET', '/contacts')).total_count, 2)
    workspace.webhooks.keep = keep
    control.reset({ seed: 20 })
    assert.equal((await ok('GET', '/contacts')).total_count, 20)
    assert.equal(workspace.webhooks.list().length, 1)
  })
}

test('a clock that goes forward wakes what was snoozed, in order, each at its own second', async (t) => {
  const { control, ok, talk } = await open(t)
  const { contact, id, admin_id } = await talk()
  const from = { type: 'user', id: contact.id }
  const { conversation_id: other } = await ok('POST', '/conversations', { from, body: 'And?' })
  control.clock.freeze()
  const { now } = control.clock.get()
  const snooze = (conversation: string, seconds: number) =>
    ok('POST', `/conversations/${conversation}/parts`, {
      message_type: 'snoozed',
      admin_id,
      snoozed_until: now + seconds,
    })
  await snooze(id, 7_200)
  await snooze(other, 3_600)
  control.clock.advance(3_599)
  assert.equal((await ok('GET', `/conversations/${other}`)).state, 'snoozed')
  control.clock.advance(10_000)
  const [late, early] = [await ok('GET', `/conversations/${id}`), await ok('GET', `/conversations/${other}`)]
  for (const [conversation, at] of [
    [early, now + 3_600],
    [late, now + 7_200],
  ]) {
    const { state, open: isOpen, snoozed_until, updated_at } = conversation
    assert.deepEqual([state, isOpen, snoozed_until, updated_at], ['open', true, null, at])
    const part = conversation.conversation_parts.conversation_parts.at(-1)
    assert.deepEqual(
      [part.part_type, part.body, part.created_at, part.author.type],
      ['timer_unsnooze', null, at, 'bot'],
    )
    assert.equal(
      conversation.statistics.count_conversation_parts,
      conversation.conversation_parts.total_count + 1,
    )
  }
  const lastPart = (conversation: Json) =>
    Number(conversation.conversation_parts.conversation_parts.at(-1).id)
  assert.ok(lastPart(early) < lastPart(late))
  assert.equal((await ok('POST', '/contacts', { role: 'lead' })).created_at, now + 13_599)
  control.clock.run()
  assert.equal(control.clock.get().frozen, false)
  assert.ok(control.clock.get().now - now - 13_599 <= 1)
})

test('a clock takes a second or a date, and refuses what is no time', async (t) => {
  const { control } = await open(t)
  assert.ok(control.clock.set(new Date('2030-01-01T00:00:00Z')).now - 1_893_456_000 <= 1)
  assert.ok(control.clock.set(5).now <= 6)
  assert.throws(() => control.clock.set(Number.NaN), /Unix second/)
  assert.throws(() => control.clock.set(-1), /Unix second/)
  assert.throws(() => control.clock.advance(-1), /0 or more/)
})

test('tokens have scopes, an admin and an app, and can be revoked', async (t) => {
  const { control, call } = await open(t, { rateLimit: 5 })
  const status = async (token: string, method: string, path: string, body?: object) => {
    const { status, json } = await call(method, path, body, token)
    return status === 200 ? 200 : `${status} ${json.errors[0].code}`
  }
  const search = { query: { field: 'role', operator: '=', value: 'user' } }
  const lead = { role: 'lead' }
  const reader = control.createToken({ scopes: ['read'] }).access_token
  const writer = control.createToken({ scopes: ['write'], app: 'other' })
  assert.equal(await status(reader, 'GET', '/contacts'), 200)
  assert.equal(await status(reader, 'POST', '/contacts/search', search), 200)
  assert.equal(await status(reader, 'POST', '/contacts', lead), '403 token_unauthorized')
  assert.equal(await status(writer.access_token, 'POST', '/contacts', lead), 200)
  assert.equal(await status(writer.access_token, 'GET', '/contacts'), '403 token_unauthorized')
  assert.equal(control.revokeToken(reader), true)
  assert.equal(control.revokeToken(reader), false)
  assert.equal(await status(reader, 'GET', '/contacts'), '401 unauthorized')
  assert.throws(() => control.createToken({ admin_id: '1' }), /no admin 1/)
  // The app `other` has a budget of its own.
  for (let i = 0; i < 3; i++) assert.equal((await call('GET', '/me')).status, i < 2 ? 200 : 429)
  assert.equal(await status(writer.access_token, 'POST', '/contacts', lead), 200)
})

test('a data file whose tokens were all revoked gets a new one', async (t) => {
  const data = join(folder, 'revoked.db')
  const first = await open(t, { data })
  first.control.createToken({ scopes: ['read'] })
  first.control.revokeToken(first.workspace.accessToken)
  await first.workspace.close()
  const second = await open(t, { data })
  assert.notEqual(second.workspace.accessToken, first.workspace.accessToken)
  assert.equal((await second.ok('POST', '/contacts', { role: 'lead' })).role, 'lead')
})

test('a token without the scope learns first what is not there', async (t) => {
  const { control, call } = await open(t)
  for (const scopes of [['write'], ['read'], []] as const) {
    const token = control.createToken({ scopes }).access_token
    const status = async (path: string) => (await call('GET', path, undefined, token)).status
    assert.equal(await status('/nowhere'), 404)
    assert.equal(await status('/macros'), 400)
    assert.equal(await status('/me'), scopes[0] === 'read' ? 200 : 403)
    assert.equal((await call('DELETE', '/conversations/1', undefined, token)).status, 400)
    assert.equal(await status('/away_status_reasons'), 400)
  }
})

test('the log keeps the latest thousand requests, shortened, and no token', async (t) => {
  const { workspace, control, call } = await open(t, { rateLimit: false })
  await call('POST', '/contacts', { role: 'lead', name: 'x'.repeat(5_000) })
  const [entry] = control.requests()
  assert.equal(entry?.operation, 'POST /contacts')
  assert.deepEqual([entry?.status, entry?.body.length, entry?.version], [200, 2_000, '2.12'])
  for (let i = 0; i < 1_050; i++) await call('GET', `/contacts/${i}?i=${i}`)
  const all = control.requests(1_000)
  assert.equal(all.length, 1_000)
  assert.deepEqual([all[0]?.path, all.at(-1)?.path], ['/contacts/1049?i=1049', '/contacts/50?i=50'])
  assert.ok(!JSON.stringify(all).includes(workspace.accessToken))
  control.clearRequests()
  assert.deepEqual(control.requests(), [])
})

test('the outbox shows what people were sent, not notes, newest first', async (t) => {
  const { control, ok, talk } = await open(t)
  const { contact, id, admin_id } = await talk()
  const reply = (message_type: string, body: string) =>
    ok('POST', `/conversations/${id}/reply`, { message_type, type: 'admin', admin_id, body })
  await reply('comment', '<b>Sure</b>')
  await reply('note', 'Between us')
  await ok('POST', '/messages', {
    message_type: 'email',
    subject: 'News',
    body: 'Read & enjoy',
    from: { type: 'admin', id: admin_id },
    to: { type: 'user', id: contact.id },
    created_at: control.clock.get().now + 10,
  })
  const shown = control.outbox().map(({ type, channel, to, subject, text, conversation_id }) => ({
    ...{ type, channel, subject, text, conversation_id },
    to: to.map(({ email }) => email),
  }))
  const to = ['ann@example.com']
  assert.deepEqual(shown, [
    { type: 'message', channel: 'email', subject: 'News', text: 'Read & enjoy', conversation_id: null, to },
    { type: 'reply', channel: 'inapp', subject: null, text: 'Sure', conversation_id: id, to },
  ])
  assert.equal(control.outbox(1).length, 1)
})

test('what is asked for wrongly in process is refused as it is over HTTP, and changes nothing', async (t) => {
  const { control } = await open(t)
  // biome-ignore lint/suspicious/noExplicitAny: callers without types
  const untyped = control as any
  control.clock.freeze()
  const before = [control.clock.get().now, control.rateLimit]
  const wrong: [does: () => unknown, says: RegExp][] = [
    [() => untyped.setRateLimit({ app: -5 }), /app/],
    [() => untyped.setRateLimit({ app: 'x', phase: 99 }), /phase/],
    [() => untyped.setRateLimit({ ap: 5 }), /ap/],
    [() => untyped.createToken({ scopes: ['admin'] }), /scopes/],
    [() => untyped.createToken({ app: '' }), /app/],
    [() => untyped.revokeToken(undefined), /string/],
    [() => untyped.snapshot(''), /1 to 200 characters/],
    [() => untyped.snapshot(undefined), /1 to 200 characters/],
    [() => untyped.restore(undefined), /1 to 200 characters/],
    [() => untyped.clock.set('2026'), /Unix second/],
    [() => untyped.clock.set(new Date('never')), /Unix second/],
    [() => untyped.clock.set(undefined), /Unix second/],
    [() => untyped.clock.advance('10'), /0 or more/],
    [() => untyped.clock.advance(Number.POSITIVE_INFINITY), /0 or more/],
    [() => untyped.setSearchLag('5'), /0 to 86400/],
    [() => untyped.outbox(Number.NaN), /number/],
    [() => untyped.requests(0), /Too small/],
    [() => untyped.clearFaults('1'), /number/],
    [() => untyped.seed('medium'), /seed must/],
  ]
  for (const [does, says] of wrong) {
    assert.throws(does, (error: Error) => {
      assert.match(error.message, says)
      return error instanceof ControlError && !error.message.includes('{')
    })
  }
  assert.deepEqual([control.clock.get().now, control.rateLimit], before)
  assert.deepEqual([control.snapshots(), control.searchLag], [[], 0])
  control.setRateLimit({ app: 7 })
  assert.equal(control.rateLimit.phase, (before[1] as typeof control.rateLimit).phase)
})

test('twenty snapshots are kept, and one of a known name is still replaced', async (t) => {
  const { control } = await open(t)
  for (let i = 1; i <= 20; i++) control.snapshot(`s${i}`)
  assert.throws(() => control.snapshot('s21'), /There are 20 snapshots already; drop one/)
  control.snapshot('s20')
  control.dropSnapshot('s1')
  control.snapshot('s21')
  assert.equal(control.snapshots().length, 20)
})

test('a reset brings the first token back, also when it was revoked, and ends the others', async (t) => {
  const { workspace, control, call } = await open(t)
  const other = control.createToken().access_token
  control.revokeToken(workspace.accessToken)
  assert.equal((await call('GET', '/me')).status, 401)
  control.reset()
  assert.equal((await call('GET', '/me')).status, 200)
  assert.equal((await call('GET', '/me', undefined, other)).status, 401)
})

test('two workspaces of one process share neither faults, clock, limits, lag, log nor snapshots', async (t) => {
  // No window of the rate limit ends meanwhile.
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const [one, two] = [await open(t), await open(t)]
  one.control.addFault({ kind: 'status', status: 500 })
  one.control.clock.advance(1_000_000)
  one.control.setRateLimit({ app: 1 })
  one.control.setSearchLag(5)
  one.control.snapshot('one')
  assert.equal((await one.call('GET', '/me')).status, 500)
  for (let i = 0; i < 3; i++) assert.equal((await two.call('GET', '/me')).status, 200)
  assert.equal((await two.call('GET', '/me', undefined, one.workspace.accessToken)).status, 401)
  assert.deepEqual([two.control.snapshots(), two.control.searchLag, two.control.faults()], [[], 0, []])
  assert.ok(Math.abs(two.control.clock.get().offset) <= 1)
  assert.equal(one.control.requests().length, 1)
  assert.throws(() => two.control.restore('one'))
})

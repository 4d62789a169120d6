import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../clock.ts'
import { createWorkspace, type WorkspaceOptions } from '../index.ts'
import { openStore } from '../store/open.ts'
import { TimeMachine } from './time-machine.ts'

async function open(t: TestContext, options: WorkspaceOptions = {}) {
  const workspace = await createWorkspace({ rateLimit: false, adminKey: 'key', ...options })
  t.after(() => workspace.close())
  const { control, accessToken } = workspace
  const ask = async (method: string, path: string, body?: object, token = accessToken) => {
    const headers = { authorization: `Bearer ${token}` }
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    const response = await workspace.fetch(new Request(`http://local${path}`, init))
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
    return { status: response.status, json: JSON.parse((await response.text()) || '{}') as any }
  }
  const create = async (name: string) =>
    (await ask('POST', '/contacts', { email: `${name}@example.com`, name })).json.id as string
  const names = async () => {
    const query = { field: 'role', operator: '=', value: 'user' }
    const { json } = await ask('POST', '/contacts/search', { query })
    return json.data.map(({ name }: { name: string }) => name).toSorted() as string[]
  }
  return { workspace, control, ask, create, names }
}

test('a rewind brings the data back, can be undone, and gives no id twice, not even after a restart', async (t) => {
  const data = join(mkdtempSync(join(tmpdir(), 'rewind-')), 'data.db')
  const first = await open(t, { data })
  await first.create('ann')
  first.control.checkpoint('one contact')
  const bob = await first.create('bob')
  const note = (await first.ask('POST', `/contacts/${bob}/notes`, { body: 'n' })).json.id
  const { undo, rows } = first.control.rewind('one contact')
  assert.deepEqual([await first.names(), undo, rows > 1], [['ann'], 'before-rewind-1', true])
  first.control.rewind(undo)
  assert.deepEqual(await first.names(), ['ann', 'bob'])
  first.control.rewind('one contact')
  await first.workspace.close()

  const second = await open(t, { data })
  const { control } = second
  const listed = control.checkpoints().map(({ name, automatic }) => [name, automatic])
  assert.deepEqual(listed.slice(0, 2), [
    ['one contact', false],
    ['before-rewind-1', true],
  ])
  assert.deepEqual(await second.names(), ['ann'])
  const eve = await second.create('eve')
  assert.notEqual(eve.slice(-6), bob.slice(-6))
  const later = (await second.ask('POST', `/contacts/${eve}/notes`, { body: 'n' })).json.id
  assert.ok(Number(later) > Number(note))
  control.rewind('before-rewind-1')
  assert.deepEqual(await second.names(), ['ann', 'bob'])
})

test('what is cached follows a rewind: declared attributes, threads, and searches that lag', async (t) => {
  const { control, ask, create, names } = await open(t)
  const ann = await create('ann')
  const from = { type: 'user', id: ann }
  const talk = (await ask('POST', '/conversations', { from, body: 'Help' })).json.conversation_id
  const admin = (await ask('GET', '/me')).json.id
  const reply = { message_type: 'comment', type: 'admin', admin_id: admin, body: 'First' }
  await ask('POST', `/conversations/${talk}/reply`, reply)
  control.setSearchLag(60)
  control.checkpoint('start')
  await ask('POST', '/data_attributes', { name: 'tier', model: 'contact', data_type: 'string' })
  await create('bob')
  const { conversation_parts: parts } = (
    await ask('POST', `/conversations/${talk}/reply`, { ...reply, body: 'Second' })
  ).json
  const part = parts.conversation_parts.at(-1).id
  const redaction = { type: 'conversation_part', conversation_id: talk, conversation_part_id: part }
  await ask('POST', '/conversations/redact', redaction)
  control.rewind('start')
  assert.deepEqual(await names(), ['ann'])
  const { status } = await ask('PUT', `/contacts/${ann}`, { custom_attributes: { tier: 'gold' } })
  assert.equal(status, 400)
  const shown = (await ask('POST', `/conversations/${talk}/reply`, { ...reply, body: 'Third' })).json
  const bodies = shown.conversation_parts.conversation_parts.map(({ body }: { body: string | null }) => body)
  assert.deepEqual(
    bodies.filter((body: string | null) => body !== null),
    ['<p>First</p>', '<p>Third</p>'],
  )
})

test('over HTTP: checkpoints, changes since one, rewind', async (t) => {
  const { ask, create, names } = await open(t)
  const control = async (method: string, path: string, body?: object) => {
    const { status, json } = await ask(method, `/_workspace${path}`, body, 'key')
    assert.equal(status, 200, JSON.stringify(json))
    return json
  }
  await control('POST', '/checkpoints', { name: 'start' })
  const ann = await create('ann')
  const { changes, next_since } = await control('GET', '/changes?checkpoint=start&entity=contact&limit=5')
  assert.deepEqual(
    changes.map(({ entity_id }: { entity_id: string }) => entity_id),
    [ann],
  )
  assert.deepEqual((await control('GET', `/changes?since=${next_since}`)).changes, [])
  assert.equal((await control('POST', '/rewind', { name: 'start' })).undo, 'before-rewind-1')
  assert.deepEqual(await names(), [])
  assert.equal((await control('DELETE', '/checkpoints', { name: 'start' })).dropped, true)
  assert.equal((await ask('POST', '/_workspace/rewind', { name: 'start' }, 'key')).status, 400)
  assert.equal((await ask('GET', '/_workspace/changes?since=x', undefined, 'key')).status, 400)
})

test('changes arrive live as server-sent events, after the last one that was seen', async (t) => {
  const { workspace, control, create } = await open(t)
  const { url } = await workspace.listen()
  for (const [n, fetched] of [workspace.fetch, fetch].entries()) {
    await create(`seen-${n}`)
    const seen = control.changes().changes.at(-1)?.id
    await create(`missed-${n}`)
    const headers = { authorization: 'Bearer key', accept: 'text/event-stream', 'last-event-id': `${seen}` }
    const response = await fetched(new Request(`${url}/_workspace/changes`, { headers }))
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
    let text = ''
    const reading = (async () => {
      const decoder = new TextDecoder()
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk)
        if (text.includes(`live-${n}`)) return
      }
    })()
    await create(`live-${n}`)
    await reading
    const events = text.split('\n\n').filter((event) => event.startsWith('id: '))
    const changes = events.map((event) => JSON.parse(event.slice(event.indexOf('data: ') + 6)))
    assert.deepEqual(
      changes.map(({ fields }) => fields.name.after),
      [`missed-${n}`, `live-${n}`],
    )
    assert.match(events[1] ?? '', /^id: \d+\nevent: change\ndata: \{/)
  }
  await create('after-the-readers-have-left')
})

test('who asks live for what is no longer kept, or was never there, is told that changes are missing', async (t) => {
  const { workspace, create } = await open(t, { history: { writes: 150 } })
  for (let count = 0; count < 250; count += 1) await create(`contact-${count}`)
  const newest = workspace.control.newestChange
  for (const [last, isMissing] of [
    [1, true],
    [newest + 1000, true],
    [newest - 1, false],
  ] as const) {
    const headers = { authorization: 'Bearer key', accept: 'text/event-stream', 'last-event-id': `${last}` }
    const response = await workspace.fetch(new Request('http://local/_workspace/changes', { headers }))
    await create(`after-${last}`)
    let text = ''
    for await (const chunk of response.body ?? []) {
      text += new TextDecoder().decode(chunk)
      if (/event: missed\n|after-/.test(text)) break
    }
    assert.equal(text.includes('event: missed\n'), isMissing, `after ${last}`)
  }
})

test('live lists are bounded, and one that ends makes room', async (t) => {
  const { workspace } = await open(t)
  const headers = { authorization: 'Bearer key', accept: 'text/event-stream' }
  const listen = (signal?: AbortSignal) =>
    workspace.fetch(new Request('http://local/_workspace/changes', { headers, signal: signal ?? null }))
  const end = new AbortController()
  const lists = await Promise.all(Array.from({ length: 50 }, () => listen(end.signal)))
  assert.ok(lists.every(({ status }) => status === 200))
  const refused = await listen()
  assert.equal(refused.status, 400)
  assert.match(await refused.text(), /50 live lists already/)
  end.abort()
  await new Promise((resolve) => setImmediate(resolve))
  const again = await listen(AbortSignal.timeout(60_000))
  assert.equal(again.status, 200)
  await again.body?.cancel()
})

test('the history is bounded: what is dropped is counted, and a checkpoint before it is out of reach', () => {
  const store = openStore(undefined, systemClock)
  const time = new TimeMachine(store, store.history)
  store.history.start({ writes: 150 })
  time.checkpoint('start')
  for (let i = 0; i < 400; i++) store.write(() => store.insertTag(`tag ${i}`))
  const list = time.changes()
  const kept = list.changes.length
  assert.ok(kept >= 150 && kept < 250, String(kept))
  assert.deepEqual([list.dropped, list.complete], [400 - kept, false])
  assert.equal(time.changes({ since: list.changes[0]?.id }).complete, true)
  assert.equal(time.checkpoints()[0]?.reachable, false)
  assert.throws(() => time.rewind('start'), /no longer reaches back to 'start': it keeps 150 writes/)
  store.history.start({ bytes: 2_000 })
  for (let i = 0; i < 200; i++) store.write(() => store.insertTag('x'.repeat(100)))
  assert.ok(time.changes().changes.length < 120)
  store.db.close()
})

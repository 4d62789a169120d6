// Lists of the control plane that are read live, and deliveries that are sent again.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { createWorkspace } from '../index.ts'

const adminKey = 'key-of-the-control-plane'

async function opened(t: TestContext) {
  const workspace = await createWorkspace({ adminKey })
  t.after(() => workspace.close())
  const ask = (path: string, init: RequestInit & { token?: string } = {}) => {
    const { token = adminKey, headers, ...rest } = init
    const own = { authorization: `Bearer ${token}`, ...(headers as Record<string, string>) }
    return workspace.fetch(new Request(`http://127.0.0.1${path}`, { ...rest, headers: own }))
  }
  const call = () => ask('/me', { token: workspace.accessToken })
  return { workspace, ask, call }
}

/** Reads events until there are so many. */
function eventsOf(response: Response) {
  const reader = (response.body as ReadableStream<Uint8Array>)
    .pipeThrough(new TextDecoderStream())
    .getReader()
  let text = ''
  return {
    async next(
      count: number,
    ): Promise<{ id?: string; event?: string; data?: { number: number; path: string } }[]> {
      for (;;) {
        const blocks = text.split('\n\n').slice(0, -1)
        const events = blocks.filter((block) => !block.startsWith(':'))
        if (events.length >= count) return events.map(fieldsOf)
        const { value, done } = await reader.read()
        assert.ok(!done, `ended with ${JSON.stringify(text)}`)
        text += value
      }
    },
    leave: () => reader.cancel(),
  }
}

function fieldsOf(block: string) {
  const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)))
  return { ...fields, data: fields.data === undefined ? undefined : JSON.parse(fields.data) }
}

const live = { headers: { accept: 'text/event-stream' } }

test('requests are heard as they come, each once, also over a break', async (t) => {
  const { ask, call } = await opened(t)
  await call()
  const first = eventsOf(await ask('/_workspace/requests', live))
  await call()
  await call()
  const heard = await first.next(2)
  assert.deepEqual(
    heard.map(({ event, data }) => [event, data?.number, data?.path]),
    [
      ['request', 2, '/me'],
      ['request', 3, '/me'],
    ],
  )
  await first.leave()
  await call()
  const again = await ask('/_workspace/requests', {
    headers: { ...live.headers, 'last-event-id': String(heard[0]?.id) },
  })
  const rest = eventsOf(again)
  assert.deepEqual(
    (await rest.next(2)).map(({ data }) => data?.number),
    [3, 4],
  )
  await rest.leave()
})

test('what cannot be told any more is said to be missed', async (t) => {
  const { ask, call } = await opened(t)
  const list = eventsOf(await ask('/_workspace/requests', live))
  await call()
  const [heard] = await list.next(1)
  await ask('/_workspace/requests', { method: 'DELETE' })
  assert.equal((await list.next(2))[1]?.event, 'missed')
  await call()
  assert.equal((await list.next(3))[2]?.event, 'request')
  await list.leave()
  for (const last of [String(heard?.id), 'another-5', 'x', '99999999-1']) {
    const late = eventsOf(
      await ask('/_workspace/requests', { headers: { ...live.headers, 'last-event-id': last } }),
    )
    assert.equal((await late.next(1))[0]?.event, 'missed', last)
    await late.leave()
  }
})

test('changes are heard of what was asked for alone, and a question that fits nothing is refused', async (t) => {
  const { workspace, ask } = await opened(t)
  const make = (path: string, body: object) =>
    ask(path, { method: 'POST', token: workspace.accessToken, body: JSON.stringify(body) })
  await make('/tags', { name: 'before' })
  const tags = eventsOf(await ask('/_workspace/changes?entity=tag&since=2020-01-01', live))
  await make('/contacts', { role: 'lead' })
  await make('/tags', { name: 'after' })
  const heard = (await tags.next(2)).map(({ data }) => data as unknown as { entity: string; fields: unknown })
  assert.deepEqual(
    heard.map(({ entity, fields }) => [entity, fields]),
    ['before', 'after'].map((name) => ['tag', { name: { before: null, after: name } }]),
  )
  await tags.leave()
  for (const wrong of ['entity=tags', 'since=soon', 'checkpoint=start']) {
    assert.equal((await ask(`/_workspace/changes?${wrong}`, live)).status, 400, wrong)
  }
})

test('a delivery shows what was sent, and is sent again under its id', async (t) => {
  const { workspace, ask } = await opened(t)
  const bodies: { id: string | null; topic: string; delivery_attempts: number }[] = []
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray()
    bodies.push(JSON.parse(Buffer.concat(chunks).toString()))
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const { webhooks } = workspace
  webhooks.save({ url, secret: 'secret-of-the-app', topics: ['contact.user.created'] })
  const list = eventsOf(await ask('/_workspace/deliveries', live))
  await ask('/contacts', {
    method: 'POST',
    token: workspace.accessToken,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role: 'user', email: 'ada@example.com' }),
  })
  await webhooks.settled()
  await list.next(2) // with the ping
  const created = webhooks.deliveries().find(({ topic }) => topic === 'contact.user.created')
  assert.ok(created)
  const shown = await ask(`/_workspace/deliveries?id=${created.id}`)
  const { delivery, payload } = (await shown.json()) as { delivery: object; payload: object }
  assert.deepEqual([delivery, payload], [created, bodies.at(-1)])
  assert.equal((await ask(`/_workspace/deliveries?id=${created.id}`, { method: 'POST' })).status, 200)
  await webhooks.settled()
  const again = bodies.at(-1)
  assert.deepEqual([again?.id, again?.delivery_attempts], [created.notification_id, 2])
  assert.equal((await list.next(3)).length, 3)
  await list.leave()
  assert.equal((await ask('/_workspace/deliveries?id=999', { method: 'POST' })).status, 400)
  webhooks.remove()
  const gone = await ask(`/_workspace/deliveries?id=${created.id}`, { method: 'POST' })
  assert.equal(gone.status, 400)
  assert.match(JSON.stringify(await gone.json()), /gone or disabled/)
})

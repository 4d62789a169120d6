// What a session may ask, what it gets no further than, and its live lists.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchange, request } from '../support/served.ts'
import { adminKey, ask, codeOf, signedIn, studio } from '../support/studio.ts'

async function opened(t: Parameters<typeof studio>[0], options: Parameters<typeof studio>[1] = {}) {
  const served = await studio(t, options)
  const page = await signedIn(served.url, { code: codeOf(served.link()) })
  return { ...served, page }
}

const eventStream = { Accept: 'text/event-stream' }

/** Waits for something that another task brings about. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate)
}

test('a page asks the local Intercom, its control plane and the actions by their own paths', async (t) => {
  const { url, page, workspace } = await opened(t)
  const made = await ask(url, 'POST /studio/api/intercom/contacts', page, {
    role: 'user',
    email: 'a@b.example',
  })
  assert.equal(made.status, 200)
  const found = await ask(url, `GET /studio/api/intercom/contacts/${made.body.id}?x=1`, page)
  assert.deepEqual([found.status, found.body.email], [200, 'a@b.example'])
  assert.match(found.headers.get('x-ratelimit-limit') ?? '', /^\d+$/)
  assert.equal(found.headers.get('cache-control'), 'no-store', 'no browser keeps what customers wrote')
  const changes = await ask(url, 'GET /studio/api/workspace/changes?limit=1', page)
  assert.equal(changes.body.changes.length, 1)
  const acted = await ask(url, 'POST /studio/api/actions/get_contact', page, { contact_id: made.body.id })
  assert.deepEqual([acted.status, acted.body.success], [200, true])
  const { requests } = (await ask(url, 'GET /studio/api/traffic', page)).body
  assert.deepEqual(
    requests.map(({ route, status, code }: Record<string, unknown>) => [route, status, code]),
    [['/contacts/{id}', 200, null]],
  )
  const { windows } = (await ask(url, 'GET /studio/api/traffic/limits', page)).body
  assert.deepEqual([windows[0].used, windows[0].refused], [1, 0])
  assert.equal(workspace.control.requests(1)[0]?.path, `/contacts/${made.body.id}`)
  const own = (await fetch(`${url}/traffic`)).status
  assert.equal(own, 200, 'the same is there without the studio')
})

test('on a real Intercom there is no desk and no lab, whoever asks', async (t) => {
  const { url, page } = await opened(t, { local: false })
  for (const path of ['intercom/me', 'workspace', 'workspace/reset', 'workspace/requests'])
    for (const method of ['GET', 'POST']) {
      const { status, body } = await ask(
        url,
        `${method} /studio/api/${path}`,
        page,
        method === 'POST' ? {} : undefined,
      )
      assert.deepEqual([status, body.code], [404, 'local_only'], `${method} ${path}`)
    }
  assert.equal((await ask(url, 'GET /studio/api/actions', page)).status, 200)
})

test('no way of writing a path leads elsewhere', async (t) => {
  const { url, page, lines } = await opened(t)
  const head = Object.entries(page).map(([name, value]) => `${name}: ${value}`)
  const status = async (target: string) => {
    const { status, body } = await exchange(
      url,
      request(`GET ${target}`, [...head, `Host: ${new URL(url).host}`]),
    )
    return [status, JSON.parse(body).code]
  }
  for (const path of [
    'intercom/../workspace/clock',
    'intercom/%2e%2e/workspace/clock',
    'intercom/.%2E/workspace/clock',
    'intercom//_workspace/clock',
    'intercom//evil.example/',
    'intercom/\\evil.example',
    'actions/../../../webhooks',
    'actions/%2e%2e/metrics',
    './session/../actions',
  ])
    assert.deepEqual(await status(`/studio/api/${path}`), [400, 'malformed_request'], path)
  for (const path of [
    'intercom/_workspace/clock',
    'intercom/_Workspace',
    'webhooks',
    'mcp',
    'docs',
    'studio',
  ])
    assert.deepEqual(await status(`/studio/api/${path}`), [404, 'no_such_path'], path)
  for (const path of [
    'intercom/%5fworkspace/clock',
    'intercom/_workspace%2fclock',
    'intercom/me@evil.example',
  ])
    assert.equal((await status(`/studio/api/${path}`))[0], 404, path)
  assert.equal((await status(`http://evil.example/studio/api/session`))[0], 400)
  assert.ok(!lines.some(({ path }) => path.includes('#')))
})

test('no answer holds a token, a key or a secret', async (t) => {
  const { url, page, workspace, lines } = await opened(t)
  const secret = 'secret-of-an-app-00001'
  workspace.webhooks.save({ url: 'http://127.0.0.1:9/', secret })
  const { endpoints } = (await ask(url, 'GET /studio/api/workspace', page)).body
  const reads = endpoints.filter(({ method }: { method: string }) => method === 'GET')
  const answers = await Promise.all([
    ...reads.map(({ path }: { path: string }) =>
      ask(url, `GET /studio/api/workspace${path.slice('/_workspace'.length)}`, page),
    ),
    ...['session', 'intercom/me', 'actions', 'manifest.json', 'traffic', 'metrics', 'approvals'].map((path) =>
      ask(url, `GET /studio/api/${path}`, page),
    ),
  ])
  const text = JSON.stringify([...answers.map(({ body, headers }) => [body, ...headers]), lines])
  for (const one of [workspace.accessToken, adminKey, secret, String(page['X-Studio-Token'])])
    assert.ok(!text.includes(one), one)
  for (const method of ['POST', 'DELETE']) {
    const { status, body } = await ask(url, `${method} /studio/api/workspace/tokens`, page, {})
    assert.deepEqual([status, body.code], [403, 'no_tokens'])
  }
})

test('a live list takes no slot of its caller, and ends when the server does', async (t) => {
  const { url, page, close } = await opened(t, { callers: [{ concurrentCalls: 1 }], shutdownSeconds: 30 })
  const paths = ['traffic', 'traffic', 'workspace/changes', 'workspace/requests', 'workspace/deliveries']
  const lists = await Promise.all(
    paths.map((path) => fetch(`${url}/studio/api/${path}`, { headers: { ...page, ...eventStream } })),
  )
  assert.deepEqual(
    lists.map(({ status }) => status),
    paths.map(() => 200),
  )
  assert.equal((await ask(url, 'GET /studio/api/actions', page)).status, 200)
  const began = performance.now()
  const ended = Promise.all(lists.map((list) => list.text()))
  await close()
  await ended
  assert.ok(performance.now() - began < 10_000, 'nobody waits for readers')
})

test('live lists of a session are bounded, and one that is left makes room', async (t) => {
  const { url, page } = await opened(t)
  const open = async () => {
    const leaving = new AbortController()
    const headers = { ...page, ...eventStream }
    const { status, body } = await fetch(`${url}/studio/api/traffic`, { headers, signal: leaving.signal })
    if (status !== 200) await body?.cancel()
    return { status, leave: () => leaving.abort() }
  }
  const lists = await Promise.all(Array.from({ length: 32 }, open))
  assert.ok(lists.every(({ status }) => status === 200))
  assert.equal((await open()).status, 429)
  lists[0]?.leave()
  let again = await open()
  while (again.status === 429) again = await open()
  assert.equal(again.status, 200)
  for (const { leave } of [...lists, again]) leave()
})

test('a list goes on behind what its reader has, and says what it cannot tell', async (t) => {
  const { url, page } = await opened(t)
  const act = () => ask(url, 'POST /studio/api/actions/list_tags', page, {})
  await act()
  const heard = await fetch(`${url}/studio/api/traffic?limit=1`, { headers: { ...page, ...eventStream } })
  const reader = (heard.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const read = async (count: number) => {
    while (text.split('\n\n').length <= count) text += (await reader.read()).value
    return [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => String(id))
  }
  const [first = ''] = await read(2)
  await act()
  await act()
  const [, second = '', third = ''] = await read(4)
  assert.equal(new Set([first, second, third]).size, 3)
  await reader.cancel()
  const after = async (last: string) => {
    const leaving = new AbortController()
    const list = await fetch(`${url}/studio/api/traffic`, {
      headers: { ...page, ...eventStream, 'Last-Event-ID': last },
      signal: leaving.signal,
    })
    const one = (list.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader()
    let got = ''
    while (got.split('\n\n').length <= 2) got += (await one.read()).value
    leaving.abort()
    return got
  }
  assert.ok((await after(first)).includes(`id: ${second}`))
  assert.ok(!(await after(second)).includes(`id: ${second}\n`))
  for (const stranger of ['gone-1', 'x', `${first.split('-')[0]}-999`])
    assert.match(await after(stranger), /^event: missed$/m, stranger)
})

test('what a fault breaks is an answer to the page', async (t) => {
  const { url, page, workspace } = await opened(t)
  for (const kind of ['reset', 'commit_reset'] as const) {
    workspace.control.addFault({ kind, route: 'GET /tags', count: 1 })
    const { status, body } = await ask(url, 'GET /studio/api/intercom/tags', page)
    assert.deepEqual([status, body.code], [502, 'connection_broken'], kind)
  }
  workspace.control.addFault({ kind: 'hang', route: 'GET /tags', count: 1 })
  const leaving = new AbortController()
  const hanging = fetch(`${url}/studio/api/intercom/tags`, { headers: page, signal: leaving.signal })
  await until(() => workspace.control.requests(1)[0]?.fault === 'hang')
  leaving.abort()
  await assert.rejects(hanging)
})

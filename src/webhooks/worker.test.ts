import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { openInbox } from './inbox.ts'
import type { WebhookProblem } from './options.ts'
import { type NotificationHandler, Router } from './router.ts'
import { InboxWorker } from './worker.ts'

const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-worker-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0

const noon = Date.UTC(2026, 2, 10, 12)

/** A worker with one handler, on a clock that the test moves on by `pass`. */
function opened(
  t: TestContext,
  handler: NotificationHandler,
  options: { maxAttempts?: number; retryMs?: number } = {},
) {
  t.mock.timers.enable({ apis: ['Date', 'setTimeout', 'setInterval'], now: noon })
  const inbox = openInbox(join(folder, `${++files}.db`), { keptMs: 1e9, maxWaiting: 10 })
  const router = new Router()
  router.add('*', handler)
  const problems: WebhookProblem[] = []
  const given = { inbox, router, concurrency: 2, maxAttempts: 3, retryMs: 1000, ...options }
  const worker = new InboxWorker({ ...given, onProblem: (problem) => void problems.push(problem) })
  t.after(() => inbox.close())
  const send = (id: string) => {
    const notification = { type: 'notification_event', id, topic: 'ping', data: { item: { type: 'ping' } } }
    const body = JSON.stringify(notification)
    return inbox.receive({ id, topic: 'ping', subject: null, createdAt: noon / 1000, body }, true)
  }
  const row = (id: string) =>
    inbox.db.prepare('SELECT state, attempts, owner, due_at, lease_until FROM events WHERE id = ?').get(id)
  /** Time passes; what is due then has happened when it resolves. */
  const pass = async (ms: number) => {
    t.mock.timers.tick(ms)
    await settled()
  }
  return { inbox, worker, problems, send, row, pass }
}

/** What was begun has run as far as it goes without time passing. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
}

test('a handler is tried as often as it may be, the last time too, after pauses that double', async (t) => {
  const seen: [attempt: number, ms: number][] = []
  const { worker, problems, send, row, pass, inbox } = opened(t, (_, { attempt }) => {
    seen.push([attempt, Date.now() - noon])
    throw new Error(`no ${attempt}`)
  })
  await send('a')
  worker.start()
  await settled()
  const dues = [Number(row('a')?.['due_at']) - noon]
  for (let second = 0; second < 9; second++) {
    await pass(1000)
    const { state, due_at } = row('a') ?? {}
    if (state === 'waiting') dues.push(Number(due_at) - noon)
  }
  assert.deepEqual([...new Set(dues)], [1000, 3000])
  assert.deepEqual(
    seen.map(([attempt]) => attempt),
    [1, 2, 3],
  )
  const told = problems.map((one) => one.kind === 'handler' && [one.attempt, one.givenUp, String(one.error)])
  assert.deepEqual(told, [
    [1, false, 'Error: no 1'],
    [2, false, 'Error: no 2'],
    [3, true, 'Error: no 3'],
  ])
  assert.deepEqual(
    inbox.failed().map(({ id, attempts }) => [id, attempts]),
    [['a', 3]],
  )
  await worker.close()
})

test('an attempt that closing ends costs none, not even the last one', async (t) => {
  const ended: string[] = []
  const handler: NotificationHandler = (_, { key, signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        ended.push(key)
        reject(signal.reason)
      })
    })
  const { worker, problems, send, row, pass, inbox } = opened(t, handler, { maxAttempts: 1 })
  await send('a')
  worker.start()
  await settled()
  assert.equal(row('a')?.['attempts'], 1)
  let closed = false
  void worker.close().then(() => {
    closed = true
  })
  await settled()
  await pass(9_999)
  assert.deepEqual([ended, closed], [[], false])
  await pass(1)
  assert.deepEqual([ended, closed, problems], [['a'], true, []])
  assert.deepEqual(
    { ...row('a') },
    { state: 'waiting', attempts: 0, owner: null, due_at: Date.now(), lease_until: 0 },
  )
  assert.equal((await inbox.take('next'))?.attempts, 1)
})

test('closing waits for the handler of an event that was being taken just then', async (t) => {
  const handled = Promise.withResolvers<void>()
  const taken = Promise.withResolvers<void>()
  const { worker, inbox, send } = opened(t, () => handled.promise)
  await send('a')
  const { take } = inbox
  t.mock.method(inbox, 'take', async (owner: string) => {
    const event = await take(owner)
    await taken.promise
    return event
  })
  worker.start()
  await settled()
  let closed = false
  const closing = worker.close().then(() => {
    closed = true
  })
  taken.resolve()
  await settled()
  assert.equal(closed, false)
  handled.resolve()
  await closing
})

test('closing waits for what was told to end, but for a second at most', async (t) => {
  const { worker, send, pass, row } = opened(t, () => new Promise(() => {}))
  await send('a')
  worker.start()
  await settled()
  let closed = false
  void worker.close().then(() => {
    closed = true
  })
  await settled()
  await pass(10_000)
  await pass(999)
  assert.equal(closed, false)
  await pass(1)
  assert.deepEqual([closed, row('a')?.['attempts']], [true, 1])
})

test('an event is held for as long as its handler runs, and the handler is told when another has it', async (t) => {
  const gate = Promise.withResolvers<void>()
  let told: AbortSignal | undefined
  const { worker, send, row, pass, inbox, problems } = opened(t, async (_, { signal }) => {
    told = signal
    await gate.promise
    throw new Error('too late')
  })
  await send('a')
  worker.start()
  await settled()
  for (let second = 1; second <= 10; second++) {
    await pass(1000)
    assert.equal(Number(row('a')?.['lease_until']) - Date.now(), 5000)
  }
  assert.equal(told?.aborted, false)
  inbox.db.exec("UPDATE events SET owner = 'another', attempts = 2")
  await pass(1000)
  assert.equal(told?.aborted, true)
  gate.resolve()
  await settled()
  assert.partialDeepStrictEqual(row('a'), { state: 'waiting', owner: 'another', attempts: 2 })
  assert.deepEqual(problems, [])
  await worker.close()
})

test('an event that was handled is done, and is held no more', async (t) => {
  const { worker, send, row, pass, inbox, problems } = opened(t, () => {})
  await send('a')
  worker.start()
  await settled()
  assert.partialDeepStrictEqual(row('a'), { state: 'done', owner: null, attempts: 1 })
  const renewed = t.mock.method(inbox, 'renew')
  await pass(3000)
  assert.deepEqual([renewed.mock.callCount(), problems], [0, []])
  await worker.close()
})

test('what others left behind is looked for every second, and a place that is free is used at once', async (t) => {
  const gates = new Map<string, PromiseWithResolvers<void>>()
  const { worker, send, pass } = opened(t, (_, { key }) => {
    const gate = Promise.withResolvers<void>()
    gates.set(key, gate)
    return gate.promise
  })
  worker.start()
  await settled()
  for (const id of ['a', 'b', 'c']) await send(id)
  await pass(999)
  assert.deepEqual([...gates.keys()], [])
  await pass(1)
  assert.deepEqual([...gates.keys()], ['a', 'b'])
  gates.get('b')?.resolve()
  await settled()
  assert.deepEqual([...gates.keys()], ['a', 'b', 'c'])
  for (const gate of gates.values()) gate.resolve()
  await worker.close()
})

test('a file that fails is told of, and the work goes on', async (t) => {
  const handled: string[] = []
  const { worker, send, pass, inbox, problems } = opened(t, (_, { key }) => void handled.push(key))
  const broken = t.mock.method(inbox, 'take', () => Promise.reject(new Error('disk I/O error')))
  await send('a')
  worker.start()
  await settled()
  broken.mock.restore()
  await pass(1000)
  assert.partialDeepStrictEqual(problems, [{ kind: 'store' }])
  assert.deepEqual(handled, ['a'])
  await worker.close()
})

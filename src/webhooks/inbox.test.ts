import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { transaction } from '../sqlite/sqlite.ts'
import { openInbox } from './inbox.ts'
import type { InboxEvent } from './notification.ts'

const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-inbox-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0

const noon = Date.UTC(2026, 2, 10, 12)
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** An inbox on a clock that the test sets. `again` opens the same file once more. */
function opened(t: TestContext, changes: { keptMs?: number; maxWaiting?: number; leaseMs?: number } = {}) {
  const file = join(folder, `${++files}.db`)
  t.mock.timers.enable({ apis: ['Date'], now: noon })
  const again = () => {
    const inbox = openInbox(file, { keptMs: hour, maxWaiting: 10, ...changes })
    t.after(() => inbox.close())
    return inbox
  }
  return { file, inbox: again(), again, at: (ms: number) => t.mock.timers.setTime(ms) }
}

const event = (id: string, changes: Partial<InboxEvent> = {}): InboxEvent => ({
  id,
  topic: 'conversation.user.created',
  subject: `conversation:${id}`,
  createdAt: noon / 1000,
  body: `{"of":"${id}"}`,
  ...changes,
})

test('once its file is deleted an inbox takes and gives nothing, and says why', async (t) => {
  const { inbox, file } = opened(t)
  await inbox.receive(event('1'), true)
  rmSync(file)
  const lost = { code: 'store_failed', message: /deleted or replaced while in use/ }
  await assert.rejects(inbox.receive(event('2'), true), lost)
  await assert.rejects(inbox.take('one'), lost)
})

test('an event held at a later hour is taken when the clock was set back, and its first holder has lost it', async (t) => {
  const { inbox, at } = opened(t)
  await inbox.receive(event('a', { subject: 'conversation:1' }), true)
  await inbox.receive(event('b', { subject: 'conversation:1' }), true)
  const first = await inbox.take('first')
  at(noon - hour)
  const second = await inbox.take('second')
  assert.deepEqual([first?.id, second?.id, second?.attempts], ['a', 'a', 2])
  assert.ok(first && second)
  assert.deepEqual([inbox.renew(first), inbox.renew(second)], [false, true])
  assert.equal(await inbox.take('third'), undefined)
})

test('another event of the conversation does not wait for a lease from before the clock was set back', async (t) => {
  const { inbox, at } = opened(t)
  const subject = 'conversation:1'
  await inbox.receive(event('a', { subject, createdAt: noon / 1000 }), true)
  await inbox.take('first')
  await inbox.receive(event('b', { subject, createdAt: noon / 1000 - 7200 }), true)
  assert.equal(await inbox.take('second'), undefined)
  at(noon - hour)
  assert.equal((await inbox.take('second'))?.id, 'b')
})

test('an event put off waits as long as it was told, and no longer than an hour when the clock is set back', async (t) => {
  const { inbox, at } = opened(t)
  await inbox.receive(event('a'), true)
  const work = await inbox.take('first')
  assert.ok(work)
  await inbox.release(work, 50 * minute, 1)
  at(noon + 50 * minute - 1)
  assert.equal(await inbox.take('second'), undefined)
  at(noon - 10 * minute)
  assert.equal(await inbox.take('second'), undefined)
  at(noon - 10 * minute - 1)
  assert.deepEqual((await inbox.take('second'))?.attempts, 2)
})

test('an event that is to be handled again is due at once, also when the clock was set back', async (t) => {
  const { inbox, at } = opened(t)
  await inbox.receive(event('a'), true)
  const first = await inbox.take('first')
  assert.ok(first)
  await inbox.release(first, minute, 1)
  at(noon + minute)
  const second = await inbox.take('second')
  assert.ok(second && (await inbox.finish(second, 'failed')))
  at(noon)
  assert.equal(await inbox.retry('a'), true)
  assert.deepEqual((await inbox.take('third'))?.attempts, 1)
})

test('events without a subject do not wait for each other', async (t) => {
  const { inbox } = opened(t)
  for (const id of ['a', 'b']) await inbox.receive(event(id, { subject: null }), true)
  assert.deepEqual([(await inbox.take('one'))?.id, (await inbox.take('two'))?.id], ['a', 'b'])
})

test('an event that is put off for longer than an hour waits for one', async (t) => {
  const { inbox, at } = opened(t)
  await inbox.receive(event('a'), true)
  const work = await inbox.take('first')
  assert.ok(work)
  await inbox.release(work, 5 * hour, 1)
  at(noon + hour - 1)
  assert.equal(await inbox.take('second'), undefined)
  at(noon + hour)
  assert.equal((await inbox.take('second'))?.id, 'a')
})

test('a transaction that fails is rolled back, and the next one goes on', async (t) => {
  const { inbox } = opened(t)
  const failing = () =>
    transaction(inbox.db, () => {
      assert.equal(inbox.receiveNow(event('a'), true), 'new')
      throw new Error('the disk is full')
    })
  assert.throws(failing, /the disk is full/)
  assert.equal(inbox.db.isTransaction, false)
  assert.equal(await inbox.take('first'), undefined)
  assert.equal(await inbox.receive(event('a'), true), 'new')
  assert.equal((await inbox.take('first'))?.id, 'a')
})

test('an event that is done keeps its id and nothing else; one that failed keeps its body', async (t) => {
  const { inbox } = opened(t)
  for (const id of ['a', 'b']) await inbox.receive(event(id), true)
  await inbox.receive(event('c'), false)
  for (const state of ['done', 'failed'] as const) {
    const work = await inbox.take('one')
    assert.ok(work && (await inbox.finish(work, state)))
  }
  const bodies = inbox.db.prepare('SELECT id, body FROM events ORDER BY id').all()
  assert.deepEqual(
    bodies.map(({ id, body }) => [id, body]),
    [
      ['a', null],
      ['b', '{"of":"b"}'],
      ['c', null],
    ],
  )
  const { topic, body } = event('b')
  assert.deepEqual(
    inbox.failed().map((failed) => ({ ...failed })),
    [{ id: 'b', topic, attempts: 1, body }],
  )
  for (const id of ['a', 'b', 'c']) assert.equal(await inbox.receive(event(id), true), 'duplicate')
})

test('a failed event that is asked for begins anew: its attempts count from the first, and it waits for nothing', async (t) => {
  const { inbox } = opened(t)
  await inbox.receive(event('a'), true)
  const once = await inbox.take('one')
  assert.ok(once)
  await inbox.release(once, 0, 1)
  const twice = await inbox.take('one')
  assert.ok(twice && (await inbox.finish(twice, 'failed')))
  assert.deepEqual(
    [await inbox.retry('b'), await inbox.retry('a'), await inbox.retry('a')],
    [false, true, false],
  )
  assert.deepEqual((await inbox.take('one'))?.attempts, 1)
})

test('only what waits counts against the limit, and what nobody wants is remembered beyond it', async (t) => {
  const { inbox } = opened(t, { maxWaiting: 2 })
  const received = async (id: string, wanted = true) => await inbox.receive(event(id), wanted)
  assert.deepEqual([await received('a'), await received('b'), await received('c')], ['new', 'new', 'full'])
  assert.deepEqual([await received('a'), await received('d', false)], ['duplicate', 'new'])
  const work = await inbox.take('one')
  assert.ok(work && (await inbox.finish(work, 'done')))
  assert.equal(await received('c'), 'new')
})

test('pruning leaves what waits, what polls found, and for thirty days what failed', async (t) => {
  const { inbox, again, at } = opened(t)
  await inbox.receive(event('failed'), true)
  const work = await inbox.take('one')
  assert.ok(work && (await inbox.finish(work, 'failed')))
  await inbox.receive(event('waiting'), true)
  await inbox.receive(event('done'), false)
  await inbox.receive(event('late', { createdAt: noon / 1000 - 1800 }), false)
  await inbox.receive(event('polled', { topic: 'polled.contact.created' }), false)
  const left = () => {
    const fresh = again() // one inbox prunes once a minute at most
    fresh.prune()
    return fresh.db
      .prepare('SELECT id FROM events ORDER BY id')
      .all()
      .map(({ id }) => id)
  }
  at(noon + hour)
  assert.deepEqual(left(), ['done', 'failed', 'late', 'polled', 'waiting'])
  at(noon + hour + 1)
  assert.deepEqual(left(), ['failed', 'polled', 'waiting'])
  at(noon + 30 * day)
  assert.deepEqual(left(), ['failed', 'polled', 'waiting'])
  at(noon + 30 * day + 1)
  assert.deepEqual(left(), ['polled', 'waiting'])
})

test('an inbox prunes once a minute', (t) => {
  const { inbox, at } = opened(t)
  const old = "INSERT INTO events (id, topic, created_at, state, changed_at) VALUES (?, 'x', 0, 'done', 0)"
  const pruned = (id: string) => {
    inbox.db.prepare(old).run(id)
    inbox.prune()
    return inbox.db.prepare('SELECT 1 FROM events').all().length === 0
  }
  assert.equal(pruned('a'), true)
  at(noon + minute - 1)
  assert.equal(pruned('b'), false)
  at(noon + minute)
  assert.equal(pruned('c'), true)
})

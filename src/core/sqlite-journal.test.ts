import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, mock, test } from 'node:test'
import type { StepJournal } from './journal.ts'
import { openJournal } from './sqlite-journal.ts'

const directory = mkdtempSync(join(tmpdir(), 'modulex-intercom-journal-'))
after(() => rmSync(directory, { recursive: true }))
let files = 0

function file(): string {
  return join(directory, `${++files}.db`)
}

function open(t: { after(end: () => void): void }, name = file()): StepJournal {
  const journal = openJournal(name)
  t.after(() => journal.close())
  return journal
}

const step = (id = 'i') => ({ id, action: 'create_note', input_hash: 'h' })
const day = 24 * 3600 * 1000

test('a step belongs to its first owner until it ends, and then its record to all', async (t) => {
  const name = file()
  const [a, b] = [open(t, name), open(t, name)]
  assert.deepEqual(await a.take(step(), 'one'), { state: 'mine', left: null })
  assert.deepEqual(await b.take(step(), 'two'), { state: 'running' })
  assert.deepEqual(await b.begin('i', 'two', 1), false)
  await b.finish('i', 'two', { record: 'not its' })
  assert.equal(await a.begin('i', 'one', 1), true)
  await a.finish('i', 'one', { record: 'its' })
  for (const journal of [a, b]) {
    assert.deepEqual(await journal.take(step(), 'three'), { state: 'finished', record: 'its' })
  }
})

test('another action or input of an id is seen in every state', async (t) => {
  const journal = open(t)
  const others = async () => {
    for (const other of [
      { ...step(), action: 'x' },
      { ...step(), input_hash: 'x' },
    ]) {
      assert.deepEqual(await journal.take(other, 'other'), { state: 'other_input' })
    }
  }
  await journal.take(step(), 'one')
  await others()
  await journal.finish('i', 'one', 'unclear')
  await others()
  await journal.take(step(), 'two')
  await journal.finish('i', 'two', { record: '' })
  await others()
})

test('a lapsed lease goes to the next, and fences the first; a renewed one does not lapse', async (t) => {
  mock.timers.enable({ apis: ['Date'], now: 100_000 })
  t.after(() => mock.timers.reset())
  const journal = open(t)
  await journal.take(step(), 'one')
  mock.timers.tick(4999)
  await journal.renew('i', 'one')
  mock.timers.tick(4999)
  assert.deepEqual(await journal.take(step(), 'two'), { state: 'running' })
  mock.timers.tick(1)
  assert.deepEqual(await journal.take(step(), 'two'), { state: 'mine', left: null })
  assert.equal(await journal.begin('i', 'one', 1), false)
  await journal.renew('i', 'one')
  await journal.unclear('i', 'one')
  await journal.finish('i', 'one', 'undone')
  assert.equal(await journal.begin('i', 'two', 109_999), true)
  mock.timers.tick(5000)
  assert.deepEqual(await journal.take(step(), 'three'), {
    state: 'mine',
    left: { at: 109_999, seen_at: 109_999, unclear: false },
  })
})

test('what a run leaves says when it was last alive, and whether its outcome is unclear, for good', async (t) => {
  mock.timers.enable({ apis: ['Date'], now: 100_000 })
  t.after(() => mock.timers.reset())
  const journal = open(t)
  await journal.take(step(), 'one')
  await journal.begin('i', 'one', 100_000)
  mock.timers.tick(3000)
  await journal.renew('i', 'one')
  mock.timers.tick(5000)
  const left = { at: 100_000, seen_at: 103_000, unclear: false }
  assert.deepEqual(await journal.take(step(), 'two'), { state: 'mine', left })
  await journal.finish('i', 'two', 'as_found')
  const found = await journal.take(step(), 'three')
  assert.deepEqual(found, { state: 'mine', left: { ...left, seen_at: 108_000 } })
  await journal.unclear('i', 'three')
  await journal.begin('i', 'three', 108_000)
  await journal.finish('i', 'three', 'as_found')
  const unclear = { state: 'mine', left: { at: 100_000, seen_at: 108_000, unclear: true } }
  assert.deepEqual(await journal.take(step(), 'four'), unclear)
  await journal.finish('i', 'four', 'undone')
  assert.deepEqual(await journal.take(step(), 'five'), { state: 'mine', left: null })
})

test('after the clock was set back nobody waits for a dead owner, and nothing is concluded from times', async (t) => {
  mock.timers.enable({ apis: ['Date'], now: 5_000_000 })
  t.after(() => mock.timers.reset())
  const journal = open(t)
  await journal.take(step(), 'one')
  await journal.begin('i', 'one', 5_000_000)
  mock.timers.setTime(1_000_000)
  const left = { at: 5_000_000, seen_at: 5_000_000, unclear: true }
  assert.deepEqual(await journal.take(step(), 'two'), { state: 'mine', left })
})

test('an item is given to one step, and to that again', async (t) => {
  const name = file()
  const [a, b] = [open(t, name), open(t, name)]
  assert.deepEqual(
    [await a.claim('p', 'i'), await b.claim('p', 'j'), await b.claim('p', 'i'), await b.claim('q', 'j')],
    [true, false, true, true],
  )
})

test('records, unclear intents and claims are kept for 30 days, in a process that stays open too', async (t) => {
  mock.timers.enable({ apis: ['Date'], now: 100 * day })
  t.after(() => mock.timers.reset())
  const journal = open(t)
  for (const [id, end] of [
    ['kept', { record: 'r' }],
    ['unclear', 'unclear'],
  ] as const) {
    await journal.take(step(id), 'one')
    await journal.begin(id, 'one', Date.now())
    await journal.finish(id, 'one', end)
  }
  await journal.claim('p', 'kept')
  const states = async () => {
    await journal.take(step('other'), crypto.randomUUID())
    const kept = await journal.take(step('kept'), 'two')
    const unclear = await journal.take(step('unclear'), 'two')
    const left = unclear.state === 'mine' && unclear.left !== null
    if (left) await journal.finish('unclear', 'two', 'as_found')
    return [kept.state, left, await journal.claim('p', 'other')]
  }
  mock.timers.tick(30 * day)
  assert.deepEqual(await states(), ['finished', true, false])
  mock.timers.tick(30 * day + 3_600_001)
  assert.deepEqual(await states(), ['mine', false, true])
})

test('a file that another process holds is waited for, while this one goes on', async (t) => {
  const name = file()
  const journal = open(t, name)
  const other = new DatabaseSync(name)
  t.after(() => other.close())
  other.exec('BEGIN IMMEDIATE')
  const taken = journal.take(step(), 'one')
  const claimed = journal.claim('p', 'i')
  let worked = 0
  const working = setInterval(() => worked++, 10)
  setTimeout(() => other.exec('COMMIT'), 300)
  assert.deepEqual([await taken, await claimed], [{ state: 'mine', left: null }, true])
  clearInterval(working)
  assert.ok(worked > 0)
})

test("an item that nobody has, or the step itself, is not another one's", async (t) => {
  const journal = open(t)
  await journal.claim('p1', 'mine')
  await journal.claim('p2', 'yours')
  assert.deepEqual(await journal.others(['p1', 'p2', 'p3'], 'mine'), ['p2'])
})

test('closing waits for those who have a step, can be repeated, and lets nobody in', async () => {
  const name = file()
  const journal = openJournal(name)
  await journal.take(step(), 'one')
  await journal.take(step('j'), 'two')
  journal.close()
  journal.close()
  await assert.rejects(journal.take(step('k'), 'three'), { code: 'journal_failed' })
  await journal.finish('j', 'two', 'undone')
  assert.equal(await journal.begin('i', 'one', 1), true)
  await journal.finish('i', 'one', { record: 'r' })
  journal.close()
  await assert.rejects(journal.claim('p', 'i'))
  const later = openJournal(name)
  assert.equal((await later.take(step(), 'four')).state, 'finished')
  later.close()
})

test('a file and those beside it are for their owner alone, also one that was not', (t) => {
  const name = file()
  writeFileSync(name, '', { mode: 0o644 })
  open(t, name)
  for (const end of ['', '-wal', '-shm']) assert.equal(statSync(`${name}${end}`).mode & 0o777, 0o600)
})

test('what SQLite would read as a name of its own is a file like any other', (t) => {
  const before = process.cwd()
  process.chdir(directory)
  t.after(() => process.chdir(before))
  for (const name of [':memory:', 'file:other.db']) {
    open(t, name)
    assert.ok(statSync(name).size > 0)
  }
  assert.ok(!existsSync('other.db'))
})

test('a file of another version, of another program, a damaged and an unwritable one are refused as they are', () => {
  const newer = file()
  openJournal(newer).close()
  const db = new DatabaseSync(newer)
  db.exec('PRAGMA user_version = 2')
  db.close()
  const empty = file()
  const other = new DatabaseSync(empty)
  other.exec('PRAGMA user_version = 7')
  other.close()
  const foreign = file()
  const strange = new DatabaseSync(foreign)
  strange.exec('CREATE TABLE steps (x)')
  strange.close()
  const damaged = file()
  writeFileSync(damaged, 'no database at all, but long enough to be one'.repeat(100))
  const cases: [string, RegExp][] = [
    [newer, /not a journal of version 1 \(user_version 2\)/],
    [empty, /not a journal of version 1 \(user_version 7\)/],
    [foreign, /not a journal of version 1 \(user_version 0\)/],
    [damaged, /not a database/],
    [directory, /not a file/],
    [join(directory, 'absent', 'x.db'), /ENOENT/],
    ['a\0b', /null bytes/],
  ]
  for (const [name, message] of cases) {
    assert.throws(() => openJournal(name), { name: 'IntercomError', code: 'journal_failed', message })
  }
  const left = new DatabaseSync(foreign)
  assert.equal(left.prepare('PRAGMA journal_mode').get()?.['journal_mode'], 'delete')
  left.close()
})

test('closing waits for nobody who has no step: not for who was sent away, nor for who was answered', async () => {
  const journal = openJournal(file())
  await journal.take(step(), 'one')
  assert.equal((await journal.take(step(), 'two')).state, 'running')
  assert.equal((await journal.take({ ...step(), input_hash: 'x' }, 'three')).state, 'other_input')
  await journal.finish('i', 'one', { record: 'r' })
  assert.equal((await journal.take(step(), 'four')).state, 'finished')
  journal.close()
  await assert.rejects(journal.claim('p', 'i'))
})

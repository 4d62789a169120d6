import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, mock, test } from 'node:test'
import type { Journal } from './journal.ts'
import { openJournal } from './sqlite-journal.ts'

const directory = mkdtempSync(join(tmpdir(), 'modulex-intercom-journal-'))
after(() => rmSync(directory, { recursive: true }))
let files = 0

function file(): string {
  return join(directory, `${++files}.db`)
}

function open(t: { after(end: () => void): void }, name = file()): Journal {
  const journal = openJournal(name)
  t.after(() => journal.close())
  return journal
}

const operation = (key = 'i') => ({ key, action: 'create_note', input_hash: 'h' })
const day = 24 * 3600 * 1000

test('an operation belongs to its first owner until it ends, and then its record to all', async (t) => {
  const name = file()
  const [a, b] = [open(t, name), open(t, name)]
  assert.deepEqual(await a.acquire(operation(), 'one'), { state: 'acquired', earlier: null })
  assert.deepEqual(await b.acquire(operation(), 'two'), { state: 'running' })
  assert.deepEqual(await b.recordSend('i', 'two', 1), false)
  await b.finish('i', 'two', { record: 'not its' })
  assert.equal(await a.recordSend('i', 'one', 1), true)
  await a.finish('i', 'one', { record: 'its' })
  for (const journal of [a, b]) {
    assert.deepEqual(await journal.acquire(operation(), 'three'), { state: 'finished', record: 'its' })
  }
})

test('a file that is deleted, moved or replaced while it is in use stops what would be recorded', async (t) => {
  const ways: ((name: string) => void)[] = [
    rmSync,
    (name) => renameSync(name, `${name}.old`),
    (name) => {
      renameSync(name, `${name}.old`)
      openJournal(name).close()
    },
  ]
  for (const gone of ways) {
    const name = file()
    const journal = open(t, name)
    await journal.acquire(operation(), 'one')
    gone(name)
    const lost = { code: 'journal_failed', message: 'the journal was deleted or replaced while in use' }
    await assert.rejects(journal.acquire(operation('other'), 'two'), lost)
    await assert.rejects(journal.recordSend('i', 'one', 1), lost)
  }
})

test('another action or input under a key is seen in every state', async (t) => {
  const journal = open(t)
  const others = async () => {
    for (const other of [
      { ...operation(), action: 'x' },
      { ...operation(), input_hash: 'x' },
    ]) {
      assert.deepEqual(await journal.acquire(other, 'other'), { state: 'mismatch' })
    }
  }
  await journal.acquire(operation(), 'one')
  await others()
  await journal.finish('i', 'one', 'unknown')
  await others()
  await journal.acquire(operation(), 'two')
  await journal.finish('i', 'two', { record: '' })
  await others()
})

test('a lapsed lease goes to the next, and fences the first; a renewed one does not lapse', async (t) => {
  mock.timers.enable({ apis: ['Date'], now: 100_000 })
  t.after(() => mock.timers.reset())
  const journal = open(t)
  await journal.acquire(operation(), 'one')
  mock.timers.tick(4999)
  await journal.renew('i', 'one')
  mock.timers.tick(4999)
  assert.deepEqual(await journal.acquire(operation(), 'two'), { state: 'running' })
  mock.timers.tick(1)
  assert.deepEqual(await journal.acquire(operation(), 'two'), { state: 'acquired', earlier: null })
  assert.equal(await journal.recordSend('i', 'one', 1), false)
  await journal.renew('i', 'one')
  await journal.recordUnknown('i', 'one')
  await journal.finish('i', 'one', 'no_effect')
  assert.equal(await journal.recordSend('i', 'two', 109_999), true)
  mock.timers.tick(5000)
  assert.deepEqual(await journal.acquire(operation(), 'three'), {
    state: 'acquired',
    earlier: { sent_at: 109_999, alive_at: 109_999, unknown: false },
  })
})

test('what an attempt leaves says when it was last alive, and whether its outcome is unknown, for good', async (t) => {
  mock.timers.enable({ apis: ['Date'], now: 100_000 })
  t.after(() => mock.timers.reset())
  const journal = open(t)
  await journal.acquire(operation(), 'one')
  await journal.recordSend('i', 'one', 100_000)
  mock.timers.tick(3000)
  await journal.renew('i', 'one')
  mock.timers.tick(5000)
  const earlier = { sent_at: 100_000, alive_at: 103_000, unknown: false }
  assert.deepEqual(await journal.acquire(operation(), 'two'), { state: 'acquired', earlier })
  await journal.finish('i', 'two', 'unchanged')
  const found = await journal.acquire(operation(), 'three')
  assert.deepEqual(found, { state: 'acquired', earlier: { ...earlier, alive_at: 108_000 } })
  await journal.recordUnknown('i', 'three')
  await journal.recordSend('i', 'three', 108_000)
  await journal.finish('i', 'three', 'unchanged')
  const unknown = { state: 'acquired', earlier: { sent_at: 100_000, alive_at: 108_000, unknown: true } }
  assert.deepEqual(await journal.acquire(operation(), 'four'), unknown)
  await journal.finish('i', 'four', 'no_effect')
  assert.deepEqual(await journal.acquire(operation(), 'five'), { state: 'acquired', earlier: null })
})

test('after the clock was set back nobody waits for a dead owner, and nothing is concluded from times', async (t) => {
  mock.timers.enable({ apis: ['Date'], now: 5_000_000 })
  t.after(() => mock.timers.reset())
  const journal = open(t)
  await journal.acquire(operation(), 'one')
  await journal.recordSend('i', 'one', 5_000_000)
  mock.timers.setTime(1_000_000)
  const earlier = { sent_at: 5_000_000, alive_at: 5_000_000, unknown: true }
  assert.deepEqual(await journal.acquire(operation(), 'two'), { state: 'acquired', earlier })
})

test('an item is given to one operation, and to that again', async (t) => {
  const name = file()
  const [a, b] = [open(t, name), open(t, name)]
  assert.deepEqual(
    [await a.claim('p', 'i'), await b.claim('p', 'j'), await b.claim('p', 'i'), await b.claim('q', 'j')],
    [true, false, true, true],
  )
})

test('records, unknown outcomes and claims are kept for 30 days, in a process that stays open too', async (t) => {
  mock.timers.enable({ apis: ['Date'], now: 100 * day })
  t.after(() => mock.timers.reset())
  const journal = open(t)
  for (const [id, end] of [
    ['kept', { record: 'r' }],
    ['unknown', 'unknown'],
  ] as const) {
    await journal.acquire(operation(id), 'one')
    await journal.recordSend(id, 'one', Date.now())
    await journal.finish(id, 'one', end)
  }
  await journal.claim('p', 'kept')
  const states = async () => {
    await journal.acquire(operation('other'), crypto.randomUUID())
    const kept = await journal.acquire(operation('kept'), 'two')
    const unknown = await journal.acquire(operation('unknown'), 'two')
    const open = unknown.state === 'acquired' && unknown.earlier !== null
    if (open) await journal.finish('unknown', 'two', 'unchanged')
    return [kept.state, open, await journal.claim('p', 'other')]
  }
  mock.timers.tick(30 * day)
  assert.deepEqual(await states(), ['finished', true, false])
  mock.timers.tick(30 * day + 3_600_001)
  assert.deepEqual(await states(), ['acquired', false, true])
})

test('a file that another process holds is waited for, while this one goes on', async (t) => {
  const name = file()
  const journal = open(t, name)
  const other = new DatabaseSync(name)
  t.after(() => other.close())
  other.exec('BEGIN IMMEDIATE')
  const taken = journal.acquire(operation(), 'one')
  const claimed = journal.claim('p', 'i')
  let worked = 0
  const working = setInterval(() => worked++, 10)
  setTimeout(() => other.exec('COMMIT'), 300)
  assert.deepEqual([await taken, await claimed], [{ state: 'acquired', earlier: null }, true])
  clearInterval(working)
  assert.ok(worked > 0)
})

test("an item that nobody has, or the operation itself, is not another one's", async (t) => {
  const journal = open(t)
  await journal.claim('p1', 'acquired')
  await journal.claim('p2', 'yours')
  assert.deepEqual(await journal.claimedByOthers(['p1', 'p2', 'p3'], 'acquired'), ['p2'])
})

test('closing waits for those who hold a lease, can be repeated, and lets nobody in', async () => {
  const name = file()
  const journal = openJournal(name)
  await journal.acquire(operation(), 'one')
  await journal.acquire(operation('j'), 'two')
  journal.close()
  journal.close()
  await assert.rejects(journal.acquire(operation('k'), 'three'), { code: 'journal_failed' })
  await journal.finish('j', 'two', 'no_effect')
  assert.equal(await journal.recordSend('i', 'one', 1), true)
  await journal.finish('i', 'one', { record: 'r' })
  journal.close()
  await assert.rejects(journal.claim('p', 'i'))
  const later = openJournal(name)
  assert.equal((await later.acquire(operation(), 'four')).state, 'finished')
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

test('a refused file keeps its permissions, and a symbolic link is not followed', () => {
  const [foreign, text, target] = [file(), file(), file()]
  const other = new DatabaseSync(foreign)
  other.exec('CREATE TABLE things (id INTEGER)')
  other.close()
  writeFileSync(text, 'a diary of some length, and no database')
  writeFileSync(target, '')
  const link = file()
  symlinkSync(target, link)
  for (const name of [foreign, text, target]) chmodSync(name, 0o644)
  for (const [name, why] of [
    [foreign, /it is not a journal/],
    [text, /not a database/],
    [link, /it is a symbolic link; name the file itself/],
  ] as const)
    assert.throws(() => openJournal(name), { code: 'journal_failed', message: why })
  for (const name of [foreign, text, target]) {
    assert.equal(statSync(name).mode & 0o777, 0o644)
    for (const end of ['-wal', '-shm']) assert.ok(!existsSync(`${name}${end}`))
  }
  assert.equal(statSync(target).size, 0)
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
  strange.exec('CREATE TABLE operations (x)')
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

test('closing waits for nobody whose end could not be recorded', async () => {
  const name = file()
  const journal = openJournal(name)
  await journal.acquire(operation(), 'one')
  const other = new DatabaseSync(name)
  other.exec('ALTER TABLE operations RENAME TO gone')
  await assert.rejects(journal.finish('i', 'one', { record: 'r' }), /no such table/)
  other.exec('ALTER TABLE gone RENAME TO operations')
  journal.close()
  await assert.rejects(journal.claim('p', 'i'))
  other.close()
})

test('closing waits for nobody who holds no operation: not for who was sent away, nor for who was answered', async () => {
  const journal = openJournal(file())
  await journal.acquire(operation(), 'one')
  assert.equal((await journal.acquire(operation(), 'two')).state, 'running')
  assert.equal((await journal.acquire({ ...operation(), input_hash: 'x' }, 'three')).state, 'mismatch')
  await journal.finish('i', 'one', { record: 'r' })
  assert.equal((await journal.acquire(operation(), 'four')).state, 'finished')
  journal.close()
  await assert.rejects(journal.claim('p', 'i'))
})

import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { openJournal } from './sqlite-journal.ts'

const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-entries-'))
after(() => rmSync(folder, { recursive: true }))

/** The tables as they were before journals kept stories. */
const before = `
CREATE TABLE operations (
  key TEXT PRIMARY KEY, action TEXT NOT NULL, input_hash TEXT NOT NULL, owner TEXT, lease_until INTEGER NOT NULL,
  sent_at INTEGER, unknown INTEGER NOT NULL DEFAULT 0, record TEXT
) STRICT;
CREATE TABLE claims (item TEXT PRIMARY KEY, key TEXT NOT NULL, claimed_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX operations_by_time ON operations (lease_until);
CREATE INDEX claims_by_time ON claims (claimed_at);
PRAGMA user_version = 1`

/** Some time ago, and not so long that it is forgotten. */
const then = Date.now() - 3_600_000

const record = '{"output":{"success":true,"error":null},"failure":null}'

test('a file of an earlier version is read, and a process of that version goes on with it', async () => {
  const file = join(folder, 'earlier.db')
  const earlier = new DatabaseSync(file)
  chmodSync(file, 0o600)
  earlier.exec(`PRAGMA journal_mode = WAL; ${before}`)
  const read = earlier.prepare('SELECT *, owner IS NOT NULL AS held FROM operations WHERE key = :key')
  const insert = earlier.prepare(
    'INSERT INTO operations (key, action, input_hash, owner, lease_until) VALUES (?, ?, ?, ?, ?)',
  )
  const complete = earlier.prepare(
    'UPDATE operations SET record = ?, owner = NULL, lease_until = ? WHERE key = ? AND owner = ?',
  )
  insert.run('crm:old', 'create_note', 'h', 'a', then + 5000)
  complete.run(record, then + 1000, 'crm:old', 'a')
  insert.run('crm:sent', 'create_note', 'h', null, then + 2000)
  earlier.exec(`UPDATE operations SET sent_at = ${then}, unknown = 1 WHERE key = 'crm:sent'`)

  const journal = openJournal(file)
  const { entries } = await journal.entries.list('crm', { limit: 10 })
  assert.deepEqual(
    entries.map(({ key, state, sent_at, changed_at, begun_at, unknown, steps }) => [
      ...[key, state, sent_at, changed_at, begun_at, unknown, steps],
    ]),
    [
      ['crm:sent', 'stopped', then, then + 2000, null, true, []],
      ['crm:old', 'finished', null, then + 1000, null, false, []],
    ],
  )
  assert.deepEqual(await journal.acquire({ key: 'crm:old', action: 'create_note', input_hash: 'h' }, 'b'), {
    state: 'finished',
    record,
  })
  await journal.acquire({ key: 'crm:new', action: 'create_note', input_hash: 'h' }, 'b')
  await journal.finish('crm:new', 'b', { record }, [{ at: 7, step: 'ended' }])

  // The earlier version reads what the later one wrote, and the other way round.
  assert.equal(read.get({ key: 'crm:new' })?.['record'], record)
  insert.run('crm:late', 'create_note', 'h', 'c', then + 9000)
  complete.run(record, then + 8000, 'crm:late', 'c')
  const late = await journal.entries.get('crm:late')
  assert.deepEqual([late?.state, late?.changed_at, late?.steps], ['finished', then + 8000, []])
  assert.deepEqual((await journal.entries.get('crm:new'))?.steps, [{ at: 7, step: 'ended' }])
  journal.close()
  earlier.close()
  openJournal(file).close()
})

test('a list is read by an index, in the order of the file', async () => {
  const file = join(folder, 'indexed.db')
  const journal = openJournal(file)
  await journal.entries.list('crm', { limit: 1 })
  journal.close()
  const db = new DatabaseSync(file)
  const planOf = (more: string) =>
    db
      .prepare(
        `EXPLAIN QUERY PLAN SELECT rowid FROM operations WHERE substr(key, 1, instr(key, ':')) = 'crm:'
         AND rowid < 9 ${more} ORDER BY rowid DESC LIMIT 10`,
      )
      .all()
      .map(({ detail }) => String(detail))
  assert.match(planOf('').join(), /^SEARCH operations USING .*INDEX operations_of_scope/)
  assert.match(planOf('AND record IS NULL').join(), /^SEARCH operations USING .*INDEX operations_open/)
  for (const more of ['', 'AND record IS NULL']) assert.equal(planOf(more).length, 1) // nothing is sorted
  db.close()
})

test('a story is bounded, and what an attempt tells of an earlier one is not told twice', async () => {
  const journal = openJournal(join(folder, 'stories.db'))
  const operation = { key: 'crm:one', action: 'create_note', input_hash: 'h' }
  const attempt = async (owner: string, steps: Parameters<typeof journal.finish>[3]) => {
    await journal.acquire(operation, owner)
    await journal.recordSend(operation.key, owner, 1)
    await journal.finish(operation.key, owner, 'unknown', steps)
  }
  await attempt('a', [{ at: 1, step: 'transmitted' }])
  await attempt('b', [
    { at: 1, step: 'transmitted', earlier: true },
    { at: 2, step: 'not_found' },
  ])
  const steps = async () => (await journal.entries.get(operation.key))?.steps ?? []
  assert.deepEqual(
    (await steps()).map(({ at, step }) => [at, step]),
    [
      [1, 'transmitted'],
      [2, 'not_found'],
    ],
  )
  for (let n = 0; n < 400; n += 1) await attempt(`c${n}`, [{ at: n, step: 'not_found' }])
  const kept = await steps()
  assert.ok(kept.length > 100 && JSON.stringify(kept).length < 12_000, `${kept.length} steps`)
  journal.close()
})

test('a page looks at so many operations and no more, and says where to go on', async () => {
  const file = join(folder, 'many.db')
  const journal = openJournal(file)
  const db = new DatabaseSync(file)
  const insert = db.prepare(
    'INSERT INTO operations (key, action, input_hash, lease_until, record) VALUES (?, ?, ?, ?, ?)',
  )
  db.exec('BEGIN')
  for (let n = 0; n < 2500; n += 1) insert.run(`crm:${n}`, n === 0 ? 'rare' : 'common', 'h', n, record)
  for (let n = 0; n < 500; n += 1) insert.run(`other:${n}`, 'rare', 'h', n, record)
  db.exec('COMMIT')
  db.close()
  const places: (number | null)[] = []
  const found: string[] = []
  let before: number | undefined
  do {
    const page = await journal.entries.list('crm', { limit: 10, action: 'rare', before })
    found.push(...page.entries.map(({ key }) => key))
    places.push(page.next)
    before = page.next ?? undefined
  } while (before !== undefined)
  assert.deepEqual([found, places.length], [['crm:0'], 3])
  journal.close()
})

test('a scope may have colons, and has its own keys alone', async () => {
  const journal = openJournal(join(folder, 'colons.db'))
  for (const key of ['crm:ws1:a', 'crm:ws2:b', 'crm:ws1:c', 'crm:ws11:d'])
    await journal.acquire({ key, action: 'create_note', input_hash: 'h' }, key)
  const { entries, next } = await journal.entries.list('crm:ws1', { limit: 10 })
  assert.deepEqual(
    entries.map(({ key }) => key),
    ['crm:ws1:c', 'crm:ws1:a'],
  )
  assert.equal(next, null)
  journal.close()
})

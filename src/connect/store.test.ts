import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { keyRingOf } from './key-ring.ts'
import { openWorkspaces } from './store.ts'
import type { ConnectedWorkspace } from './workspaces.ts'

const newKey = () => randomBytes(32).toString('base64')
const token = (name: string) => Buffer.from(`tok:${name}-3141592653-5897932384:1:0`).toString('base64')
const newFile = () => join(mkdtempSync(join(tmpdir(), 'workspaces-')), 'workspaces.db')

function workspace(id: string, more: Partial<ConnectedWorkspace> = {}): ConnectedWorkspace {
  const admin = { id: '7', name: 'Ada' }
  const base_url = 'https://api.intercom.io'
  return { id, name: `Of ${id}`, region: 'US', base_url, admin, connected_at: 1_700_000_000_000, ...more }
}

/** What somebody can do who may write the file and has no key. */
function tamper(file: string, sql: string): void {
  const db = new DatabaseSync(file)
  db.exec(sql)
  db.close()
}

test('a token is kept, listed without it, replaced, refused and removed', async () => {
  const file = newFile()
  const store = openWorkspaces(file, newKey())
  assert.deepEqual(await store.list(), [])
  await store.save(workspace('two'), token('two'))
  await store.save(workspace('one', { region: 'EU', base_url: 'https://api.eu.intercom.io' }), token('one'))
  assert.equal(await store.accessToken('one'), token('one'))
  const [one, two] = await store.list()
  assert.deepEqual([one?.id, one?.base_url, one?.state], ['one', 'https://api.eu.intercom.io', 'connected'])
  assert.deepEqual(two, { ...workspace('two'), refused_at: null, state: 'connected' })
  assert.doesNotMatch(JSON.stringify([one, two]), /dG9r/)

  await store.refused('two', token('old')) // of an installation before
  assert.equal((await store.find('two'))?.state, 'connected')
  await store.refused('two', token('two'))
  const refused = await store.find('two')
  assert.deepEqual([refused?.state, typeof refused?.refused_at], ['refused', 'number'])
  await store.save(workspace('two'), token('new'))
  assert.equal((await store.find('two'))?.state, 'connected', 'connecting again clears the mark')
  assert.equal(await store.accessToken('two'), token('new'))

  assert.equal(await store.remove('two', token('two')), false, 'another has taken its place')
  assert.equal(await store.accessToken('two'), token('new'))
  assert.deepEqual([await store.remove('two', token('new')), await store.remove('two')], [true, false])
  assert.equal(await store.find('two'), null)
  await assert.rejects(store.accessToken('two'), { code: 'workspace_not_connected', outcome: 'not_sent' })
  await assert.rejects(store.accessToken("x'; DROP TABLE workspaces"), { code: 'workspace_not_connected' })
  await assert.rejects(store.save(workspace('a b'), token('x')), { code: 'invalid_input' })
  store.close()
})

test('the file holds no token in clear, and belongs to its owner alone', async () => {
  const file = newFile()
  const store = openWorkspaces(file, newKey())
  await store.save(workspace('one'), token('one'))
  for (const part of [file, `${file}-wal`]) {
    const bytes = readFileSync(part)
    for (const clear of [token('one'), 'tok:one', '3141592653']) assert.equal(bytes.indexOf(clear), -1, part)
    assert.equal(statSync(part).mode & 0o077, 0, part)
  }
  await store.save(workspace('one'), token('one'))
  const db = new DatabaseSync(file)
  const sealed = db.prepare('SELECT sealed FROM workspaces').get()?.['sealed']
  await store.save(workspace('one'), token('one'))
  assert.notDeepEqual(
    db.prepare('SELECT sealed FROM workspaces').get()?.['sealed'],
    sealed,
    'the nonce is new',
  )
  db.close()
  store.close()
})

test('the wrong key says so, also over a file without workspaces, and changes nothing', async () => {
  for (const filled of [false, true]) {
    const file = newFile()
    const key = newKey()
    const store = openWorkspaces(file, key)
    if (filled) await store.save(workspace('one'), token('one'))
    store.close()
    const wrong = { code: 'wrong_workspaces_key', message: /was sealed with the key [\da-f]{8}/ }
    assert.throws(() => openWorkspaces(file, newKey()), wrong)
    openWorkspaces(file, key).close()
    tamper(file, 'DELETE FROM proof')
    if (filled) assert.throws(() => openWorkspaces(file, key), { code: 'wrong_workspaces_key' })
  }
})

const alterations: [name: string, sql: string][] = [
  [
    'another host',
    `UPDATE workspaces SET details = replace(details, 'api.intercom.io', 'evil.example') WHERE id = 'a'`,
  ],
  ['another name', `UPDATE workspaces SET details = replace(details, 'Of a', 'Of b') WHERE id = 'a'`],
  ['another id', `DELETE FROM workspaces WHERE id = 'b'; UPDATE workspaces SET id = 'b'`],
  [
    'the token of another',
    `UPDATE workspaces SET sealed = (SELECT sealed FROM workspaces WHERE id = 'b') WHERE id = 'a'`,
  ],
  [
    'two exchanged',
    `UPDATE workspaces SET id = 'c' WHERE id = 'a'; UPDATE workspaces SET id = 'a' WHERE id = 'b'; UPDATE workspaces SET id = 'b' WHERE id = 'c'`,
  ],
  [
    'the proof in place of a token',
    `UPDATE workspaces SET sealed = (SELECT sealed FROM proof) WHERE id = 'a'`,
  ],
  ['a byte less', `UPDATE workspaces SET sealed = substr(sealed, 1, length(sealed) - 1) WHERE id = 'a'`],
  ['nothing', `UPDATE workspaces SET sealed = x'' WHERE id = 'a'`],
  ['a shorter tag', `UPDATE workspaces SET sealed = substr(sealed, 1, 20) WHERE id = 'a'`],
]

test('an entry that was changed outside is told apart, and its token is not used', async () => {
  for (const [name, sql] of alterations) {
    const file = newFile()
    const store = openWorkspaces(file, newKey())
    await store.save(workspace('a'), token('a'))
    await store.save(workspace('b'), token('b'))
    tamper(file, sql)
    const changed = (await store.list()).find(({ state }) => state === 'changed')
    assert.ok(changed, name)
    assert.equal(changed.base_url, '', 'what was changed is not repeated')
    const refusal = { code: 'workspace_changed', outcome: 'not_sent', message: /changed from outside/ }
    await assert.rejects(store.accessToken(changed.id), refusal, name)
    store.close()
  }
})

test('keys are rotated: the first seals, the others open until every token is sealed anew', async () => {
  const [old, next] = [newKey(), newKey()]
  const file = newFile()
  const before = openWorkspaces(file, old)
  await before.save(workspace('one'), token('one'))
  const store = openWorkspaces(file, `${next}, ${old}`)
  assert.equal(await store.accessToken('one'), token('one'))
  await before.save(workspace('two'), token('two')) // a process that does not know the new key yet
  assert.throws(() => openWorkspaces(file, next), { code: 'wrong_workspaces_key' })
  assert.deepEqual([await store.rotate(), await store.rotate()], [2, 0])
  store.close()
  const after = openWorkspaces(file, next)
  assert.deepEqual(
    [await after.accessToken('one'), await after.accessToken('two')],
    [token('one'), token('two')],
  )
  assert.deepEqual(
    (await before.list()).map(({ state }) => state),
    ['locked', 'locked'],
  )
  await assert.rejects(before.accessToken('one'), { code: 'wrong_workspaces_key', outcome: 'not_sent' })
  before.close()
  after.close()
})

test('rotation that cannot open one token changes none', async () => {
  const [old, next] = [newKey(), newKey()]
  const file = newFile()
  const store = openWorkspaces(file, `${next} ${old}`)
  const before = openWorkspaces(file, `${old} ${next}`)
  await before.save(workspace('a'), token('a'))
  await before.save(workspace('b'), token('b'))
  tamper(file, `UPDATE workspaces SET sealed = x'00' WHERE id = 'b'`)
  await assert.rejects(store.rotate(), { code: 'workspace_changed' })
  const db = new DatabaseSync(file)
  const keys = db.prepare('SELECT DISTINCT key_id FROM workspaces').all()
  assert.deepEqual(
    keys.map((row) => row['key_id']),
    [keyRingOf(old).current],
  )
  db.close()
  store.close()
  before.close()
})

test('a file that is gone does not pass for one without workspaces', async () => {
  const file = newFile()
  const store = openWorkspaces(file, newKey())
  await store.save(workspace('one'), token('one'))
  renameSync(file, `${file}.away`)
  const gone = { code: 'workspaces_failed' }
  await assert.rejects(store.list(), gone)
  await assert.rejects(store.accessToken('one'), gone)
  await assert.rejects(store.save(workspace('two'), token('two')), gone)
  rmSync(`${file}.away`)
  store.close()
})

test('keys are 32 random bytes, in base64 or hexadecimal digits, and what is wrong holds nothing of them', () => {
  const bytes = randomBytes(32)
  const forms = [
    bytes.toString('hex'),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    ` ${bytes.toString('hex')}\n`,
  ]
  assert.equal(new Set(forms.map((form) => keyRingOf(form).current)).size, 1)
  assert.deepEqual(keyRingOf(`${forms[0]},${newKey()}`).ids.length, 2)
  for (const wrong of [
    '',
    ' , ',
    'secret',
    'a'.repeat(64),
    'A'.repeat(43),
    bytes.toString('hex').slice(1),
    newKey().slice(2),
  ]) {
    assert.throws(
      () => keyRingOf(wrong),
      ({ code, message }: Error & { code?: string }) =>
        code === 'wrong_workspaces_key' && (wrong.length < 6 || !message.includes(wrong.slice(0, 6))),
      wrong,
    )
  }
})

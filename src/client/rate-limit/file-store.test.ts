import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { IntercomError } from '../../errors.ts'
import { fileStore } from './file-store.ts'
import { sharedRateLimiter } from './rate-limiter.ts'

const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-pace-'))
after(() => rmSync(folder, { recursive: true }))
const fileOf = (name: string) => join(folder, name)

test('who names the same file and key shares one schedule; another key has its own', async () => {
  const file = fileOf('shared.db')
  const [one, two, other] = [fileStore(file, 'a'), fileStore(file, 'a'), fileStore(file, 'b')]
  await one.change((state) => {
    state.limit = 1667
    state.used = 7
  })
  assert.deepEqual(await two.change(({ limit, used }) => [limit, used]), [1667, 7])
  assert.equal(await other.change(({ limit }) => limit), 0)
})

test('four processes lose none of each other’s changes', () => {
  const file = fileOf('counted.db')
  const source = `
    import { fileStore } from ${JSON.stringify(join(import.meta.dirname, 'file-store.ts'))}
    const store = fileStore(${JSON.stringify(file)}, 'a', 30_000)
    for (let each = 0; each < 500; each++) store.change((state) => { state.used += 1 })
  `
  const loop = `for i in 1 2 3 4; do "${process.execPath}" --input-type=module-typescript --no-warnings -e "$0" & done; wait`
  const { stderr } = spawnSync('sh', ['-c', loop, source], { encoding: 'utf8', timeout: 30_000 })
  assert.equal(stderr, '')
  assert.equal(
    fileStore(file, 'a').change(({ used }) => used),
    2_000,
  )
})

test('the file is for its owner only, and holds no token', () => {
  const file = fileOf('private.db')
  const token = 'dG9rOmNhbmFyeS1wYWNlcg=='
  const rateLimiter = sharedRateLimiter('https://api.intercom.io', token, file)
  void rateLimiter.acquire({}, { signal: undefined, until: Number.POSITIVE_INFINITY })
  for (const end of ['', '-wal', '-shm']) {
    assert.equal(statSync(`${file}${end}`).mode & 0o777, 0o600, end)
    assert.ok(!readFileSync(`${file}${end}`).includes(token), end)
  }
})

test('a file that cannot be opened is refused with what to do', () => {
  const text = fileOf('text.db')
  writeFileSync(text, 'not a database, but long enough to be taken for the head of one '.repeat(20))
  for (const file of [join(folder, 'absent', 'pace.db'), folder, text]) {
    assert.throws(
      () => sharedRateLimiter('https://api.intercom.io', 'x', file),
      (error) =>
        error instanceof IntercomError && error.code === 'invalid_rate_limit_file' && error.hint !== null,
      file,
    )
  }
})

test('a file that is locked or damaged later is warned of once, and the process limits its own rate only', async () => {
  for (const [name, spoil] of [
    ['locked.db', (file: string) => new DatabaseSync(file).exec('BEGIN IMMEDIATE')],
    ['damaged.db', (file: string) => new DatabaseSync(file).exec('DROP TABLE rate_limits')],
  ] as const) {
    const file = fileOf(name)
    const store = fileStore(file, 'a')
    await store.change((state) => {
      state.limit = 1667
    })
    spoil(file)
    const warned = once(process, 'warning')
    const limits = [store.change(({ limit }) => limit), store.change(({ limit }) => limit)]
    assert.deepEqual(limits, [1667, 1667])
    const [{ code, message }] = await warned
    assert.equal(code, 'INTERCOM_RATE_LIMIT_ALONE')
    assert.match(message, /limits its own rate only/)
  }
})

test('a schedule that another version wrote, or nobody, is a new beginning', () => {
  const file = fileOf('other.db')
  const store = fileStore(file, 'a')
  const db = new DatabaseSync(file)
  for (const state of ['{"limit":5}', '[]', 'null', '{"limit":"a"}', 'no JSON']) {
    db.prepare('INSERT OR REPLACE INTO rate_limits (key, state) VALUES (?, ?)').run('a', state)
    const before = store.change((schedule) => {
      const { limit } = schedule
      schedule.limit = 1667
      return limit
    })
    assert.equal(before, 0, state)
    assert.equal(
      fileStore(file, 'a').change(({ limit }) => limit),
      1667,
      state,
    )
  }
})

test('a change that cannot be written is rolled back: the file is free at once, and as it was', (t) => {
  const file = fileOf('full.db')
  const store = fileStore(file, 'a')
  store.change((state) => {
    state.used = 1
  })
  const other = new DatabaseSync(file, { timeout: 0 })
  t.after(() => other.close())
  other.exec("CREATE TRIGGER full BEFORE UPDATE ON rate_limits BEGIN SELECT RAISE(ABORT, 'disk full'); END")
  let now = performance.now()
  t.mock.method(performance, 'now', () => now)
  const warnings: unknown[] = []
  t.mock.method(process, 'emitWarning', (warning: unknown) => warnings.push(warning))
  const use = () =>
    store.change((state) => {
      state.used += 1
      return state.used
    })
  assert.equal(use(), 2)
  other.exec('BEGIN IMMEDIATE; DROP TRIGGER full; COMMIT')
  const written = () =>
    JSON.parse(String(other.prepare('SELECT state FROM rate_limits').get()?.['state'])).used
  assert.equal(written(), 1)
  assert.deepEqual([use(), written()], [3, 1], 'alone for five seconds, from what was known last')
  now += 5_001
  assert.deepEqual([use(), written()], [2, 2], 'with the others again')
  other.exec("CREATE TRIGGER full BEFORE UPDATE ON rate_limits BEGIN SELECT RAISE(ABORT, 'disk full'); END")
  assert.equal(use(), 3)
  assert.equal(warnings.length, 2)
  assert.match(String(warnings[1]), /disk full/)
})

test('a file has one rate limiter of a token, however it is named, and none of another file or token', () => {
  const file = fileOf('named.db')
  const of = (name: string | undefined, token = 'one') =>
    sharedRateLimiter('https://api.intercom.io', token, name)
  assert.equal(of(relative(process.cwd(), file)), of(file))
  assert.equal(of(undefined), of(undefined))
  assert.equal(new Set([of(file), of(undefined), of(fileOf('other-name.db')), of(file, 'two')]).size, 4)
})

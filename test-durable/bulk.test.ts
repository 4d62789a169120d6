import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { World } from './support/world.ts'

// Jobs of many rows, over two workers.
const files = mkdtempSync(join(tmpdir(), 'modulex-intercom-jobs-'))
const world = await World.open({ workers: 2, people: 40, files })
after(async () => {
  await world.close()
  rmSync(files, { recursive: true })
})

const rowsOf = (count: number, mark: string) =>
  Array.from({ length: count }, (_, n) => world.reply(n, `mark${mark}${n}`))

const jsonLines = (rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

async function finished(job: string): Promise<Record<string, unknown>> {
  for (const until = performance.now() + 40_000; ; ) {
    const { body } = await world.call(`intercom_bulk/${job}/status`, {})
    if (body['finished'] === true || body['stopped'] !== null) return body
    assert.ok(performance.now() < until, JSON.stringify(body))
    await sleep(200)
  }
}

/** How often each of so many marks is there, from the rarest to the most frequent. */
async function extremes(count: number, mark: string): Promise<[number, number]> {
  const { counts } = await world.people.count()
  const found = Array.from({ length: count }, (_, n) => counts.get(`mark${mark}${n}`) ?? 0)
  return [Math.min(...found), Math.max(...found)]
}

test('a list of rows is sent, each once, though a worker dies; the finished job does nothing, and other rows are refused', async () => {
  const rows = rowsOf(300, 'list')
  const begun = await world.call('intercom_bulk/list/start', { action: 'reply_to_conversation', rows })
  assert.deepEqual([begun.status, begun.body['rows'], begun.body['bad_rows']], [200, 300, 0])
  await sleep(600)
  const [port = 0] = world.workers.ports
  await world.workers.kill(port)
  await world.workers.start(port)
  const { succeeded, failed, unknown } = await finished('list')
  assert.deepEqual([succeeded, failed, unknown], [300, 0, 0])
  assert.deepEqual(await extremes(300, 'list'), [1, 1])
  const again = await world.call('intercom_bulk/list/start', { action: 'reply_to_conversation', rows })
  assert.deepEqual([again.status, again.body['finished']], [200, true])
  const other = await world.call('intercom_bulk/list/start', {
    action: 'reply_to_conversation',
    rows: rows.slice(1),
  })
  assert.equal(other.status, 422)
  assert.deepEqual(await extremes(300, 'list'), [1, 1])
})

test('rows that are bad or refused are named and do not stop the rest; strict begins nothing', async () => {
  const rows: object[] = rowsOf(30, 'bad')
  rows[3] = { ...rows[3], body: undefined }
  rows[7] = { ...rows[7], conversation_id: '999999999999999' }
  const request = { action: 'reply_to_conversation', rows }
  const strict = await world.call('intercom_bulk/strict/start', { ...request, strict: true })
  assert.equal(strict.status, 422)
  assert.match(String(strict.body['message']), /row 4: body is required/)
  const begun = await world.call('intercom_bulk/bad/start', request)
  assert.deepEqual(begun.body['bad'], [{ row: 4, error: 'body is required' }])
  const { succeeded, failed } = await finished('bad')
  assert.deepEqual([succeeded, failed], [28, 2])
  const { body } = await world.call('intercom_bulk/bad/problems', {})
  const problems = body['problems'] as { row: number; outcome: string; error: string }[]
  assert.deepEqual(
    problems.map(({ row, outcome }) => [row, outcome]),
    [
      [4, 'failed'],
      [8, 'failed'],
    ],
  )
  assert.match(problems[1]?.error ?? '', /404 not_found/)
})

test('a file of JSON lines is read in chunks; changed under a job it stops it, and put back it goes on, each row once', async () => {
  const text = jsonLines(rowsOf(500, 'file'))
  writeFileSync(join(files, 'rows.jsonl'), text)
  const request = { action: 'reply_to_conversation', file: 'rows.jsonl' }
  const begun = await world.call('intercom_bulk/file/start', request)
  assert.equal(begun.body['rows'], 500)
  await sleep(300)
  writeFileSync(join(files, 'rows.jsonl'), text.replaceAll('markfile', 'otherfile'))
  const stopped = await finished('file')
  assert.match(String(stopped['stopped']), /file_changed/)
  assert.equal((await world.call('intercom_bulk/file/start', request)).status, 422)
  writeFileSync(join(files, 'rows.jsonl'), text)
  await sleep(500)
  await world.call('intercom_bulk/file/start', request)
  const { succeeded, finished: done } = await finished('file')
  assert.deepEqual([succeeded, done], [500, true])
  rmSync(join(files, 'rows.jsonl'))
  assert.equal((await world.call('intercom_bulk/file/start', request)).body['finished'], true)
  for (const page of [-1, 1, 'x']) {
    assert.equal((await world.call('intercom_bulk/file/problems', { page })).status, 422)
  }
  assert.deepEqual(await extremes(500, 'file'), [1, 1])
})

test('a token that is refused stops the job; good again, and the job started again, it goes on, each row once', async () => {
  const request = { action: 'reply_to_conversation', rows: rowsOf(400, 'token') }
  const { control } = world.people.workspace
  control.addFault({ kind: 'status', status: 401, route: 'POST /conversations/{id}/reply', after: 100 })
  await world.call('intercom_bulk/token/start', request)
  const stopped = await finished('token')
  assert.match(String(stopped['stopped']), /401/)
  control.clearFaults()
  const { body } = await world.call('intercom_bulk/token/start', request)
  assert.deepEqual([body['failed'], body['unknown'], body['finished'], body['stopped']], [0, 0, false, null])
  const { succeeded, failed, finished: done } = await finished('token')
  assert.deepEqual([succeeded, failed, done], [400, 0, true])
  assert.deepEqual(await extremes(400, 'token'), [1, 1])
})

test('a file is read from the folder alone, as UTF-8 JSON lines, and a request has rows or a file', async () => {
  writeFileSync(join(files, 'latin.jsonl'), Buffer.from('{"body":"gr\u00fcn"}\n', 'latin1'))
  writeFileSync(join(files, 'broken.jsonl'), '{"a":1}\n{"a":\n')
  symlinkSync('/etc/hostname', join(files, 'link.jsonl'))
  const action = 'create_note'
  const cases: [object, RegExp][] = [
    [{ action, file: '../rows.jsonl' }, /no file "..\/rows.jsonl"/],
    [{ action, file: '/etc/hostname' }, /no file/],
    [{ action, file: 'link.jsonl' }, /no file/],
    [{ action, file: '.' }, /no file/],
    [{ action, file: 'latin.jsonl' }, /line 1 is not valid utf-8/],
    [{ action, file: 'broken.jsonl', strict: true }, /row 2: the line is not valid JSON/],
    [{ action }, /either rows or a file/],
    [{ action, rows: [], file: 'x' }, /either rows or a file/],
    [{ action, rows: [] }, /there are no rows/],
    [{ action: 'get_contact', rows: [{}] }, /not an action that writes/],
    [{ action, rows: [{}], strict: true }, /bad_rows/],
  ]
  for (const [n, [request, message]] of cases.entries()) {
    const { status, body } = await world.call(`intercom_bulk/wrong-${n}/start`, request)
    assert.equal(status, 422, JSON.stringify(body))
    assert.match(String(body['message']), message)
  }
  const rounded = await world.call(
    'intercom_bulk/rounded/start',
    '{"action":"upsert_contact","rows":[{"email":"a@b.test","custom_attributes":{"n":9007199254740993}}]}',
  )
  assert.deepEqual([rounded.status, /would be rounded/.test(String(rounded.body['message']))], [400, true])
  assert.equal((await world.call('intercom_bulk/absent/status', {})).status, 404)
})

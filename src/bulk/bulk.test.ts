import assert from 'node:assert/strict'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { type Answer, failedReplies, jobOf, replies } from '../../test/support/bulk-job.ts'
import { actionOf } from '../../test/support/bulk-rows.ts'
import { IntercomError } from '../errors.ts'
import type { WorkspaceCheck } from './row.ts'

const many = (count: number) => replies(...Array.from({ length: count }, (_, n) => `${n + 1}:Row ${n + 1}`))

test('every row is sent once under an idempotency key of its own, and has one line in the results', async (t) => {
  const job = jobOf(t, many(300))
  const summary = await job.run()
  assert.deepEqual(
    [summary.succeeded, summary.left, summary.stopped, summary.failed_rows],
    [300, 0, null, null],
  )
  assert.equal(new Set(job.sent.map(({ idempotencyKey }) => idempotencyKey)).size, 300)
  const lines = job.lines()
  assert.deepEqual(
    lines.map(({ row }) => row).toSorted((a, b) => Number(a) - Number(b)),
    Array.from({ length: 300 }, (_, n) => n + 1),
  )
  assert.deepEqual(
    lines.find(({ row }) => row === 7),
    {
      line: 8,
      row: 7,
      outcome: 'success',
      request_id: 'r',
      failure: null,
      output: { success: true, error: null, result: {} },
    },
  )
  assert.ok(job.most() > 1 && job.most() <= 64)
})

test('a finished job sends nothing when it is run again, and says so', async (t) => {
  const job = jobOf(t, many(3))
  assert.equal((await job.run()).finished_before, false)
  const again = await job.run(undefined, { connect: () => Promise.reject(new Error('nobody is asked')) })
  assert.deepEqual([again.finished_before, again.succeeded, job.sent.length], [true, 3, 3])
})

test('bad rows are not sent, have their line in the results, and stand in a file that can be run again', async (t) => {
  const job = jobOf(
    t,
    `conversation_id;reply_type;admin_id;body\n1;admin;9;Hi\n2;admin;9;"a ""b""\nc"\n3;nobody;9;x\n4;admin\n`,
  )
  const summary = await job.run(({ body }) =>
    String(body).startsWith('a') ? { code: 'not_found', status: 404 } : undefined,
  )
  assert.deepEqual([summary.succeeded, summary.failed], [1, 3])
  assert.equal(
    readFileSync(String(summary.failed_rows), 'utf8'),
    [
      'bulk_failure_reason;conversation_id;reply_type;admin_id;body',
      '"it failed: not_found";2;admin;9;"a ""b""\nc"',
      '"invalid_input: reply_type must be ""user"" or ""admin"" (given ""nobody""). Nothing was sent.";3;nobody;9;x',
      '"invalid_input: the row has 2 cells but the header has 4. Nothing was sent.";4;admin\n',
    ].join('\n'),
  )
  const bad = job.lines().find(({ row }) => row === 3)
  assert.deepEqual([bad?.['line'], bad?.['outcome']], [5, 'not_sent'])
  assert.deepEqual(job.bodies(), ['Hi', 'a "b"\nc'])
})

test('with strict one bad row keeps all from being sent', async (t) => {
  const job = jobOf(t, `${many(3)}x,y\n`)
  const { stopped, left } = await job.run(undefined, { strict: true })
  assert.deepEqual([stopped?.why, left, job.sent.length], ['strict', 4, 0])
})

test('rows of JSON Lines that failed are JSON Lines again', async (t) => {
  const lines = ['1', '2'].map(
    (id) => `{"conversation_id":"${id}", "reply_type":"admin","admin_id":"9","body":"x"}`,
  )
  const job = jobOf(t, `${lines.join('\n')}\n`, 'rows.jsonl')
  const { failed_rows } = await job.run(({ conversation_id }) => (conversation_id === '2' ? {} : undefined))
  assert.match(String(failed_rows), /failed\.jsonl$/)
  const reason = '"bulk_failure_reason":"it failed: x"'
  assert.equal(readFileSync(String(failed_rows), 'utf8'), `${lines[1]?.replace('{', `{${reason},`)}\n`)
})

test('failed rows of a file that was no plain UTF-8 have a mark, so that the same --encoding reads them', async (t) => {
  const job = jobOf(t, '')
  writeFileSync(job.file, Buffer.from(replies('1:Zo\xeb'), 'latin1'))
  const reading = { encoding: 'windows-1252' }
  const { failed_rows } = await job.run(() => ({}), { reading })
  const left = String(failed_rows)
  assert.equal(readFileSync(left, 'utf8'), `\ufeff${failedReplies('1:Zoë')}`)
  await job.run(undefined, { reading, input: { path: left }, folder: `${job.job}-2` })
  assert.deepEqual(job.bodies(), ['Zoë', 'Zoë'])
})

test('a row that may have been sent is looked at once more, and then stands in a file of its own', async (t) => {
  const job = jobOf(t, replies('1:seen later', '2:never seen', '3:fine', '4:refused'))
  const summary = await job.run(({ body }, times) =>
    body === 'never seen' || (body === 'seen later' && times === 1)
      ? { outcome: 'unknown' }
      : body === 'refused'
        ? {}
        : undefined,
  )
  assert.deepEqual([summary.succeeded, summary.unknown, summary.failed], [2, 1, 1])
  assert.equal(readFileSync(String(summary.failed_rows), 'utf8'), failedReplies('4:refused'))
  assert.equal(readFileSync(String(summary.unknown_rows), 'utf8'), failedReplies('2:never seen'))
  assert.equal(job.sent.length, 6)
})

test('a failure that may pass is tried once more when all others are done', async (t) => {
  const job = jobOf(t, replies('1:passes', '2:stays', '3:c'))
  const { succeeded, failed_rows } = await job.run(({ body }, times) =>
    body === 'stays' || (body === 'passes' && times === 1) ? { retryable: true } : undefined,
  )
  assert.equal(succeeded, 2)
  assert.deepEqual(job.bodies().slice(0, 3).toSorted(), ['c', 'passes', 'stays'])
  assert.equal(readFileSync(String(failed_rows), 'utf8'), failedReplies('2:stays'))
})

test('rows of one conversation go one after another in the order of the file, and none overtakes one that waits', async (t) => {
  const words = Array.from({ length: 60 }, (_, n) => `${n % 3}:${n}`)
  const job = jobOf(t, replies(...words))
  let underWay = ''
  await job.run(({ conversation_id, body }, times) => {
    underWay += `${conversation_id} `
    return body === '4' && times === 1 ? { retryable: true } : undefined
  })
  for (const conversation of [0, 1, 2]) {
    const bodies = job
      .bodies()
      .map(Number)
      .filter((n) => n % 3 === conversation)
    const expected = Array.from({ length: 20 }, (_, n) => 3 * n + conversation)
    const once = conversation === 1 ? [1, 4, ...expected.slice(1)] : expected
    assert.deepEqual(bodies, once)
  }
  assert.match(underWay, /^0 1 2 /)
})

test('upserts that share an e-mail or an external id go one after another, and none overtakes one that waits', async (t) => {
  const rows = ['old@x.com,42,a', 'new@x.com,42,b', 'NEW@x.com,,c', 'new@x.com,43,d', 'other@x.com,43,e']
  const action = actionOf('upsert_contact')
  for (const file of [rows, rows.toReversed()]) {
    const job = jobOf(t, `email,external_id,name\n${file.join('\n')}\n`)
    const names: unknown[] = []
    const answer = ({ name }: Record<string, unknown>, times: number) => {
      names.push(name)
      return names.length === 1 && times === 1 ? { retryable: true } : undefined
    }
    assert.equal((await job.run(answer, { action })).succeeded, 5)
    const order = file.map((row) => row.at(-1))
    assert.deepEqual([names, job.most()], [[order[0], ...order], 1])
  }
})

test('upserts of other contacts do not wait for one, also where an external id is empty', async (t) => {
  const job = jobOf(t, 'email,external_id\na@x.com,""\nb@x.com,""\nc@x.com,1\nd@x.com,\n')
  const emails: unknown[] = []
  const answer = ({ email }: Record<string, unknown>) =>
    emails.push(email) === 1 ? { retryable: true } : undefined
  await job.run(answer, { action: actionOf('upsert_contact'), concurrency: 1 })
  assert.deepEqual(emails, ['a@x.com', 'b@x.com', 'c@x.com', 'd@x.com', 'a@x.com'])
})

test('a row that needs a person is held and says so; the same job later gives what came of it', async (t) => {
  const job = jobOf(t, replies('1:free', '2:waits', '3:declined', '1:approved'))
  let decided = false
  const answer = ({ body }: Record<string, unknown>): ReturnType<Answer> => {
    if (body === 'free' || (decided && body === 'approved')) return undefined
    if (decided && body === 'declined') return { code: 'not_confirmed', outcome: 'not_sent' }
    const approval = { id: `apr_${body}`, url: null }
    return { code: 'held', outcome: 'not_sent', retryable: true, approval }
  }
  for (const _ of ['first', 'again']) {
    const { succeeded, held, failed, left, stopped, reasons, failed_rows } = await job.run(answer)
    assert.deepEqual(
      [succeeded, held, failed, left, stopped, reasons, failed_rows],
      [1, 3, 0, 0, null, [], null],
    )
    assert.deepEqual(
      job.lines().flatMap(({ outcome, approval }) => (outcome === 'held' ? [approval] : [])),
      ['apr_waits', 'apr_declined', 'apr_approved'],
    )
  }
  decided = true
  const last = await job.run(answer)
  assert.deepEqual([last.succeeded, last.held, last.failed, last.left], [2, 1, 1, 0])
  const ends = job.lines().slice(-2)
  assert.deepEqual(ends.map(({ row, outcome }) => [row, outcome]).toSorted(), [
    [3, 'not_sent'],
    [4, 'success'],
  ])
  assert.match(readFileSync(String(last.failed_rows), 'utf8'), /not_confirmed.*,3,admin,9,declined\n$/)
  const free = job.sent.filter(({ body }) => body === 'free')
  assert.equal(free.length, 1)
})

test('a job keeps to what a person decides on, and where', async (t) => {
  const job = jobOf(t, replies('1:a'))
  const held = (): ReturnType<Answer> => ({ code: 'held', approval: { id: 'apr_1', url: null } })
  await job.run(held, { asks: 'send in a.db' })
  for (const asks of [undefined, 'send in b.db'])
    await assert.rejects(job.run(undefined, { asks }), { code: 'other_job', message: /different --sends/ })
  assert.equal((await job.run(undefined, { asks: 'send in a.db' })).succeeded, 1)
})

test('decisions against fifty rows stop no job; too many that wait do', async (t) => {
  const job = jobOf(t, many(60))
  const { failed } = await job.run(() => ({ code: 'not_confirmed', outcome: 'not_sent' }))
  assert.equal(failed, 60)
  const full = jobOf(t, many(60))
  const { stopped, left, held } = await full.run(({ body }) =>
    body === 'Row 1'
      ? { code: 'held', approval: { id: 'apr_1', url: null } }
      : { code: 'too_many_approvals', retryable: true },
  )
  assert.deepEqual([stopped?.why, left, held], ['held', 59, 1])
})

for (const status of [401, 403]) {
  test(`a token that is refused with ${status} stops the job, and the rows are sent by the same command later`, async (t) => {
    const job = jobOf(t, many(500))
    const { stopped, failed, left } = await job.run(() => ({ status, code: 'unauthorized' }))
    assert.deepEqual([stopped?.why, failed, left], ['credential', 0, 500])
    assert.ok(job.sent.length <= 64)
    assert.equal((await job.run()).succeeded, 500)
  })
}

test('twenty failures in a row that may pass stop the job without a result; one success between does not', async (t) => {
  const job = jobOf(t, many(200))
  const { stopped, failed, left } = await job.run(() => ({
    retryable: true,
    outcome: 'not_sent',
    code: 'dns_failed',
  }))
  assert.deepEqual([stopped?.why, failed, left], ['failing', 0, 200])
  assert.match(String(stopped?.message), /^20 rows in a row .* dns_failed/)
  assert.ok(job.sent.length < 200)
  const { succeeded, stopped: later } = await job.run(
    ({ body }, times) =>
      Number(String(body).slice(4)) % 15 !== 0 && times < 2 ? { retryable: true } : undefined,
    { concurrency: 1 },
  )
  assert.deepEqual([succeeded, later], [200, null])
})

test('also in the last round twenty in a row have no result, and fewer have', async (t) => {
  const job = jobOf(t, many(60))
  const late =
    (from: number) =>
    ({ body }: Record<string, unknown>) =>
      Number(String(body).slice(4)) % 2 === 0 || Number(String(body).slice(4)) < from
        ? undefined
        : { retryable: true }
  const first = await job.run(late(0), { concurrency: 1 })
  assert.deepEqual([first.stopped?.why, first.succeeded, first.failed, first.left], ['failing', 30, 0, 30])
  const second = await job.run(late(41), { concurrency: 1 })
  assert.deepEqual([second.stopped, second.succeeded, second.failed, second.left], [null, 50, 10, 0])
})

test('each failure of the last round has one line, whatever succeeds after it', async (t) => {
  const job = jobOf(t, many(6))
  const answer = ({ body }: Record<string, unknown>, times: number) =>
    body === 'Row 1' || body === 'Row 3' || times < 2 ? { retryable: true } : undefined
  const { succeeded, failed } = await job.run(answer, { concurrency: 1 })
  assert.deepEqual([succeeded, failed], [4, 2])
  assert.deepEqual(
    job
      .lines()
      .map(({ row }) => row)
      .sort(),
    [1, 2, 3, 4, 5, 6],
  )
})

test('what an earlier run left open is no sign that the next rows would fail', async (t) => {
  const job = jobOf(t, many(50))
  const { unknown, stopped } = await job.run(() => ({ outcome: 'unknown', code: 'interrupted' }))
  assert.deepEqual([unknown, stopped], [50, null])
})

test('a journal that fails stops the job, and nothing is written for its rows', async (t) => {
  const job = jobOf(t, many(100))
  const { stopped, failed } = await job.run(() => ({ code: 'journal_failed', outcome: 'not_sent' }))
  assert.deepEqual([stopped?.why, failed], ['storage', 0])
})

test('asked to stop, no row begins any more, those under way end, and the same command goes on', async (t) => {
  const job = jobOf(t, many(300))
  const stop = new AbortController()
  const answer = ({ body }: Record<string, unknown>) => {
    if (body === 'Row 100') stop.abort()
    return undefined
  }
  const { stopped, succeeded, left } = await job.run(answer, { signal: stop.signal })
  assert.equal(stopped?.why, 'asked')
  assert.ok(succeeded >= 100 && succeeded < 200 && left === 300 - succeeded)
  assert.equal(job.lines().length, succeeded)
  assert.equal((await job.run()).succeeded, 300)
  assert.equal(job.sent.length, 300)
})

test('a last line that was not written to its end is removed, and its row asks again under its key', async (t) => {
  const job = jobOf(t, many(5))
  await job.run(undefined, { concurrency: 1 })
  truncateSync(job.results, statSync(job.results).size - 5)
  assert.equal((await job.run()).succeeded, 5)
  assert.deepEqual(
    job.lines().map(({ row }) => row),
    [1, 2, 3, 4, 5],
  )
  assert.deepEqual(job.sent[5], job.sent[4])
})

test('results that are gone are asked for again, each row under its key', async (t) => {
  const job = jobOf(t, many(5))
  await job.run(undefined, { concurrency: 1 })
  rmSync(job.results)
  assert.equal((await job.run(undefined, { concurrency: 1 })).succeeded, 5)
  assert.deepEqual(job.sent.slice(5), job.sent.slice(0, 5))
})

test('results that are not the job’s are refused and left as they are', async (t) => {
  const job = jobOf(t, many(3))
  await job.run()
  const own = readFileSync(job.results, 'utf8')
  const line = own.split('\n')[0]
  for (const foreign of [
    'hello\n',
    `${line?.replace(/"row":\d+/, '"row":4')}\n`,
    `${line}\n`,
    `${line?.slice(0, -1)}\n`,
  ]) {
    writeFileSync(job.results, own)
    appendFileSync(job.results, foreign)
    await assert.rejects(job.run(), {
      code: 'other_results',
      message: /line 4 of .* is not a result of this job/,
    })
    assert.equal(readFileSync(job.results, 'utf8'), own + foreign)
  }
  writeFileSync(job.results, own.replace(/\}+\n$/, '\n'))
  await assert.rejects(job.run(), { code: 'other_results', message: /line 3 of/ })
  const other = join(job.job, '..', 'other.jsonl')
  writeFileSync(other, own)
  await assert.rejects(job.run(undefined, { folder: `${job.job}-2`, results: other }), {
    code: 'other_results',
  })
  assert.equal(readFileSync(other, 'utf8'), own)
})

test('a job goes on with the same file, action, settings and workspace alone', async (t) => {
  const job = jobOf(t, many(3))
  await job.run(({ body }) => (body === 'Row 2' ? { status: 401 } : undefined), { concurrency: 1 })
  const refused: [Parameters<typeof job.run>[1], RegExp][] = [
    [{ reading: { separator: ',' } }, /different --separator/],
    [{ reading: { encoding: 'utf-8' } }, /different --encoding/],
    [{ results: join(job.job, 'x.jsonl') }, /writes its results to/],
  ]
  for (const [more, message] of refused) {
    await assert.rejects(job.run(undefined, more), { code: 'other_job', message })
  }
  job.workspace.app = 'two'
  await assert.rejects(job.run(), { code: 'other_job', message: /writes to workspace one .* not two/ })
  job.workspace.app = 'one'
  const content = readFileSync(job.file, 'utf8')
  writeFileSync(job.file, content.replace('Row 3', 'Row 4'))
  await assert.rejects(job.run(), { code: 'other_job', message: /the file has changed/ })
  writeFileSync(job.file, content)
  assert.equal((await job.run()).succeeded, 3)
  assert.equal(job.sent.length, 4)
})

test('a job whose journal has forgotten what was under way sends nothing', async (t) => {
  const job = jobOf(t, many(3))
  await job.run(() => ({ status: 401 }))
  const file = join(job.job, 'job.json')
  const aged = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, JSON.stringify({ ...aged, created_at: Date.now() - 31 * 24 * 3600 * 1000 }))
  const before = job.sent.length
  await assert.rejects(job.run(), { code: 'other_job', message: /older than 30 days/ })
  assert.equal(job.sent.length, before)
})

test('a job that runs is not run by another, and a folder of something else is no job', async (t) => {
  const job = jobOf(t, many(3))
  let second: unknown
  await job
    .run(undefined, {
      connect: async () => {
        second = await job.run().catch((error: unknown) => error)
        throw new Error('enough')
      },
    })
    .catch(() => {})
  assert.match(String(second), /another process is running the job/)
  await assert.rejects(job.run(undefined, { folder: join(job.job, '..') }), {
    code: 'job_failed',
    message: /not empty and is not a job/,
  })
  assert.equal((await job.run()).succeeded, 3)
})

test('a file that changes while it is being sent stops the job', async (t) => {
  const job = jobOf(t, many(30_000))
  const changing = job.run(({ body }) => {
    if (body === 'Row 10') utimesSync(job.file, new Date(), new Date(0))
    return undefined
  })
  await assert.rejects(changing, { code: 'invalid_file', message: /changed while/ })
  assert.equal(job.lines().length, job.sent.length)
})

test('stdin is kept in the folder while it is needed, and must be the same when the job goes on', async (t) => {
  const job = jobOf(t, '')
  const stream = (text: string) => ({ input: { stream: Readable.from([Buffer.from(text)]) } })
  const text = many(3)
  await job.run(() => ({ status: 401 }), stream(text))
  assert.equal(readFileSync(join(job.job, 'input'), 'utf8'), text)
  await assert.rejects(job.run(undefined, stream(many(2))), { code: 'other_job' })
  assert.equal((await job.run(undefined, stream(text))).succeeded, 3)
  assert.equal(statSync(join(job.job, 'input'), { throwIfNoEntry: false }), undefined)
})

test('everything in the folder is for its owner alone', async (t) => {
  const job = jobOf(t, many(3))
  const { failed_rows } = await job.run(() => ({}))
  assert.equal(statSync(job.job).mode & 0o777, 0o700)
  for (const file of [job.results, join(job.job, 'job.json'), String(failed_rows)]) {
    assert.equal(statSync(file).mode & 0o777, 0o600, file)
  }
})

test('results that cannot be written end the job with an error that says where', {
  skip: existsSync('/dev/full') ? false : 'Linux only',
}, async (t) => {
  const job = jobOf(t, many(300))
  await assert.rejects(job.run(undefined, { results: '/dev/full' }), {
    code: 'results_failed',
    message: /cannot be written to \/dev\/full .*ENOSPC/,
  })
  assert.ok(job.sent.length <= 128, `${job.sent.length} were sent`)
})

test('failed rows that were put right in their file stay as they are when the finished job is run again', async (t) => {
  const job = jobOf(t, replies('1:a', '2:b'))
  const left = String((await job.run(() => ({}))).failed_rows)
  const edited = replies('1:put right')
  writeFileSync(left, edited)
  const again = await job.run()
  assert.equal(readFileSync(left, 'utf8'), edited)
  assert.deepEqual([again.finished_before, again.failed_rows, again.kept_files], [true, left, []])
  rmSync(left)
  await job.run()
  assert.equal(readFileSync(left, 'utf8'), failedReplies('1:a', '2:b'))
})

test('when a job goes on, failed rows that were put right in their file are moved aside and said', async (t) => {
  const job = jobOf(t, replies('1:a', '2:b', '3:c', '4:d', '5:e'))
  const until = (last: string) =>
    job.run(({ body }) => (body === last ? { status: 401 } : {}), { concurrency: 1 })
  const first = await until('b')
  const left = String(first.failed_rows)
  assert.deepEqual(first.kept_files, [])
  writeFileSync(left, 'put right')
  const same = await until('b')
  assert.deepEqual([same.kept_files, readFileSync(left, 'utf8')], [[], 'put right'])
  assert.deepEqual((await until('c')).kept_files, [join(job.job, 'failed.1.csv')])
  assert.equal(readFileSync(left, 'utf8'), failedReplies('1:a', '2:b'))
  assert.deepEqual((await until('d')).kept_files, [])
  writeFileSync(left, 'put right again')
  assert.deepEqual((await until('e')).kept_files, [join(job.job, 'failed.2.csv')])
  assert.equal(readFileSync(left, 'utf8'), failedReplies('1:a', '2:b', '3:c', '4:d'))
  assert.equal(readFileSync(join(job.job, 'failed.1.csv'), 'utf8'), 'put right')
  assert.equal(readFileSync(join(job.job, 'failed.2.csv'), 'utf8'), 'put right again')
})

test('a file of unknown rows that was changed is moved aside too when there are none any more', async (t) => {
  const job = jobOf(t, replies('1:a'))
  const left = String((await job.run(() => ({ outcome: 'unknown' }))).unknown_rows)
  writeFileSync(left, 'looked at')
  rmSync(job.results)
  const { unknown_rows, kept_files } = await job.run()
  assert.deepEqual([unknown_rows, kept_files], [null, [join(job.job, 'unknown.1.csv')]])
  assert.equal(existsSync(left), false)
  assert.equal(readFileSync(String(kept_files[0]), 'utf8'), 'looked at')
})

test('a file of failed rows that was changed stays when a full disk takes no new one, and is moved aside later', {
  skip: existsSync('/dev/full') ? false : 'Linux only',
}, async (t) => {
  const job = jobOf(t, replies('1:a', '2:b'))
  const first = await job.run(({ body }) => (body === 'b' ? { status: 401 } : {}), { concurrency: 1 })
  const left = String(first.failed_rows)
  writeFileSync(left, 'put right')
  symlinkSync('/dev/full', `${left}.next`)
  const full = await job.run(() => ({}))
  assert.deepEqual([full.left, full.failed_rows, full.kept_files], [0, null, []])
  assert.equal(readFileSync(left, 'utf8'), 'put right')
  assert.deepEqual((await job.run()).kept_files, [join(job.job, 'failed.1.csv')])
  assert.equal(readFileSync(left, 'utf8'), failedReplies('1:a', '2:b'))
})

for (const [what, length] of [
  ['a few rows', 3],
  ['more rows than are written at once', 40_000],
] as const) {
  test(`${what} that failed and cannot be written to their file leave the summary, and the same command writes them`, {
    skip: existsSync('/dev/full') ? false : 'Linux only',
  }, async (t) => {
    const words = ['1:a', `2:${'b'.repeat(length)}`, `3:${'c'.repeat(length)}`]
    const job = jobOf(t, replies(...words))
    mkdirSync(job.job)
    writeFileSync(join(job.job, 'lock.db'), '')
    symlinkSync('/dev/full', join(job.job, 'failed.csv.next'))
    const { failed, failed_rows, files_problem } = await job.run(() => ({}))
    assert.deepEqual([failed, failed_rows], [3, null])
    assert.match(String(files_problem), /could not be written .*ENOSPC.* the same command/)
    const again = await job.run()
    assert.deepEqual([again.failed, again.files_problem], [3, null])
    assert.equal(readFileSync(String(again.failed_rows), 'utf8'), failedReplies(...words))
  })
}

test('a file without rows is a job that is done', async (t) => {
  const job = jobOf(t, replies().trim())
  const { rows, left, stopped } = await job.run()
  assert.deepEqual([rows, left, stopped], [0, 0, null])
})

test('failed rows are put right and run again and again, and their reasons never become a value', async (t) => {
  const job = jobOf(t, `${replies('1:a', '2:b', '3:c')}4,admin\n`)
  const first = await job.run(({ body }) => (body === 'a' ? undefined : { code: String(body) }))
  const failing = (rows: string[]) =>
    `bulk_failure_reason,conversation_id,reply_type,admin_id,body\n${rows.join('\n')}\n`
  const short = '"invalid_input: the row has 2 cells but the header has 4. Nothing was sent.",4,admin'
  assert.equal(
    readFileSync(String(first.failed_rows), 'utf8'),
    failing(['"it failed: b",2,admin,9,b', '"it failed: c",3,admin,9,c', short]),
  )
  const second = await job.run(({ body }) => (body === 'b' ? undefined : { code: 'again' }), {
    input: { path: String(first.failed_rows) },
    folder: `${job.job}-2`,
  })
  assert.equal(
    readFileSync(String(second.failed_rows), 'utf8'),
    failing(['"it failed: again",3,admin,9,c', short]),
  )
  const third = await job.run(undefined, {
    input: { path: String(second.failed_rows) },
    folder: `${job.job}-3`,
  })
  assert.deepEqual([third.succeeded, third.failed], [1, 1])
  assert.equal(readFileSync(String(third.failed_rows), 'utf8'), failing([short]))
  assert.deepEqual(job.bodies().toSorted(), ['a', 'b', 'b', 'c', 'c', 'c'])
})

test('failed rows of JSON are run again without their reasons, and have one each', async (t) => {
  const row = (id: string, more = '') =>
    `{${more}"conversation_id":"${id}","reply_type":"admin","admin_id":"9","body":"x"}`
  const job = jobOf(t, `${row('1')}\n{}\n[]\n{"body":\n`, 'rows.jsonl')
  const first = await job.run(() => ({ code: 'one' }))
  const again = await job.run(() => ({ code: 'two' }), {
    input: { path: String(first.failed_rows) },
    folder: `${job.job}-2`,
  })
  const reason = (text: string) => `"bulk_failure_reason":${JSON.stringify(text)},`
  const required =
    'invalid_input: conversation_id is required; reply_type must be "user" or "admin"; body is required. Nothing was sent.'
  assert.equal(
    readFileSync(String(again.failed_rows), 'utf8'),
    [
      row('1', reason('it failed: two')),
      `{${reason(required).slice(0, -1)}}`,
      '[]',
      `{${reason('invalid_json: the line is not valid JSON. Nothing was sent.')}"body":\n`,
    ].join('\n'),
  )
})

test('a separator that a line sep= says is said again in the file of failed rows', async (t) => {
  const header = 'email;custom_attributes.a,b,c'
  const job = jobOf(t, `sep=;\r\n${header}\r\na@b.c;x\r\n`)
  const action = actionOf('upsert_contact')
  const { failed_rows } = await job.run(() => ({}), { action })
  const left = readFileSync(String(failed_rows), 'utf8')
  assert.equal(left, `sep=;\r\nbulk_failure_reason;${header}\n"it failed: x";a@b.c;x\n`)
  const again = { action, input: { path: String(failed_rows) }, folder: `${job.job}-2` }
  assert.equal((await job.run(undefined, again)).succeeded, 1)
})

test('rows that did not succeed are counted by reason, also those of earlier runs', async (t) => {
  const job = jobOf(t, `${replies('1:gone', '2:gone', '3:fine', '4:odd', '5:lost')}6,admin\n`)
  const codes: Record<string, object> = {
    gone: { code: 'gone' },
    odd: { code: 'odd' },
    lost: { outcome: 'unknown' },
  }
  const stop = new AbortController()
  const first = await job.run(
    ({ body }) => {
      if (body === 'fine') stop.abort()
      return codes[String(body)] as object | undefined
    },
    { concurrency: 1, signal: stop.signal },
  )
  const gone = { outcome: 'failed', rows: 2, reason: 'it failed: gone', first_line: 2 }
  assert.deepEqual(first.reasons[0], gone)
  const { reasons } = await job.run(({ body }) => codes[String(body)] as object | undefined)
  assert.deepEqual(reasons, [
    gone,
    { outcome: 'failed', rows: 1, reason: 'it failed: odd', first_line: 5 },
    { outcome: 'unknown', rows: 1, reason: 'it failed: x', first_line: 6 },
    { outcome: 'failed', rows: 1, reason: 'the row has 2 cells but the header has 4', first_line: 7 },
  ])
  assert.deepEqual((await job.run()).reasons, reasons)
})

test('a job whose first fifty rows are all rejected for one reason stops, and the same command goes on', async (t) => {
  const job = jobOf(t, `${replies('0:bad')}x\n${many(300).split('\n').slice(1).join('\n')}`)
  const no = ({ conversation_id }: Record<string, unknown>) => ({ code: `no ${conversation_id}` })
  const first = await job.run(no, { concurrency: 8 })
  assert.equal(first.stopped?.why, 'one_reason')
  assert.match(
    String(first.stopped?.message),
    /^The first 50 rows were all rejected for one reason: it failed: no \d+\. .*--keep-going$/,
  )
  assert.ok(job.sent.length >= 50 && job.sent.length < 70, `${job.sent.length}`)
  // Those in flight have their results, and the row that was never sent has its own.
  assert.deepEqual([first.failed, first.left], [job.sent.length + 1, 302 - job.sent.length - 1])
  const before = job.sent.length
  assert.equal((await job.run(no, { concurrency: 8 })).stopped?.why, 'one_reason')
  const { stopped, succeeded, left } = await job.run()
  assert.deepEqual([stopped, left, job.sent.length], [null, 0, 301])
  assert.ok(succeeded > 100 && job.sent.length > before)
})

test('told to keep going, a job sends all rows though one reason rejects them', async (t) => {
  const job = jobOf(t, many(120))
  const { stopped, failed } = await job.run(() => ({}), { keepGoing: true })
  assert.deepEqual([stopped, failed, job.sent.length], [null, 120, 120])
})

const goesOn: [what: string, answer: Parameters<ReturnType<typeof jobOf>['run']>[0], rows?: number][] = [
  ['there are two reasons', ({ body }) => ({ code: body === 'Row 31' ? 'y' : 'x' })],
  ['one of them succeeds', ({ body }) => (body === 'Row 49' ? undefined : {})],
  ['all rows were sent', () => ({}), 50],
  ['their outcomes are unknown, as after a crash', () => ({ outcome: 'unknown', code: 'interrupted' })],
  [
    'they are rate limited at first',
    (_, times) => (times === 1 ? { status: 429, code: 'interrupted', retryable: true } : undefined),
  ],
]
for (const [what, answer, rows = 120] of goesOn) {
  test(`a job does not stop for one reason where ${what}`, async (t) => {
    const job = jobOf(t, many(rows))
    const { stopped, left } = await job.run(answer, { concurrency: 1 })
    assert.deepEqual([stopped, left], [null, 0])
  })
}

test('a success of an earlier run shows that rows are not all rejected', async (t) => {
  const job = jobOf(t, many(120))
  const stop = new AbortController()
  await job.run(() => void stop.abort(), { signal: stop.signal, concurrency: 1 })
  const { stopped, failed } = await job.run(() => ({}))
  assert.deepEqual([stopped, failed], [null, 119])
})

test('a job goes on with the same columns alone', async (t) => {
  const typed = jobOf(t, 'email,Seats\na@b.c,7\n')
  const contact = { action: actionOf('upsert_contact') }
  await typed.run(() => ({ status: 401 }), {
    ...contact,
    reading: { map: ['Seats=custom_attributes.seats'] },
  })
  const number = { map: ['Seats=custom_attributes.seats:number'] }
  await assert.rejects(typed.run(undefined, { ...contact, reading: number }), { code: 'other_job' })
  const job = jobOf(t, 'conversation_id,reply_type,admin_id,Text,Note\n1,admin,9,Hi,x\n')
  const reading = { map: ['Text=body'], ignore: ['Note'] }
  await job.run(() => ({ status: 401 }), { reading })
  const other = { map: ['Note=body'], ignore: ['Text'] }
  await assert.rejects(job.run(undefined, { reading: other }), {
    code: 'other_job',
    message: /different --map, --ignore or --clear/,
  })
  const same = { map: ['text = body'], ignore: ['NOTE'] }
  assert.equal((await job.run(undefined, { reading: same })).succeeded, 1)
  assert.deepEqual(job.bodies(), ['Hi', 'Hi'])
})

/** A job whose workspace is asked before rows are sent. */
const checkedBy = (job: ReturnType<typeof jobOf>, check: WorkspaceCheck) => ({
  connect: async () => ({
    workspace: job.workspace,
    check,
    call: (input: unknown, idempotencyKey: string | undefined) =>
      job.call(() => undefined, input, idempotencyKey),
    close: async () => {},
  }),
})

test('rows that the workspace would refuse are not sent, and with strict none is', async (t) => {
  const job = jobOf(t, replies('1:fine', '2:no', '3:no'))
  const no = new IntercomError('the workspace says no', { code: 'invalid_input', field: 'body' })
  const told: unknown[] = []
  const listener = {
    onRowChecked: () => {},
    onChecked: () => {},
    onRefused: (refused: unknown) => void told.push(refused),
    onSending: () => {},
  }
  const checking = (check: WorkspaceCheck) => ({ ...checkedBy(job, check), listener })
  const check = async (parsed: unknown) => ((parsed as { body: string }).body === 'no' ? no : null)
  const strict = await job.run(undefined, { ...checking(check), strict: true })
  assert.deepEqual([strict.stopped?.why, strict.left, job.bodies()], ['strict', 3, []])
  const { succeeded, failed, reasons } = await job.run(undefined, checking(check))
  assert.deepEqual([succeeded, failed, job.bodies()], [1, 2, ['fine']])
  const group = { outcome: 'failed', rows: 2, reason: 'the workspace says no', first_line: 3 }
  assert.deepEqual(reasons, [group])
  const first = [3, 4].map((line) => ({ line, column: 'body', message: 'the workspace says no' }))
  assert.deepEqual(told, Array(2).fill({ rows: 3, bad: 2, first, reasons: [group] }))
})

test('what the workspace refuses in the first fifty rows stops a job too, and nothing is sent', async (t) => {
  const job = jobOf(t, many(120))
  let isReady = false
  const check = async () =>
    isReady ? null : new IntercomError('there is no attribute', { code: 'invalid_input' })
  const first = await job.run(undefined, checkedBy(job, check))
  assert.deepEqual([first.stopped?.why, first.failed, first.left, job.sent.length], ['one_reason', 50, 70, 0])
  assert.deepEqual(first.reasons, [
    { outcome: 'failed', rows: 50, reason: 'there is no attribute', first_line: 2 },
  ])
  isReady = true
  const { stopped, succeeded, left } = await job.run(undefined, checkedBy(job, check))
  assert.deepEqual([stopped, succeeded, left], [null, 70, 0])
})

test('what an earlier run has begun is not judged by the workspace of today', async (t) => {
  const job = jobOf(t, many(3))
  const no = async () => new IntercomError('there is no attribute', { code: 'invalid_input' })
  const { connect } = checkedBy(job, no)
  const begun = new Set<string>()
  const remembering = async () => ({ ...(await connect()), isBegun: (key: string) => begun.has(key) })
  await job.run(() => ({ status: 401 }), { concurrency: 1 })
  begun.add(String(job.sent[0]?.idempotencyKey))
  const { succeeded, failed } = await job.run(undefined, { connect: remembering })
  assert.deepEqual([succeeded, failed, job.sent.length], [1, 2, 2])
  assert.deepEqual(job.sent[1], job.sent[0])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { openDesk } from '../desk.test.ts'

const path = '/export/content/data'
const day = 24 * 3600
const octets = { accept: 'application/octet-stream' }

function openOffice() {
  const desk = openDesk()
  const { ok, call, clock, adminId, user } = desk
  const message = (fields: object = {}) =>
    ok('POST', '/messages', {
      ...{ message_type: 'inapp', body: 'Hello', from: { type: 'admin', id: adminId } },
      ...{ to: { type: 'user', id: person.id }, ...fields },
    })
  const person = user({ external_id: '25', email: 'ann@example.com', name: 'Ann "A", Lee' })
  const start = (after = clock.seconds - day, before = clock.seconds) =>
    ok('POST', path, { created_at_after: after, created_at_before: before })
  const download = (id: string) => {
    const answer = call('GET', `/download/content/data/${id}`, undefined, octets)
    return { ...answer, csv: answer.status === 200 ? String(gunzipSync(answer.bytes)) : '' }
  }
  return { ...desk, message, person, start, download }
}

test('a job is pending, then in progress, then completed, and its data can be had for two days', () => {
  const { ok, call, clock, message, start, download, person } = openOffice()
  const { id } = message({ message_type: 'email', subject: 'Say "hi",\nyou', body: '<p>Hi</p>' })
  const { job_identifier, ...made } = start()
  assert.match(job_identifier, /^[a-z0-9]{16}$/)
  assert.deepEqual(made, { status: 'pending', download_url: '', download_expires_at: '' })
  const status = () => ok('GET', `${path}/${job_identifier}`)
  const at = clock.seconds
  clock.seconds += 0.5
  assert.equal(status().status, 'in_progress')
  assert.equal(download(job_identifier).status, 404)
  clock.seconds += 0.5
  assert.deepEqual(status(), {
    job_identifier,
    status: 'completed',
    download_url: `http://local/download/content/data/${job_identifier}`,
    download_expires_at: String(at + 1 + 2 * day),
  })
  const { headers, csv } = download(job_identifier)
  assert.equal(headers['Content-Type'], 'application/octet-stream')
  const [header, ...rest] = csv.split(/\n(?=user_id|[0-9a-f]{24},|$)/)
  assert.match(
    header ?? '',
    /^user_id,user_external_id,company_id,email,name,ruleset_id,.*,first_hard_bounce$/,
  )
  assert.equal(
    rest[0],
    `${person.id},25,-1,ann@example.com,"Ann ""A"", Lee",${id},${id},Email,"Say ""hi"",\nyou",${id},${id},${at},-1,,,,,,,,,,,,,`,
  )
  assert.equal(rest[0]?.replace(/"(?:[^"]|"")*"/g, '').split(',').length, header?.split(',').length)
  clock.seconds = at + 1 + 2 * day
  assert.equal(status().status, 'completed')
  const { json } = call('GET', `/download/content/data/${job_identifier}`, undefined, octets)
  assert.deepEqual(json.errors, [{ code: 'not_found', message: 'Object not found.' }])
})

test('an export holds what was sent in its period, both ends included, and a midnight is a whole day', () => {
  const { clock, message, start, download } = openOffice()
  const midnight = Math.floor(clock.seconds / day) * day - day
  const times = [midnight - 1, midnight, midnight + 10, midnight + day - 1, midnight + day]
  for (const created_at of times) message({ created_at })
  const exported = (after: number, before: number) => {
    const { job_identifier } = start(after, before)
    clock.seconds += 1
    const { csv } = download(job_identifier)
    return csv
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',').at(-15)))
  }
  assert.deepEqual(exported(midnight, midnight + 10), [midnight, midnight + 10])
  assert.deepEqual(exported(midnight, midnight), times.slice(1, 4))
})

test('an export knows company and first reply, unless the reply came after its period', () => {
  const { clock, ok, message, person, start, download } = openOffice()
  const company = ok('POST', '/companies', { company_id: 'c1', name: 'Acme' })
  ok('POST', `/contacts/${person.id}/companies`, { id: company.id })
  message({ create_conversation_without_contact_reply: true })
  const { conversations } = ok('GET', '/conversations')
  const sent = clock.seconds
  clock.seconds += 100
  const reply = { message_type: 'comment', type: 'user', intercom_user_id: person.id, body: 'Yes' }
  ok('POST', `/conversations/${conversations[0].id}/reply`, reply)
  const replied = (before: number) => {
    const { job_identifier } = start(sent, before)
    clock.seconds += 1
    const line = download(job_identifier).csv.trim().split('\n')[1]?.replace('"Ann ""A"", Lee"', 'Ann')
    const cells = line?.split(',') ?? []
    return [cells[2], cells[15]]
  }
  assert.deepEqual(replied(sent + 100), [company.id, String(sent + 100)])
  assert.deepEqual(replied(sent + 99), [company.id, ''])
})

test('one job at a time, of the whole workspace; a canceled or finished one is out of the way', () => {
  const { ok, refused, clock, message, start, download } = openOffice()
  message()
  const { job_identifier } = start()
  const body = { created_at_after: 0, created_at_before: clock.seconds }
  const busy = '429 rate_limit_exceeded: Exceeded rate limit of 1 pending message data export jobs'
  assert.equal(refused('POST', path, body), busy)
  clock.seconds += 0.6
  assert.equal(refused('POST', path, body), busy)
  const canceled = ok('POST', `/export/cancel/${job_identifier}`)
  assert.deepEqual(canceled, {
    job_identifier,
    status: 'canceled',
    download_url: '',
    download_expires_at: '',
  })
  clock.seconds += 10
  assert.equal(ok('GET', `${path}/${job_identifier}`).status, 'canceled')
  assert.equal(download(job_identifier).status, 404)
  const second = start()
  clock.seconds += 1
  assert.equal(ok('POST', `/export/cancel/${second.job_identifier}`).status, 'completed')
  assert.equal(start().status, 'pending')
})

test('a period in which nothing was sent has no data', () => {
  const { ok, clock, start, download } = openOffice()
  const { job_identifier } = start()
  clock.seconds += 1
  const { status, download_url } = ok('GET', `${path}/${job_identifier}`)
  assert.deepEqual([status, download_url], ['no_data', ''])
  assert.equal(download(job_identifier).status, 404)
})

test('wrong periods, unknown jobs and other media types are refused', () => {
  const { call, refused, start, clock, message } = openOffice()
  const refusals: readonly (readonly [body: object, message: string])[] = [
    [{ created_at_after: 1 }, "400 bad_request: 'created_at_before' is a required parameter"],
    [{}, "400 bad_request: 'created_at_after' is a required parameter"],
    [
      { created_at_after: 2, created_at_before: 1 },
      '400 bad_request: created_at_after is greater than created_at_before',
    ],
    [{ random_param: 1 }, "400 bad_request: bad 'random_param' parameter"],
    [
      { created_at_after: 'now', created_at_before: 1 },
      '400 type_mismatch: created_at_after must be an integer',
    ],
    [{ created_at_after: -1, created_at_before: 1 }, '400 parameter_invalid: created_at_after is invalid'],
  ]
  for (const [body, text] of refusals) assert.equal(refused('POST', path, body), text)
  assert.equal(call('POST', path, {}).json.request_id, null)
  const unknown = '404 not_found: Export job not found for identifier: mqj3mpa4has8'
  assert.equal(refused('GET', `${path}/mqj3mpa4has8`), unknown)
  assert.equal(refused('POST', '/export/cancel/mqj3mpa4has8'), unknown)
  message()
  const { job_identifier } = start()
  clock.seconds += 1
  const target = `/download/content/data/${job_identifier}`
  const told =
    '406 media_type_not_acceptable: The Accept header should send a media type of application/octet-stream'
  for (const accept of ['', 'application/json', '*/*;q=0', 'application/octet-stream;q=0']) {
    assert.equal(refused('GET', target, undefined, { accept }), told)
  }
  for (const accept of ['*/*', 'text/csv, Application/Octet-Stream;q=0.5'])
    assert.equal(call('GET', target, undefined, { accept }).status, 200)
})

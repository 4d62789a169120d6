import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scriptedIntercom } from '../../test/support/scripted-intercom.ts'
import type { IntercomOptions } from '../intercom.ts'
import { AttemptJournal } from './attempt-journal.ts'
import type { ClaimLookup } from './claims.ts'

const note = { contact_id: 'abc', body: 'Hello' }
const posts = (received: readonly { method: string }[]) =>
  received.filter(({ method }) => method === 'POST').length

/** An attempt to make a note, on an Intercom that answers as scripted. */
async function attemptOn(
  script: Parameters<typeof scriptedIntercom>[0],
  given: Partial<Parameters<AttemptJournal['run']>[1]> = {},
  options: IntercomOptions = {},
  lookup: ClaimLookup = async () => [],
) {
  const journal = new AttemptJournal(lookup)
  const server = await scriptedIntercom(script, {
    journal,
    settleMs: [1, 1],
    onUnknown: 'verify',
    ...options,
  })
  const { value, report } = await journal.run(
    'run',
    { operation: 'operation', earlier: null, foreign: new Set(), holdsLease: () => true, ...given },
    () => server.intercom.call('create_note', note, { idempotencyKey: 'run' }),
  )
  await server.close()
  return { failure: value.failure, report, posts: posts(server.received) }
}

const made = { type: 'note', id: '7', body: '<p>Hello</p>', author: { type: 'admin', id: '1' } }

test('an attempt that succeeds reports what it made and when it sent', async () => {
  const { failure, report } = await attemptOn([{ json: made }])
  assert.equal(failure, null)
  assert.equal(report.claimed, 'notes of abc 7')
  assert.ok(Math.abs(Date.now() - (report.sentAt ?? 0)) < 5000)
  assert.equal(typeof report.result, 'object')
})

test('an attempt whose lease is lost sends nothing', async () => {
  const { failure, report, posts: sent } = await attemptOn([{ json: made }], { holdsLease: () => false })
  assert.deepEqual([failure?.code, report.sentAt, sent], ['idempotency_key_taken_over', null, 0])
})

test('a call that is refused before the journal is asked leaves everything as it was', async () => {
  const { failure, report } = await attemptOn([{ json: made }], {}, { readOnly: true })
  assert.deepEqual([failure?.code, report.result], ['not_allowed', 'unchanged'])
})

test('an unknown outcome is reported as unknown', async () => {
  const {
    failure,
    report,
    posts: sent,
  } = await attemptOn(({ method }) =>
    method === 'POST'
      ? { status: 502, json: {} }
      : { json: { type: 'list', data: [], pages: { next: null } } },
  )
  assert.deepEqual([failure?.outcome, report.unknown, report.result, sent], ['unknown', true, 'unknown', 1])
})

test("what another operation owns is not this one's, and what nobody is known to own is unattributed", async () => {
  const created_at = Math.floor(Date.now() / 1000)
  const found = { ...made, id: '8', body: '<p>Other</p>', created_at }
  const script: Parameters<typeof scriptedIntercom>[0] = ({ method, path }) => {
    if (method === 'POST') return { json: made }
    if (path.endsWith('/me')) return { json: { type: 'admin', id: '1' } }
    return { json: { type: 'list', data: [found], pages: { next: null } } }
  }
  const earlier = { sent_at: Date.now() - 100, alive_at: Date.now() - 20_000, unknown: false }
  const doubting = await attemptOn(script, { earlier })
  assert.deepEqual([doubting.failure?.outcome, doubting.posts], ['unknown', 0])
  assert.deepEqual(doubting.report.unattributed, ['notes of abc 8'])
  const knowing = await attemptOn(script, { earlier, foreign: new Set(doubting.report.unattributed) })
  assert.deepEqual([knowing.failure, knowing.posts], [null, 1])
  const asked: unknown[] = []
  const asking = await attemptOn(script, { earlier }, {}, async (found, id) => {
    asked.push(found, id)
    return found
  })
  assert.deepEqual([asking.failure, asking.posts, asked], [null, 1, [['notes of abc 8'], 'operation']])
  const unheard = await attemptOn(script, { earlier }, {}, () => Promise.reject(new Error('no ingress')))
  assert.deepEqual([unheard.posts, unheard.report.unattributed], [0, ['notes of abc 8']])
})

test('the outcome of an attempt is unknown from when it acquires its key, and nothing of it stays behind', async () => {
  const journal = new AttemptJournal(async () => [])
  const given = { operation: 'operation', earlier: null, foreign: new Set<string>(), holdsLease: () => true }
  const acquire = () => journal.acquire({ key: 'run', action: 'create_note', input_hash: '' })
  assert.equal((await journal.run('run', given, acquire)).report.result, 'unknown')
  await assert.rejects(acquire(), /does not run here/)
})

test('an attempt that does not run here is not known', async () => {
  await assert.rejects(
    new AttemptJournal(async () => []).acquire({ key: 'x', action: 'create_note', input_hash: '' }),
    /does not run here/,
  )
})

test('an attempt claims no item that another operation is known to own', async () => {
  const journal = new AttemptJournal(async () => [])
  const given = { operation: 'operation', earlier: null, holdsLease: () => true }
  const attempt = (item: string) =>
    journal.run('run', { ...given, foreign: new Set(['notes of abc 7']) }, () => journal.claim(item, 'run'))
  const { value, report } = await attempt('notes of abc 7')
  assert.deepEqual([value, report.claimed], [false, null])
  assert.equal((await attempt('notes of abc 8')).report.claimed, 'notes of abc 8')
})

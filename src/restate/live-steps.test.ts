import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scriptedIntercom } from '../../test/support/scripted-intercom.ts'
import type { IntercomOptions } from '../intercom.ts'
import type { Others } from './claims.ts'
import { LiveSteps } from './live-steps.ts'

const note = { contact_id: 'abc', body: 'Hello' }
const posts = (received: readonly { method: string }[]) =>
  received.filter(({ method }) => method === 'POST').length

/** A run of a step that makes a note, on an Intercom that answers as scripted. */
async function ranOn(
  script: Parameters<typeof scriptedIntercom>[0],
  given: Partial<Parameters<LiveSteps['run']>[1]> = {},
  options: IntercomOptions = {},
  others: Others = async () => [],
) {
  const steps = new LiveSteps(others)
  const server = await scriptedIntercom(script, {
    journal: steps,
    settleMs: [1, 1],
    onUnknown: 'verify',
    ...options,
  })
  const { result, ended } = await steps.run(
    'run',
    { intent: 'intent', left: null, others: new Set(), isOurs: () => true, ...given },
    () => server.intercom.call('create_note', note, { idempotencyKey: 'run' }),
  )
  await server.close()
  return { failure: result.failure, ended, posts: posts(server.received) }
}

const made = { type: 'note', id: '7', body: '<p>Hello</p>', author: { type: 'admin', id: '1' } }

test('a step that succeeds tells what it made and when it began', async () => {
  const { failure, ended } = await ranOn([{ json: made }])
  assert.equal(failure, null)
  assert.equal(ended.claimed, 'notes of abc 7')
  assert.ok(Math.abs(Date.now() - (ended.begunAt ?? 0)) < 5000)
  assert.equal(typeof ended.end, 'object')
})

test('a run that the engine has given up, or that comes too late, sends nothing', async () => {
  const { failure, ended, posts: sent } = await ranOn([{ json: made }], { isOurs: () => false })
  assert.deepEqual([failure?.code, ended.begunAt, sent], ['idempotency_key_taken_over', null, 0])
})

test('what is refused before the journal is asked leaves nothing open', async () => {
  const { failure, ended } = await ranOn([{ json: made }], {}, { readOnly: true })
  assert.deepEqual([failure?.code, ended.end], ['not_allowed', 'as_found'])
})

test('an outcome that nobody knows is told as unclear', async () => {
  const {
    failure,
    ended,
    posts: sent,
  } = await ranOn(({ method }) =>
    method === 'POST'
      ? { status: 502, json: {} }
      : { json: { type: 'list', data: [], pages: { next: null } } },
  )
  assert.deepEqual([failure?.outcome, ended.unclear, ended.end, sent], ['unknown', true, 'unclear', 1])
})

test('what another intent has is no part of this one, and what nobody is known to have is doubted', async () => {
  const created_at = Math.floor(Date.now() / 1000)
  const found = { ...made, id: '8', body: '<p>Other</p>', created_at }
  const script: Parameters<typeof scriptedIntercom>[0] = ({ method, path }) => {
    if (method === 'POST') return { json: made }
    if (path.endsWith('/me')) return { json: { type: 'admin', id: '1' } }
    return { json: { type: 'list', data: [found], pages: { next: null } } }
  }
  const left = { at: Date.now() - 100, seen_at: Date.now() - 20_000, unclear: false }
  const doubting = await ranOn(script, { left })
  assert.deepEqual([doubting.failure?.outcome, doubting.posts], ['unknown', 0])
  assert.deepEqual(doubting.ended.doubted, ['notes of abc 8'])
  const knowing = await ranOn(script, { left, others: new Set(doubting.ended.doubted) })
  assert.deepEqual([knowing.failure, knowing.posts], [null, 1])
  const asked: unknown[] = []
  const asking = await ranOn(script, { left }, {}, async (found, id) => {
    asked.push(found, id)
    return found
  })
  assert.deepEqual([asking.failure, asking.posts, asked], [null, 1, [['notes of abc 8'], 'intent']])
  const unheard = await ranOn(script, { left }, {}, () => Promise.reject(new Error('no ingress')))
  assert.deepEqual([unheard.posts, unheard.ended.doubted], [0, ['notes of abc 8']])
})

test('a step that does not run here is no step', async () => {
  await assert.rejects(
    new LiveSteps(async () => []).take({ id: 'x', action: 'create_note', input_hash: '' }),
    /does not run here/,
  )
})

test('a step takes no item that another intent is known to have', async () => {
  const steps = new LiveSteps(async () => [])
  const given = { intent: 'intent', left: null, others: new Set(['notes of abc 7']), isOurs: () => true }
  const claim = (item: string) => steps.claim(item, 'run')
  const { result, ended } = await steps.run('run', given, async () => [await claim('notes of abc 7')])
  assert.deepEqual([result, ended.claimed], [[false], null])
  const { ended: own } = await steps.run('run', given, () => claim('notes of abc 8'))
  assert.equal(own.claimed, 'notes of abc 8')
})

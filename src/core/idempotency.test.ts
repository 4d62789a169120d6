import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Failure, IntercomError } from '../errors.ts'
import { type Attempt, underIdempotencyKey } from './idempotency.ts'
import type { Acquired, AttemptResult, Journal } from './journal.ts'

const call = {
  wait: (ms: number) => sleep(ms),
  until: async (turn: Promise<void>) => {
    const late = sleep(200, undefined, { ref: false }).then(() => {
      throw new IntercomError('the deadline of the call would pass first', { code: 'deadline_exceeded' })
    })
    await Promise.race([turn, late])
  },
}

type Ended = { ends: AttemptResult[]; hashes: string[] }

/** A journal that gives the step to whoever asks. */
function journalOf(
  acquired: Acquired = { state: 'acquired', earlier: null },
  part: Partial<Journal> = {},
): Journal & Ended {
  const ends: AttemptResult[] = []
  const hashes: string[] = []
  return {
    ends,
    hashes,
    acquire: async ({ input_hash }) => {
      hashes.push(input_hash)
      return acquired
    },
    renew: async () => {},
    recordSend: async () => true,
    recordUnknown: async () => {},
    claim: async () => true,
    claimedByOthers: async () => [],
    finish: async (_id, _owner, end) => void ends.push(end),
    close: () => {},
    ...part,
  }
}

const success = { output: { success: true, error: null }, failure: null, wrote: true } as const
const failed = (failure: Partial<Failure>, wrote = true) => {
  const whole = { code: 'x', status: null, field: null, request_id: null, retryable: false, hint: null }
  return {
    output: { success: false as const, error: 'x: it failed.' },
    failure: { ...whole, outcome: 'rejected' as const, ...failure },
    wrote,
  }
}
const keyed = { key: 'i', action: 'create_note', input: { body: 'x' } }
const earlier = { sent_at: 0, alive_at: 0, unknown: false }

async function endOf(
  run: (attempt: Attempt) => Promise<typeof success | ReturnType<typeof failed>>,
  acquired?: Acquired,
) {
  const journal = journalOf(acquired)
  const result = await underIdempotencyKey(journal, keyed, call, run)
  return { end: journal.ends[0], result }
}

test('a success and a final refusal are kept with what was answered', async () => {
  for (const { wrote, ...kept } of [success, failed({ status: 422 })]) {
    const { end, result } = await endOf(async () => ({ ...kept, wrote }) as typeof success)
    assert.deepEqual(end, { record: JSON.stringify(kept) })
    assert.deepEqual(result, kept)
  }
})

test('of an answer that is long a receipt is kept: what it is and what was made', async () => {
  const parts = Array.from({ length: 500 }, (_, at) => ({ id: String(at), body: 'x'.repeat(8000) }))
  const output = { ...success.output, result: { type: 'conversation', id: '12', conversation_parts: parts } }
  const { end, result } = await endOf(async (attempt) => {
    await attempt.claim('conversation 12 499')
    return { ...success, output } as typeof success
  })
  const receipt = { type: 'conversation', id: '12', item_id: '499' }
  assert.deepEqual(end, {
    record: JSON.stringify({ output: { ...success.output, result: receipt }, failure: null }),
  })
  assert.deepEqual(result.output, output) // the caller gets the whole answer
})

test('what was never transmitted, was refused for a while, by the token or by a lookup, is not kept', async () => {
  for (const failure of [
    failed({ outcome: 'not_sent' }),
    failed({ status: 429, retryable: true }),
    failed({ status: 401 }),
    failed({ status: 403 }),
    failed({ status: 404 }, false),
  ]) {
    assert.equal((await endOf(async () => failure)).end, 'no_effect')
  }
})

test('an outcome stays unknown, also when the run throws', async () => {
  for (const acquired of [undefined, { state: 'acquired', earlier }] as const) {
    assert.equal((await endOf(async () => failed({ outcome: 'unknown' }, false), acquired)).end, 'unknown')
  }
  const journal = journalOf()
  const defect = async () => Promise.reject(new Error('defect'))
  await assert.rejects(underIdempotencyKey(journal, keyed, call, defect), /defect/)
  assert.deepEqual(journal.ends, ['unknown'])
})

test('what an earlier attempt left stays as it was until this one asks for it, and the failure says so', async () => {
  const { end, result } = await endOf(async () => failed({}, false), { state: 'acquired', earlier })
  assert.equal(end, 'unchanged')
  assert.equal(result.failure?.outcome, 'unknown')
  assert.match(
    String(result.output.error),
    /^x: it failed\. An earlier attempt under this idempotency key did not finish/,
  )
  const asked = await endOf(
    async (attempt) => {
      await attempt.recordSend()
      return failed({ status: 404 })
    },
    { state: 'acquired', earlier },
  )
  assert.deepEqual([typeof asked.end, asked.result.failure?.outcome], ['object', 'rejected'])
})

test('a record is answered without an attempt, and one that cannot be read is no reason to send', async () => {
  const run = () => assert.fail('it ran')
  const kept = { output: success.output, failure: null }
  const journal = journalOf({ state: 'finished', record: JSON.stringify(kept) })
  assert.deepEqual(await underIdempotencyKey(journal, keyed, call, run), kept)
  await assert.rejects(underIdempotencyKey(journalOf({ state: 'finished', record: '{' }), keyed, call, run), {
    code: 'journal_failed',
    outcome: 'unknown',
  })
})

test('recording a send is refused when the lease is lost, when the journal throws, and when it never answers', async () => {
  const never = new Promise<never>(() => {})
  for (const [recordSend, code] of [
    [async () => false, 'idempotency_key_taken_over'],
    [async () => Promise.reject(new Error('disk full')), 'journal_failed'],
    [() => assert.fail('at once'), 'journal_failed'],
    [() => never, 'deadline_exceeded'],
  ] as const) {
    const journal = journalOf(undefined, { recordSend })
    const run = async (attempt: Attempt) => {
      await assert.rejects(attempt.recordSend(), { code })
      return success
    }
    await underIdempotencyKey(journal, keyed, call, run)
  }
})

test('a journal that throws or hangs after Intercom has answered changes nothing', async () => {
  const fail = () => assert.fail('broken')
  const reject = async () => assert.fail('broken')
  const hang = () => new Promise<never>(() => {})
  for (const broken of [fail, reject, hang]) {
    const journal = journalOf(undefined, {
      renew: broken,
      recordUnknown: broken,
      claim: broken,
      finish: broken,
    })
    const run = async (attempt: Attempt) => {
      await attempt.recordUnknown()
      await assert.rejects(attempt.claim('item'))
      return success
    }
    assert.equal((await underIdempotencyKey(journal, keyed, call, run)).failure, null)
  }
})

test('a renewal that throws does not end the process', async () => {
  const journal = journalOf(undefined, { renew: () => assert.fail('broken') })
  const run = async () => {
    await sleep(1100)
    return success
  }
  assert.equal((await underIdempotencyKey(journal, keyed, call, run)).failure, null)
})

test('equal inputs have one hash, whatever the order of keys and the absent ones; others have another', async () => {
  const hash = async (input: unknown, action = 'a') => {
    const journal = journalOf()
    await underIdempotencyKey(journal, { key: 'i', action, input }, call, async () => success)
    return journal.hashes[0]
  }
  const one = await hash({ a: 1, b: { c: [1, { d: 2, e: 3 }] } })
  assert.equal(await hash({ b: { c: [1, { e: 3, d: 2 }] }, a: 1, z: undefined }), one)
  const others = [
    { a: 1, b: { c: [{ d: 2, e: 3 }, 1] } },
    { a: '1', b: { c: [1, { d: 2, e: 3 }] } },
    { a: 1, b: { c: [1, { d: 2, e: 3 }], __proto__x: 1 } },
    { 'a:1,b': 1 },
    [],
    '',
    null,
    { toJSON: () => 1 },
  ]
  const hashes = await Promise.all([
    ...others.map((input) => hash(input)),
    hash({ a: 1 }),
    hash({ a: 1 }, 'b'),
    one,
  ])
  assert.equal(new Set(hashes).size, hashes.length)
})

test('what is claimed and what is another’s is asked by the key, what is sent and ended by the owner', async () => {
  const asked: [string, ...unknown[]][] = []
  const owners = new Set<string>()
  const journal = journalOf(undefined, {
    acquire: async ({ key }, owner) => {
      owners.add(owner)
      asked.push(['acquire', key])
      return { state: 'acquired', earlier: null }
    },
    recordSend: async (key, owner) => asked.push(['recordSend', key, owners.has(owner)]) > 0,
    recordUnknown: async (key, owner) => void asked.push(['recordUnknown', key, owners.has(owner)]),
    claim: async (item, key) => asked.push(['claim', item, key]) > 0,
    claimedByOthers: async (items, key) => {
      asked.push(['claimedByOthers', ...items, key])
      return ['b']
    },
    finish: async (key, owner) => void asked.push(['finish', key, owners.has(owner)]),
  })
  await underIdempotencyKey(journal, keyed, call, async (attempt) => {
    await attempt.recordSend()
    await attempt.recordUnknown()
    assert.equal(await attempt.claim('a'), true)
    assert.deepEqual(await attempt.claimedByOthers(['a', 'b']), ['b'])
    return success
  })
  assert.deepEqual(asked, [
    ['acquire', 'i'],
    ['recordSend', 'i', true],
    ['recordUnknown', 'i', true],
    ['claim', 'a', 'i'],
    ['claimedByOthers', 'a', 'b', 'i'],
    ['finish', 'i', true],
  ])
})

test('a call without a key has one of its own each time, and leaves nothing behind', async () => {
  const keys = new Set<string>()
  const ends: AttemptResult[] = []
  const journal = journalOf(undefined, {
    acquire: async ({ key }) => {
      keys.add(key)
      return { state: 'acquired', earlier: null }
    },
    finish: async (_id, _owner, end) => void ends.push(end),
  })
  const anonymous = { ...keyed, key: undefined }
  for (const result of [success, failed({ outcome: 'unknown' })]) {
    await underIdempotencyKey(journal, anonymous, call, async () => result as typeof success)
  }
  assert.deepEqual([keys.size, ends], [2, ['no_effect', 'no_effect']])
})

test('an attempt renews its lease every second, until it has ended', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let renewals = 0
  const journal = journalOf(undefined, { renew: async () => void renewals++ })
  await underIdempotencyKey(journal, keyed, call, async () => {
    t.mock.timers.tick(3000)
    return success
  })
  assert.equal(renewals, 3)
  t.mock.timers.tick(10_000)
  assert.equal(renewals, 3)
})

test('who waits for a call under the same key asks soon, then less and less often, at least every second', async () => {
  const pauses: [number, string][] = []
  const patient = {
    ...call,
    wait: async (ms: number, reason: string) => void pauses.push([ms, reason]),
  }
  const journal = journalOf(undefined, {
    acquire: async () => (pauses.length < 7 ? { state: 'running' } : { state: 'acquired', earlier: null }),
  })
  await underIdempotencyKey(journal, keyed, patient, async () => success)
  const expected = [50, 100, 200, 400, 800, 1000, 1000]
  assert.deepEqual(
    pauses,
    expected.map((ms) => [ms, 'idempotency_key']),
  )
})

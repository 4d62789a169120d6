import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Failure, IntercomError } from '../errors.ts'
import { type Entry, underIntent } from './intents.ts'
import type { End, StepJournal, Taken } from './journal.ts'

const connection = {
  wait: (ms: number) => sleep(ms),
  until: async (turn: Promise<void>) => {
    const late = sleep(200, undefined, { ref: false }).then(() => {
      throw new IntercomError('the deadline of the call comes first', { code: 'deadline_exceeded' })
    })
    await Promise.race([turn, late])
  },
}

type Ended = { ends: End[]; hashes: string[] }

/** A journal that gives the step to whoever asks. */
function journalOf(
  taken: Taken = { state: 'mine', left: null },
  part: Partial<StepJournal> = {},
): StepJournal & Ended {
  const ends: End[] = []
  const hashes: string[] = []
  return {
    ends,
    hashes,
    take: async ({ input_hash }) => {
      hashes.push(input_hash)
      return taken
    },
    renew: async () => {},
    begin: async () => true,
    unclear: async () => {},
    claim: async () => true,
    others: async () => [],
    finish: async (_id, _owner, end) => void ends.push(end),
    close: () => {},
    ...part,
  }
}

const success = { output: { success: true, error: null }, failure: null, wrote: true }
const failed = (failure: Partial<Failure>, wrote = true) => {
  const whole = { code: 'x', status: null, field: null, request_id: null, retryable: false, hint: null }
  return {
    output: { success: false, error: 'x: it failed.' },
    failure: { ...whole, outcome: 'rejected' as const, ...failure },
    wrote,
  }
}
const intent = { id: 'i', action: 'create_note', input: { body: 'x' } }
const left = { at: 0, seen_at: 0, unclear: false }

async function endOf(
  run: (entry: Entry) => Promise<typeof success | ReturnType<typeof failed>>,
  taken?: Taken,
) {
  const journal = journalOf(taken)
  const result = await underIntent(journal, intent, connection, run)
  return { end: journal.ends[0], result }
}

test('a success and a final refusal are kept with what was answered', async () => {
  for (const { wrote, ...kept } of [success, failed({ status: 422 })]) {
    const { end, result } = await endOf(async () => ({ ...kept, wrote }) as typeof success)
    assert.deepEqual(end, { record: JSON.stringify(kept) })
    assert.deepEqual(result, kept)
  }
})

test('what never left, was refused for a while, by the token or by a lookup, is not kept', async () => {
  for (const failure of [
    failed({ outcome: 'not_sent' }),
    failed({ status: 429, retryable: true }),
    failed({ status: 401 }),
    failed({ status: 403 }),
    failed({ status: 404 }, false),
  ]) {
    assert.equal((await endOf(async () => failure)).end, 'undone')
  }
})

test('an unknown outcome stays unclear, also when the run throws', async () => {
  for (const taken of [undefined, { state: 'mine', left }] as const) {
    assert.equal((await endOf(async () => failed({ outcome: 'unknown' }, false), taken)).end, 'unclear')
  }
  const journal = journalOf()
  const defect = async () => Promise.reject(new Error('defect'))
  await assert.rejects(underIntent(journal, intent, connection, defect), /defect/)
  assert.deepEqual(journal.ends, ['unclear'])
})

test('what an earlier run left stays as it was until this run asks of it, and the failure says so', async () => {
  const { end, result } = await endOf(async () => failed({}, false), { state: 'mine', left })
  assert.equal(end, 'as_found')
  assert.equal(result.failure?.outcome, 'unknown')
  assert.match(String(result.output.error), /^x: it failed\. An earlier run of this intent did not end/)
  const asked = await endOf(
    async (entry) => {
      await entry.begin()
      return failed({ status: 404 })
    },
    { state: 'mine', left },
  )
  assert.deepEqual([typeof asked.end, asked.result.failure?.outcome], ['object', 'rejected'])
})

test('a record is answered without a run, and one that cannot be read is no reason to send', async () => {
  const run = () => assert.fail('it ran')
  const kept = { output: success.output, failure: null }
  const journal = journalOf({ state: 'finished', record: JSON.stringify(kept) })
  assert.deepEqual(await underIntent(journal, intent, connection, run), kept)
  await assert.rejects(underIntent(journalOf({ state: 'finished', record: '{' }), intent, connection, run), {
    code: 'journal_failed',
    outcome: 'unknown',
  })
})

test('begin refuses when the step is another’s, when the journal throws, and when it never answers', async () => {
  const never = new Promise<never>(() => {})
  for (const [begin, code] of [
    [async () => false, 'idempotency_key_taken_over'],
    [async () => Promise.reject(new Error('disk full')), 'journal_failed'],
    [() => assert.fail('at once'), 'journal_failed'],
    [() => never, 'deadline_exceeded'],
  ] as const) {
    const journal = journalOf(undefined, { begin })
    const run = async (entry: Entry) => {
      await assert.rejects(entry.begin(), { code })
      return success
    }
    await underIntent(journal, intent, connection, run)
  }
})

test('a journal that throws or hangs after Intercom has answered changes nothing', async () => {
  const fail = () => assert.fail('broken')
  const reject = async () => assert.fail('broken')
  const hang = () => new Promise<never>(() => {})
  for (const broken of [fail, reject, hang]) {
    const journal = journalOf(undefined, { renew: broken, unclear: broken, claim: broken, finish: broken })
    const run = async (entry: Entry) => {
      await entry.unclear()
      await assert.rejects(entry.claim('item'))
      return success
    }
    assert.equal((await underIntent(journal, intent, connection, run)).failure, null)
  }
})

test('a renewal that throws does not end the process', async () => {
  const journal = journalOf(undefined, { renew: () => assert.fail('broken') })
  const run = async () => {
    await sleep(1100)
    return success
  }
  assert.equal((await underIntent(journal, intent, connection, run)).failure, null)
})

test('equal inputs have one hash, whatever the order of keys and the absent ones; others have another', async () => {
  const hash = async (input: unknown, action = 'a') => {
    const journal = journalOf()
    await underIntent(journal, { id: 'i', action, input }, connection, async () => success)
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

test('what is claimed and what is another’s is asked for the intent, what it begins and ends for its run', async () => {
  const asked: [string, ...unknown[]][] = []
  const owners = new Set<string>()
  const journal = journalOf(undefined, {
    take: async ({ id }, owner) => {
      owners.add(owner)
      asked.push(['take', id])
      return { state: 'mine', left: null }
    },
    begin: async (id, owner) => asked.push(['begin', id, owners.has(owner)]) > 0,
    unclear: async (id, owner) => void asked.push(['unclear', id, owners.has(owner)]),
    claim: async (item, id) => asked.push(['claim', item, id]) > 0,
    others: async (items, id) => {
      asked.push(['others', ...items, id])
      return ['b']
    },
    finish: async (id, owner) => void asked.push(['finish', id, owners.has(owner)]),
  })
  await underIntent(journal, intent, connection, async (entry) => {
    await entry.begin()
    await entry.unclear()
    assert.equal(await entry.claim('a'), true)
    assert.deepEqual(await entry.others(['a', 'b']), ['b'])
    return success
  })
  assert.deepEqual(asked, [
    ['take', 'i'],
    ['begin', 'i', true],
    ['unclear', 'i', true],
    ['claim', 'a', 'i'],
    ['others', 'a', 'b', 'i'],
    ['finish', 'i', true],
  ])
})

test('a call without an id has one of its own each time, and leaves nothing behind', async () => {
  const ids = new Set<string>()
  const ends: End[] = []
  const journal = journalOf(undefined, {
    take: async ({ id }) => {
      ids.add(id)
      return { state: 'mine', left: null }
    },
    finish: async (_id, _owner, end) => void ends.push(end),
  })
  const anonymous = { ...intent, id: undefined }
  for (const result of [success, failed({ outcome: 'unknown' })]) {
    await underIntent(journal, anonymous, connection, async () => result as typeof success)
  }
  assert.deepEqual([ids.size, ends], [2, ['undone', 'undone']])
})

test('a run says every second that it is alive, until it has ended', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let renewals = 0
  const journal = journalOf(undefined, { renew: async () => void renewals++ })
  await underIntent(journal, intent, connection, async () => {
    t.mock.timers.tick(3000)
    return success
  })
  assert.equal(renewals, 3)
  t.mock.timers.tick(10_000)
  assert.equal(renewals, 3)
})

test('who waits for a run of the same intent asks soon, then less and less often, at least every second', async () => {
  const pauses: [number, string][] = []
  const patient = {
    ...connection,
    wait: async (ms: number, reason: string) => void pauses.push([ms, reason]),
  }
  const journal = journalOf(undefined, {
    take: async () => (pauses.length < 7 ? { state: 'running' } : { state: 'mine', left: null }),
  })
  await underIntent(journal, intent, patient, async () => success)
  const expected = [50, 100, 200, 400, 800, 1000, 1000]
  assert.deepEqual(
    pauses,
    expected.map((ms) => [ms, 'same_intent']),
  )
})

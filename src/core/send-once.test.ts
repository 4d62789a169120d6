import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenCall } from '../client/client.ts'
import { path } from '../client/path.ts'
import type { JsonObject, Request } from '../client/request.ts'
import { IntercomError } from '../errors.ts'
import { Claims } from './claims.ts'
import type { Attempt } from './idempotency.ts'
import type { EarlierAttempt } from './journal.ts'
import type { OnUnknown, SendContext } from './read-back.ts'
import { sendOnce } from './send-once.ts'
import type { Item, Verify } from './verify.ts'

/** The second in which each test begins, in the middle of it. */
const epoch = 1_700_000_000
const firstMs = epoch * 1000 + 500

type Options = {
  onUnknown?: OnUnknown
  settleMs?: readonly number[]
  claims?: Claims
  proof?: Verify<unknown>['proof']
  made?: Verify<unknown>['made']
  body?: JsonObject
  /** Waits of more than so much are refused. */
  deadlineMs?: number
}

/** A send whose time passes in its waits only, and an Intercom that shows what the test gives it. */
function contextOf(outcomes: ('lost' | 'aborted' | 'refused' | JsonObject)[], options: Options = {}) {
  const items: Item[] = []
  const seen = { sent: 0, looks: 0, waits: [] as number[] }
  let passed = 0
  let sentAt = 0
  const start = performance.now()
  const call: OpenCall = {
    trace: { attempts: 0, waits: [], rate_limit: null, request_id: null, verified_by: null },
    send: async () => ({}),
    wait: async (ms) => {
      if (ms > (options.deadlineMs ?? Number.POSITIVE_INFINITY))
        throw new IntercomError('late', { code: 'deadline' })
      seen.waits.push(Math.round(ms))
      passed += ms
    },
    until: (turn) => turn,
    sentAt: () => sentAt,
    intercomTime: (at) => firstMs + at - start,
  }
  const send = async (request: Request) => {
    await request.beforeSend?.()
    const outcome = outcomes[Math.min(seen.sent++, outcomes.length - 1)]
    sentAt = start + passed
    if (typeof outcome === 'object') return outcome
    const unknown = outcome !== 'refused'
    throw new IntercomError('no answer', {
      code: outcome === 'lost' ? 'connection_lost' : String(outcome),
      status: unknown ? null : 422,
      outcome: unknown ? 'unknown' : 'rejected',
    })
  }
  const verify: Verify<unknown> = {
    proof: options.proof ?? 'record',
    risk: 'It may be there.',
    key: () => 'k',
    made: options.made ?? (({ ids }) => ids as unknown[]),
    look: async () => {
      seen.looks += 1
      return { items: items.filter((item) => item.created_at * 1000 <= firstMs + passed) }
    },
    whereToLook: (_, at) => `Look at ${at}.`,
  }
  const context: SendContext = {
    request: {
      method: 'POST',
      path: path`/x`,
      semantics: 'non-idempotent',
      body: options.body ?? { body: 'hi' },
    },
    send,
    call,
    policy: { onUnknown: options.onUnknown ?? 'verify', settleMs: options.settleMs ?? [1000, 3000] },
    claims: options.claims ?? new Claims(),
    verify,
    input: {},
  }
  return { context, seen, show: (...shown: Item[]) => void items.push(...shown) }
}

/** An item of the words that were sent, so many seconds after the test's beginning. */
const item = (id: string, second: number, same = true): Item => ({
  id,
  created_at: epoch + second,
  same,
  answer: { id },
})

/** The id of what was found, or what became of the send. */
async function outcomeOf(context: SendContext, attempt?: Attempt): Promise<unknown> {
  return await sendOnce(context, attempt).then(
    ({ id }) => id,
    ({ outcome, code, hint }: IntercomError) =>
      outcome === 'unknown' ? `unknown ${code}: ${hint}` : outcome,
  )
}

const lost = 'unknown connection_lost: It may be there. Do not send it again. Look at 22:13:20 UTC.'

test('clocks may differ by up to five seconds: a part dated up to so long before it was sent is its own', async () => {
  for (const [second, found] of [
    [0, true],
    [-1, true],
    [-2, true],
    [-3, true],
    [-4, true],
    [-5, true],
    [-6, false],
  ] as const) {
    const { context, show } = contextOf(['lost'])
    show(item('p', second))
    assert.equal(await outcomeOf(context), found ? 'p' : lost, `${second} s`)
  }
})

test('of two parts in one second the one shown last is taken, and the other by nobody else', async () => {
  const claims = new Claims()
  const { context, show } = contextOf(['lost'], { claims })
  show(item('p1', 0), item('p2', 0))
  assert.equal(await outcomeOf(context), 'p2')
  const next = contextOf(['lost'], { claims })
  next.show(item('p1', 0), item('p2', 0))
  assert.equal(await outcomeOf(next.context), lost)
  const third = contextOf(['lost'], { claims })
  third.show(item('p1', 0), item('p2', 0), item('p3', 0))
  assert.equal(await outcomeOf(third.context), lost, 'the second send is missing too')
})

test('all that an answer has made is known: none of it is taken for a later send', async () => {
  const claims = new Claims()
  const { context } = contextOf([{ ids: ['p1', 'p2', 'p3'] }], { claims })
  await sendOnce(context, undefined)
  for (const id of ['p1', 'p2', 'p3']) {
    const { seen } = claims.judge('k', [item(id, 0)], ['x'], epoch - 5)
    assert.equal(seen, null, id)
  }
})

test('a send whose answer names nothing is missing: its part is no later send’s', async () => {
  for (const ids of [[], [7, null], 'none']) {
    const claims = new Claims()
    const made = (answer: JsonObject) => (answer['ids'] as string[]).map((id) => id)
    const { context } = contextOf([{ ids }], { claims, made })
    await sendOnce(context, undefined)
    const next = contextOf(['lost'], { claims })
    next.show(item('p', 0))
    assert.equal(await outcomeOf(next.context), lost, String(ids))
  }
})

test('an unknown send is missing: one part of its words is no later send’s, two are one each', async () => {
  const claims = new Claims()
  assert.equal(await outcomeOf(contextOf(['lost'], { claims }).context), lost)
  const next = contextOf(['lost'], { claims })
  next.show(item('p', 0))
  assert.equal(await outcomeOf(next.context), lost)
})

test('who speaks how tells sends of the same words apart, what is attached does not', async () => {
  for (const [body, found] of [
    [{ body: 'hi', admin_id: '2' }, 'p'],
    [{ body: 'hi', admin_id: '1' }, lost],
    [{ body: 'hi', admin_id: '1', attachment_urls: ['https://example.com/a.png'] }, lost],
  ] as const) {
    const claims = new Claims()
    await outcomeOf(contextOf(['lost'], { claims, body: { body: 'hi', admin_id: '1' } }).context)
    const next = contextOf(['lost'], { claims, body })
    next.show(item('p', 0))
    assert.equal(await outcomeOf(next.context), found, JSON.stringify(body))
  }
})

test('it is looked for after each pause, and no longer than the call may last', async () => {
  const { context, seen } = contextOf(['lost'])
  assert.equal(await outcomeOf(context), lost)
  assert.deepEqual(seen, { sent: 1, looks: 2, waits: [1000, 3000] })
  const hurried = contextOf(['lost'], { deadlineMs: 2000, settleMs: [1000, 3000, 100] })
  assert.equal(await outcomeOf(hurried.context), lost)
  assert.deepEqual(hurried.seen, { sent: 1, looks: 1, waits: [1000] })
})

test('neither "report" nor the caller’s abort looks for it or sends it once more', async () => {
  const reported = contextOf(['lost'], { onUnknown: 'report' })
  assert.equal(await outcomeOf(reported.context), lost)
  assert.deepEqual(reported.seen, { sent: 1, looks: 0, waits: [] })
  const aborted = contextOf(['aborted'], { onUnknown: 'verify-then-resend' })
  assert.match(String(await outcomeOf(aborted.context)), /^unknown aborted/)
  assert.deepEqual(aborted.seen, { sent: 1, looks: 0, waits: [] })
})

test('what was refused is refused, and not looked for', async () => {
  const { context, seen } = contextOf(['refused'], { onUnknown: 'verify-then-resend' })
  assert.equal(await outcomeOf(context), 'rejected')
  assert.deepEqual(seen, { sent: 1, looks: 0, waits: [] })
})

const resending = { onUnknown: 'verify-then-resend', settleMs: [10_000] } as const

test('a resend looks back to the first send: what that has made is found when the resend is lost too', async () => {
  const { context, seen } = contextOf(['lost', 'lost'], { ...resending, settleMs: [10_000, 10_000] })
  context.verify.look = async () => {
    seen.looks += 1
    return { items: seen.looks <= 2 ? [] : [item('p', 1)] }
  }
  assert.equal(await outcomeOf(context), 'p')
  assert.deepEqual([seen.sent, seen.looks], [2, 3])
})

test('a resend is made only where nothing of the author’s is new, and where a record shows every write', async () => {
  const clear = contextOf(['lost', { id: 'second', ids: ['second'] }], resending)
  assert.deepEqual([await outcomeOf(clear.context), clear.seen.sent], ['second', 2])
  const other = contextOf(['lost', {}], resending)
  other.show(item('p', 0, false))
  assert.deepEqual([await outcomeOf(other.context), other.seen.sent], [lost, 1])
  for (const proof of ['search', 'none'] as const) {
    const lagging = contextOf(['lost', {}], { ...resending, proof })
    assert.deepEqual([await outcomeOf(lagging.context), lagging.seen.sent], [lost, 1], proof)
  }
  const unseen = contextOf(['lost', {}], { ...resending, deadlineMs: 1 })
  assert.deepEqual([await outcomeOf(unseen.context), unseen.seen.sent], [lost, 1], 'nobody has looked')
})

test('a resend that is refused leaves the first send unknown, and both are missing when both are lost', async () => {
  const refused = contextOf(['lost', 'refused'], resending)
  assert.equal(await outcomeOf(refused.context), lost)
  assert.equal(refused.seen.sent, 2)
  for (const [second, missing] of [
    ['refused', 1],
    ['lost', 2],
    [{ ids: ['second'] }, 1],
  ] as const) {
    const claims = new Claims()
    await outcomeOf(contextOf(['lost', second], { ...resending, claims }).context)
    const found = []
    for (let parts = 0; parts <= 3; parts++) {
      const shown = Array.from({ length: parts }, (_, n) => item(`p${n}`, 20))
      const words = [`${JSON.stringify({})} hi`]
      found.push(claims.judge('k', shown, words, epoch - 5).seen !== null)
    }
    assert.equal(found.indexOf(true), missing + 1, JSON.stringify(second))
  }
})

/** What an interrupted attempt left, in seconds of this machine's clock, which agrees with Intercom's. */
function interrupted(
  t: { mock: { method: typeof import('node:test').mock.method } },
  earlier: Partial<EarlierAttempt> = {},
) {
  t.mock.method(Date, 'now', () => firstMs)
  t.mock.method(performance, 'now', () => 1000)
  const claimed: string[] = []
  const attempt: Attempt & { sends: number } = {
    earlier: { sent_at: firstMs - 60_000, alive_at: firstMs - 60_000, unknown: false, ...earlier },
    sends: 0,
    begun: async () => firstMs,
    recordSend: async () => void attempt.sends++,
    recordUnknown: async () => {},
    claim: async (given) => claimed.push(given) > 0,
    claimedByOthers: async () => [],
  }
  return { attempt, claimed }
}

const sent = { id: 'sent', ids: ['sent'] }

test('after an interrupted attempt nothing is sent before it was looked for, and only where it is clear', async (t) => {
  for (const [shown, options, earlier, outcome] of [
    [[], {}, {}, 'sent'],
    [[item('p', -60)], {}, {}, 'p'],
    [[item('p', -64)], {}, {}, 'p'],
    [[item('p', -70)], {}, {}, 'unknown'],
    [[item('p', -60, false)], {}, {}, 'unknown'],
    [[item('p', -70, false)], {}, {}, 'sent'],
    [[], {}, { unknown: true }, 'unknown'],
    [[], { onUnknown: 'report' }, {}, 'unknown'],
    [[], { onUnknown: 'verify-then-resend' }, { unknown: true }, 'sent'],
    [[item('p', -60, false)], { onUnknown: 'verify-then-resend' }, { unknown: true }, 'unknown'],
    [[], { proof: 'search' }, {}, 'unknown'],
    [[], { proof: 'search', onUnknown: 'verify-then-resend' }, {}, 'unknown'],
  ] as const) {
    const { attempt } = interrupted(t, earlier)
    const { context, seen, show } = contextOf([sent], options)
    show(...shown)
    const what = JSON.stringify([shown, options, earlier])
    assert.equal(String(await outcomeOf(context, attempt)).split(' ')[0], outcome, what)
    assert.deepEqual([seen.sent, attempt.sends], outcome === 'sent' ? [1, 1] : [0, 0], what)
  }
})

test('what was on its way when an attempt was last alive has the time to settle before anything is sent', async (t) => {
  const { attempt } = interrupted(t, { alive_at: firstMs - 1000 })
  const { context, seen } = contextOf([sent])
  assert.equal(await outcomeOf(context, attempt), 'sent')
  assert.deepEqual(seen, { sent: 1, looks: 2, waits: [3000] })
  const late = interrupted(t, { alive_at: firstMs - 1000 })
  const { context: slow, seen: looked, show } = contextOf([sent])
  show(item('p', 2))
  assert.equal(await outcomeOf(slow, late.attempt), 'p')
  assert.deepEqual([looked.sent, looked.looks, late.claimed], [0, 2, ['k p']])
})

test('what was found for an interrupted attempt is no later send’s of this client', async (t) => {
  const claims = new Claims()
  const { attempt } = interrupted(t)
  const { context, show } = contextOf([sent], { claims })
  show(item('p', -60))
  assert.equal(await outcomeOf(context, attempt), 'p')
  assert.deepEqual(claims.judge('k', [item('p', -60)], ['hi'], epoch - 65), { seen: null, clear: true })
})

test('what this client misses may be what an interrupted attempt has sent', async (t) => {
  const claims = new Claims()
  claims.addMissing('k', [`${JSON.stringify({})} hi`], epoch - 65)
  const { attempt } = interrupted(t)
  const { context, show } = contextOf([sent], { claims })
  show(item('p', -60))
  assert.equal(await outcomeOf(context, attempt), 'p')
})

test('other words that belong to another operation leave it clear that nothing was sent', async (t) => {
  const { attempt } = interrupted(t)
  attempt.claimedByOthers = async (items) => items.filter((one) => one === 'k theirs')
  const { context, show } = contextOf([sent])
  show(item('theirs', -60, false))
  assert.equal(await outcomeOf(context, attempt), 'sent')
})

test('nothing is transmitted before that is recorded', async (t) => {
  const { attempt } = interrupted(t)
  const recordSend = async () => {
    throw new IntercomError('taken over', { code: 'idempotency_key_taken_over', outcome: 'rejected' })
  }
  const { context, seen } = contextOf([sent])
  assert.equal(await outcomeOf(context, { ...attempt, earlier: null, recordSend }), 'rejected')
  assert.equal(seen.sent, 0)
})

test('the newest of what an answer shows is claimed for the operation', async (t) => {
  const { attempt, claimed } = interrupted(t)
  const { context } = contextOf([{ id: 'sent', ids: ['earlier', 'newest'] }])
  assert.equal(await outcomeOf(context, { ...attempt, earlier: null }), 'sent')
  assert.deepEqual(claimed, ['k newest'])
})

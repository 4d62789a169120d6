import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import { test } from 'node:test'
import { CountingIntercom } from '../../../test/support/counting-intercom.ts'
import { FakeMachine } from '../../../test/support/fake-machine.ts'
import { memoryStore, newBudgetState } from './budget-state.ts'
import { createRateLimiter, type Permit, type RateLimiter, type Refused } from './rate-limiter.ts'

const forEver = { signal: undefined, until: Number.POSITIVE_INFINITY }

function opened() {
  const machine = new FakeMachine()
  return { machine, rateLimiter: createRateLimiter(memoryStore(), machine) }
}

/** The permit that is given at once. */
function now(rateLimiter: RateLimiter, caller: object = {}): Permit {
  const permit = rateLimiter.acquire(caller, forEver)
  assert.ok(!(permit instanceof Promise), 'there is no permit at once')
  return permit
}

/** What a call that has to wait comes to, once it does. */
function later(
  rateLimiter: RateLimiter,
  options: Parameters<RateLimiter['acquire']>[1] = forEver,
  caller: object = {},
) {
  const seen: { result: Permit | Refused | null } = { result: null }
  const result = rateLimiter.acquire(caller, options)
  assert.ok(result instanceof Promise, 'it need not wait')
  void result.then((come) => {
    seen.result = come
  })
  return seen
}

function head(machine: FakeMachine, headers: IncomingHttpHeaders = {}, status = 200) {
  const date = new Date(machine.wall()).toUTCString()
  return { status, headers: { date, ...headers }, sentAt: machine.now(), headAt: machine.now() }
}

function limits(machine: FakeMachine, limit: number, remaining: number, ahead = 8): IncomingHttpHeaders {
  const reset = String(Math.floor(machine.wall() / 1000) + ahead)
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': reset,
  }
}

function refused({ result }: { result: Permit | Refused | null }): Refused {
  assert.ok(result !== null && 'refused' in result, 'it is not refused')
  return result
}

function given({ result }: { result: Permit | Refused | null }): Permit {
  assert.ok(result !== null && 'done' in result, 'there is no permit')
  return result
}

test('the first call goes alone, and the others wait for what its answer says of the limit', async () => {
  const { machine, rateLimiter } = opened()
  const first = now(rateLimiter)
  const second = later(rateLimiter)
  await machine.run(700)
  assert.equal(second.result, null)
  const rate = first.done(head(machine, limits(machine, 100, 99)))
  assert.equal(rate?.remaining, 99)
  await machine.run(50)
  assert.equal(given(second).waited?.reason, 'first_call')
  assert.ok((given(second).waited?.ms ?? 0) >= 700)
})

for (const [what, status, headers] of [
  ['has no rate headers', 200, {}],
  ['is a refusal of the token', 401, {}],
  ['has absurd rate headers', 200, { 'x-ratelimit-limit': '0', 'x-ratelimit-remaining': '5' }],
] as const) {
  test(`a first answer that ${what} lets all go, up to the concurrency limit`, async () => {
    const { machine, rateLimiter } = opened()
    const first = now(rateLimiter)
    const second = later(rateLimiter)
    assert.equal(first.done(head(machine, headers, status)), null)
    await machine.run(0)
    given(second)
    for (let each = 0; each < 63; each++) now(rateLimiter)
    later(rateLimiter)
  })
}

test('a first call that comes to nothing lets the others go', async () => {
  const { machine, rateLimiter } = opened()
  const first = now(rateLimiter)
  const [second, third] = [later(rateLimiter), later(rateLimiter)]
  assert.equal(first.done(null), null)
  await machine.run(0)
  given(second)
  given(third)
})

test('at most 64 calls of a token are under way; a permit given back twice counts once', async () => {
  const { machine, rateLimiter } = opened()
  now(rateLimiter).done(head(machine))
  const permits = Array.from({ length: 64 }, () => now(rateLimiter))
  const [next, afterNext] = [later(rateLimiter), later(rateLimiter)]
  await machine.run(100)
  assert.equal(next.result, null)
  permits[0]?.done(null)
  assert.equal(permits[0]?.done(head(machine, limits(machine, 100, 50))), null)
  await machine.run(0)
  assert.deepEqual(given(next).waited, { ms: 100, reason: 'concurrency' })
  assert.equal(afterNext.result, null)
})

test('those who wait are served in turn, each in its own order', async () => {
  const { machine, rateLimiter } = opened()
  const first = now(rateLimiter)
  const order: string[] = []
  const wait = (caller: object, name: string) => {
    void Promise.resolve(rateLimiter.acquire(caller, forEver)).then(() => order.push(name))
  }
  const [bulk, agent, other] = [{}, {}, {}]
  for (const name of ['a1', 'a2', 'a3', 'a4']) wait(bulk, name)
  wait(agent, 'b1')
  wait(other, 'c1')
  wait(agent, 'b2')
  first.done(head(machine, limits(machine, 100, 99)))
  await machine.run(5_000)
  assert.deepEqual(order, ['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4'])
})

test('an abort ends the wait at once, leaves no timer, and the turn goes to the next', async () => {
  const { machine, rateLimiter } = opened()
  const first = now(rateLimiter)
  const controller = new AbortController()
  const gone = later(rateLimiter, { signal: controller.signal, until: Number.POSITIVE_INFINITY })
  const next = later(rateLimiter)
  controller.abort()
  await machine.run(0)
  assert.deepEqual(refused(gone), { refused: 'aborted', waitMs: 0 })
  first.done(head(machine, limits(machine, 100, 99)))
  await machine.run(200)
  given(next)
  assert.equal(machine.timers, 0)
  const before = later(rateLimiter, { signal: AbortSignal.abort(), until: Number.POSITIVE_INFINITY })
  await machine.run(0)
  assert.equal(refused(before).refused, 'aborted')
})

test('who comes when a permit is due does not overtake those who wait for it', async () => {
  const { machine, rateLimiter } = opened()
  const first = now(rateLimiter)
  const waiting = [1, 2, 3].map(() => later(rateLimiter))
  machine.late = 10_000
  first.done(head(machine, limits(machine, 4, 3)))
  await machine.run(6_000)
  const before = waiting.filter(({ result }) => result === null).length
  assert.ok(before > 0)
  const last = later(rateLimiter)
  await machine.run(60_000)
  for (const one of [...waiting, last]) given(one)
})

test('an abort after the wait takes nobody’s turn', async () => {
  const { machine, rateLimiter } = opened()
  const first = now(rateLimiter)
  const controller = new AbortController()
  const caller = {}
  const served = later(rateLimiter, { ...forEver, signal: controller.signal }, caller)
  const behind = [1, 2].map(() => later(rateLimiter, forEver, caller))
  first.done(head(machine, limits(machine, 4, 3)))
  await machine.run(1)
  while (served.result === null) await machine.run(100)
  assert.equal(behind[0]?.result, null)
  controller.abort()
  await machine.run(30_000)
  for (const one of behind) given(one)
})

test('who leaves a pause that nobody else waits for leaves no timer behind', async () => {
  const { machine, rateLimiter } = opened()
  now(rateLimiter).done(head(machine, limits(machine, 100, 0), 429))
  const controller = new AbortController()
  const gone = later(rateLimiter, { signal: controller.signal, until: machine.now() + 30_000 })
  assert.equal(machine.timers, 2)
  controller.abort()
  await machine.run(0)
  assert.equal(refused(gone).refused, 'aborted')
  assert.equal(machine.timers, 0)
})

test('a deadline that cannot be met is told at once, with the time that it would take', async () => {
  const { machine, rateLimiter } = opened()
  now(rateLimiter).done(head(machine, limits(machine, 100, 0), 429))
  const hurried = later(rateLimiter, { signal: undefined, until: machine.now() + 5_000 })
  await machine.run(0)
  const { refused: why, waitMs } = refused(hurried)
  assert.equal(why, 'deadline')
  assert.ok(waitMs > 7_000 && waitMs < 9_000, `${waitMs} ms`)
  const patient = later(rateLimiter, { signal: undefined, until: machine.now() + waitMs + 500 })
  await machine.run(waitMs + 500)
  given(patient)
})

test('a deadline behind a long queue is told at once, and one that comes while waiting when it comes', async () => {
  const { machine, rateLimiter } = opened()
  const first = now(rateLimiter)
  const unforeseen = later(rateLimiter, { signal: undefined, until: 300 })
  await machine.run(299)
  assert.equal(unforeseen.result, null)
  await machine.run(1)
  assert.equal(refused(unforeseen).refused, 'deadline')
  const bulk = {}
  for (let each = 0; each < 500; each++) later(rateLimiter, forEver, bulk)
  first.done(head(machine, limits(machine, 100, 99)))
  await machine.run(0)
  const last = later(rateLimiter, { signal: undefined, until: machine.now() + 20_000 }, bulk)
  later(rateLimiter, { signal: undefined, until: machine.now() + 20_000 })
  await machine.run(0)
  assert.ok(refused(last).waitMs > 35_000 && refused(last).waitMs < 60_000, `${refused(last).waitMs} ms`)
})

test('after a 429 nothing leaves before the window ends, and 429s of the same moment count as one', async () => {
  const { machine, rateLimiter } = opened()
  now(rateLimiter).done(head(machine))
  const permits = Array.from({ length: 20 }, () => now(rateLimiter))
  for (const permit of permits) permit.done(head(machine, limits(machine, 100, 0, 8), 429))
  const next = later(rateLimiter)
  await machine.run(7_700)
  assert.equal(next.result, null)
  await machine.run(600)
  given(next)
})

test('a 429 also ends what was leased before', async () => {
  const machine = new FakeMachine()
  const state = newBudgetState()
  const rateLimiter = createRateLimiter({ shared: true, change: (change) => change(state) }, machine)
  now(rateLimiter).done(head(machine, limits(machine, 1667, 1600)))
  const given: Permit[] = []
  for (let each = 0; each < 60; each++) {
    void Promise.resolve(rateLimiter.acquire({}, forEver)).then((permit) => {
      if ('done' in permit) given.push(permit)
    })
  }
  while (given.length < 27) await machine.run(1)
  given[0]?.done(head(machine, limits(machine, 1667, 0), 429))
  const before = given.length
  await machine.run(1_000)
  assert.equal(given.length, before)
})

test('Retry-After is heeded, and a 429 without any header costs a second', async () => {
  for (const [headers, from, to] of [
    [{ 'retry-after': '3' }, 2_900, 3_400],
    [{}, 900, 1_400],
    [{ 'x-ratelimit-reset': '99999999999' }, 900, 1_400],
  ] as const) {
    const { machine, rateLimiter } = opened()
    now(rateLimiter).done(head(machine, headers, 429))
    const next = later(rateLimiter)
    await machine.run(from)
    assert.equal(next.result, null, JSON.stringify(headers))
    await machine.run(to - from)
    given(next)
  }
})

test('a 429 that comes again after each pause makes the pauses longer, up to a minute, and a success ends that', async () => {
  const { machine, rateLimiter } = opened()
  now(rateLimiter).done(head(machine, {}, 429))
  const pauses: number[] = []
  const refuse = async (status: number) => {
    const from = machine.now()
    const next = later(rateLimiter)
    while (next.result === null) await machine.run(50)
    pauses.push(machine.now() - from)
    given(next).done(head(machine, {}, status))
  }
  for (let each = 0; each < 8; each++) await refuse(429)
  for (const [index, pause] of pauses.slice(1, 5).entries()) assert.ok(pause > (pauses[index] ?? 0) * 1.3)
  assert.ok(Math.max(...pauses) <= 60_100, String(pauses))
  await refuse(200)
  now(rateLimiter).done(head(machine, {}, 429))
  await refuse(200)
  assert.ok((pauses.at(-1) ?? 0) < 1_500, String(pauses))
})

for (const [what, headers] of [
  ['absent', {}],
  ['a Reset a day ahead', { 'x-ratelimit-reset': '1700086400' }],
  ['a Reset a day past', { 'x-ratelimit-reset': '1699913600' }],
  ['a Remaining above the Limit', { 'x-ratelimit-remaining': '5000' }],
  ['a Limit of nothing', { 'x-ratelimit-limit': '0', 'x-ratelimit-remaining': '0' }],
  ['a Limit of ten million', { 'x-ratelimit-limit': '10000000' }],
  ['not numbers', { 'x-ratelimit-limit': '1e3', 'x-ratelimit-reset': '-1' }],
  ['sent twice', { 'x-ratelimit-limit': '1667, 1667' }],
] as const) {
  test(`rate headers that are ${what} tell nothing, and the pace is kept`, async () => {
    const { machine, rateLimiter } = opened()
    const intercom = new CountingIntercom(machine)
    const caller = {}
    for (let loop = 0; loop < 80; loop++) {
      void (async () => {
        for (;;) await intercom.call(rateLimiter, caller)
      })()
    }
    await machine.run(12_000)
    const odd = Object.keys(headers).length === 0 ? {} : { ...limits(machine, 1667, 800), ...headers }
    const spoilt: (object | null)[] = []
    for (let each = 0; each < 20; each++) {
      void Promise.resolve(rateLimiter.acquire({}, forEver)).then((permit) => {
        if ('done' in permit) spoilt.push(permit.done(head(machine, odd)))
      })
    }
    await machine.run(30_000)
    assert.deepEqual(spoilt, new Array(20).fill(null))
    assert.ok(intercom.full.every(({ calls, refused: told }) => told === 0 && calls > 1_600))
  })
}

test('answers that lost their rate headers for good do not stop the calls', async () => {
  const { machine, rateLimiter } = opened()
  let silent = false
  const done = { count: 0 }
  const loop = async () => {
    for (;;) {
      const permit = await rateLimiter.acquire({}, forEver)
      if (!('done' in permit)) return
      await new Promise<void>((resolve) => machine.after(5, resolve))
      permit.done(head(machine, silent ? {} : limits(machine, 100, 40)))
      done.count += 1
    }
  }
  for (let each = 0; each < 10; each++) void loop()
  await machine.run(25_000)
  silent = true
  await machine.run(20_000)
  const before = done.count
  await machine.run(10_000)
  assert.ok(done.count - before >= 90, `${done.count - before} calls in ten seconds`)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CountingIntercom } from '../../../test/support/counting-intercom.ts'
import { FakeMachine } from '../../../test/support/fake-machine.ts'
import { serverClock } from '../server-clock.ts'
import { type LeaseRequest, type LeaseResponse, type PermitSource, sourceBudget } from './budget.ts'
import { grant, type PermitState } from './grant.ts'
import { createRateLimiter } from './rate-limiter.ts'

/** Somebody far away who makes one grant at a time and keeps the state as JSON. */
class Far implements PermitSource {
  readonly leases: LeaseResponse[] = []
  down = false
  #state: string | undefined
  readonly #machine: FakeMachine

  constructor(machine: FakeMachine) {
    this.#machine = machine
  }

  async lease(request: LeaseRequest): Promise<LeaseResponse> {
    const asked = JSON.stringify(request)
    await this.#pass()
    if (this.down) throw new Error('gone')
    const before = this.#state === undefined ? null : (JSON.parse(this.#state) as PermitState)
    const { state, leased } = grant(before, JSON.parse(asked), 0.9)
    this.#state = JSON.stringify(state)
    this.leases.push(leased)
    await this.#pass()
    return JSON.parse(JSON.stringify(leased))
  }

  #pass(): Promise<void> {
    return new Promise((resolve) => this.#machine.after(8, resolve))
  }
}

function saturate(intercom: CountingIntercom, source: PermitSource, machine: FakeMachine, loops: number) {
  const rateLimiter = createRateLimiter(source, machine)
  const caller = {}
  const loop = async () => {
    for (;;) await intercom.call(rateLimiter, caller)
  }
  for (let each = 0; each < loops; each++) void loop()
}

const reset = 'ahead'
for (const workers of [1, 4]) {
  test(`machines that lease from one source use about 90 % of every window and are never refused: ${workers}`, async () => {
    const machine = new FakeMachine()
    const intercom = new CountingIntercom(machine, { latency: 20, reset, skew: 400 })
    const far = new Far(machine)
    for (let each = 0; each < workers; each++) saturate(intercom, far, machine, 64)
    await machine.run(65_000)
    for (const { calls, refused } of intercom.full) {
      assert.equal(refused, 0)
      assert.ok(calls / 1667 > 0.88 && calls / 1667 < 0.91, `${calls} calls in a window`)
    }
    assert.ok(intercom.full.length >= 4)
    const blocks = far.leases.flatMap(({ lease }) => (lease && 'count' in lease ? [lease.count] : []))
    const usual = blocks.toSorted((a, b) => a - b)[Math.floor(blocks.length / 2)] ?? 0
    assert.ok(usual >= 20 && usual <= 50, `${usual} permits in the usual block`)
  })
}

test('what others use of the budget is left to them', async () => {
  const machine = new FakeMachine()
  const intercom = new CountingIntercom(machine, { latency: 20, others: (_, ms) => (ms / 10_000) * 800 })
  const far = new Far(machine)
  for (let each = 0; each < 2; each++) saturate(intercom, far, machine, 64)
  await machine.run(65_000)
  for (const { calls, refused } of intercom.full) {
    assert.equal(refused, 0)
    assert.ok(calls > 500 && calls + 800 <= 1667, `${calls} calls beside 800 of others`)
  }
})

test('a machine that gets no answer limits its own rate only, says so once, and asks again later', async (t) => {
  const machine = new FakeMachine()
  const intercom = new CountingIntercom(machine, { latency: 20 })
  const far = new Far(machine)
  const warn = t.mock.method(process, 'emitWarning', () => {})
  saturate(intercom, far, machine, 64)
  await machine.run(15_000)
  far.down = true
  await machine.run(30_000)
  far.down = false
  const before = far.leases.length
  await machine.run(20_000)
  assert.ok(far.leases.length > before + 50)
  assert.equal(warn.mock.callCount(), 1)
  for (const { calls, refused } of intercom.full) {
    assert.equal(refused, 0)
    assert.ok(calls > 1300, `${calls} calls in a window`)
  }
})

test('what is told while a question fails goes with the next one', async (t) => {
  t.mock.method(process, 'emitWarning', () => {})
  const machine = new FakeMachine()
  const asked: number[][] = []
  let answer = Promise.withResolvers<never>()
  const source: PermitSource = {
    lease({ reports }) {
      asked.push(reports.map(({ number }) => number))
      return answer.promise
    },
  }
  const clock = serverClock(() => machine.wall())
  const budget = sourceBudget(source, clock, machine)
  const report = (number: number) => ({
    rate: null,
    number,
    end: 0,
    sentAt: 0,
    headAt: 0,
    pauses: 0,
    refused: null,
  })
  const first = budget.ask({ reports: [report(1)], now: 0, count: 1 })
  budget.tell([report(2)])
  answer.reject(new Error('gone'))
  await first
  answer = Promise.withResolvers<never>()
  await machine.run(6000)
  void budget.ask({ reports: [report(3)], now: 0, count: 1 })
  assert.deepEqual(asked, [[1], [1, 2, 3]])
})

test('a source that is silent is waited for three seconds, not for ever', async (t) => {
  const machine = new FakeMachine()
  const intercom = new CountingIntercom(machine)
  t.mock.method(process, 'emitWarning', () => {})
  saturate(intercom, { lease: () => new Promise(() => {}) }, machine, 64)
  await machine.run(25_000)
  assert.ok(intercom.full.some(({ calls }) => calls > 500))
})

test('a grant changes nothing of the state it is made on', () => {
  const rate = { limit: 1667, remaining: 1600, reset: 1_700_000_010 }
  const at = 1_700_000_001_000
  const report = { rate, number: 0, end: 0, sentAt: at - 5, headAt: at, pauses: 0, refused: null }
  const { state } = grant(null, { reports: [report], at, count: 1 }, 0.9)
  const before = JSON.stringify(state)
  grant(state, { reports: [report], at: at + 500, count: 40 }, 0.9)
  assert.equal(JSON.stringify(state), before)
  assert.equal(state.limit, Math.floor((1667 * 0.9) / 0.99))
})

test('a source that fails once more after it has answered is warned of once more', async (t) => {
  const warn = t.mock.method(process, 'emitWarning', () => {})
  const machine = new FakeMachine()
  let down = true
  let asked = 0
  const source: PermitSource = {
    async lease() {
      asked += 1
      if (down) throw new Error('gone')
      return { lease: null, pauses: 0 }
    },
  }
  const budget = sourceBudget(
    source,
    serverClock(() => machine.wall()),
    machine,
  )
  const ask = async (isDown: boolean) => {
    down = isDown
    await budget.ask({ reports: [], now: machine.now(), count: 1 })
    return [asked, warn.mock.callCount()]
  }
  assert.deepEqual(await ask(true), [1, 1])
  assert.deepEqual(await ask(false), [1, 1], 'alone for five seconds')
  await machine.run(5_001)
  assert.deepEqual(await ask(true), [2, 1], 'one outage is told once')
  await machine.run(5_001)
  assert.deepEqual(await ask(false), [3, 1])
  assert.deepEqual(await ask(true), [4, 2])
})

test('a source that is silent is given up after three seconds', async (t) => {
  t.mock.method(process, 'emitWarning', () => {})
  const machine = new FakeMachine()
  const clock = serverClock(() => machine.wall())
  const budget = sourceBudget({ lease: () => new Promise(() => {}) }, clock, machine)
  let answered = false
  void Promise.resolve(budget.ask({ reports: [], now: 0, count: 1 })).then(() => {
    answered = true
  })
  await machine.run(2_999)
  assert.equal(answered, false)
  await machine.run(1)
  assert.equal(answered, true)
  assert.equal(machine.timers, 0)
})

test('the smallest share of a small limit is one call, not none', () => {
  const rate = { limit: 3, remaining: 3, reset: 1_700_000_010 }
  const at = 1_700_000_001_000
  const report = { rate, number: 0, end: 0, sentAt: at - 5, headAt: at, pauses: 0, refused: null }
  assert.equal(grant(null, { reports: [report], at, count: 1 }, 0.1).state.limit, 1)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Counting, CountingIntercom } from '../../../test/support/counting-intercom.ts'
import { FakeMachine } from '../../../test/support/fake-machine.ts'
import { memoryStore, newBudgetState, type RateLimitStore } from './budget-state.ts'
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts'

/** A store like a file's: every change is made on a copy that went through JSON. */
function sharedStore(): RateLimitStore {
  let kept = JSON.stringify(newBudgetState())
  return {
    shared: true,
    change(change) {
      const state = JSON.parse(kept)
      const result = change(state)
      kept = JSON.stringify(state)
      return result
    },
  }
}

/** Loops that call as fast as they are let. */
function saturate(intercom: CountingIntercom, rateLimiter: RateLimiter, loops: number): void {
  const caller = {}
  const loop = async () => {
    for (;;) await intercom.call(rateLimiter, caller)
  }
  for (let each = 0; each < loops; each++) void loop()
}

function leastUse({ full }: CountingIntercom, limit = 1667): number {
  assert.ok(full.length >= 3, 'too few windows')
  return Math.min(...full.map(({ calls, refused }) => (calls - refused) / limit))
}

function refusals({ windows }: CountingIntercom): number {
  return [...windows.values()].reduce((sum, { refused }) => sum + refused, 0)
}

/** From 1 to 120 ms, in no order, the same in every run. */
function uneven(): () => number {
  let state = 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return 1 + (state / 2_147_483_647) ** 3 * 119
  }
}

const settings: [string, Partial<Counting>][] = [
  ['Reset is the window end', {}],
  ['Reset is 6 to 16 s ahead', { reset: 'ahead', phase: 7 }],
  ['its clock is 30 s ahead', { skew: 30_000, reset: 'ahead' }],
  ['its clock is 30 s behind', { skew: -30_000 }],
  ['its clock is half a second ahead', { skew: 500, phase: 0 }],
  ['answers take 200 ms', { latency: 100 }],
  ['answers take 2 to 240 ms, in no order', { latency: uneven() }],
  ['the limit is 2,500', { limit: 2_500, latency: 20 }],
]
for (const [name, counting] of settings) {
  test(`a saturating job uses 98 % of every full window and is never refused: ${name}`, async () => {
    const machine = new FakeMachine()
    const intercom = new CountingIntercom(machine, counting)
    saturate(intercom, createRateLimiter(memoryStore(), machine), 80)
    await machine.run(45_000)
    assert.equal(refusals(intercom), 0)
    assert.ok(leastUse(intercom, counting.limit) >= 0.98, `least ${leastUse(intercom, counting.limit)}`)
  })
}

test('four processes with one store use 98 % of every full window and are never refused', async () => {
  const machine = new FakeMachine()
  const intercom = new CountingIntercom(machine, { skew: -30_000, reset: 'ahead' })
  const store = sharedStore()
  for (let each = 0; each < 4; each++) saturate(intercom, createRateLimiter(store, machine), 16)
  await machine.run(45_000)
  assert.equal(refusals(intercom), 0)
  assert.ok(leastUse(intercom) >= 0.98, `least ${leastUse(intercom)}`)
})

test('a process that joins a shared budget knows the clock of the others before its first answer', async () => {
  const machine = new FakeMachine()
  const intercom = new CountingIntercom(machine, { skew: 30_000 })
  const store = sharedStore()
  saturate(intercom, createRateLimiter(store, machine), 16)
  await machine.run(13_000)
  const joined = createRateLimiter(store, machine)
  saturate(intercom, joined, 16)
  assert.ok(Math.abs(joined.clock.at(machine.now()) - machine.wall() - 30_000) < 50)
  await machine.run(40_000)
  assert.equal(refusals(intercom), 0)
})

test('windows that end later than the clock says cost a part of the first one, not every second one', async () => {
  for (const dateAhead of [60, 150]) {
    const machine = new FakeMachine()
    const intercom = new CountingIntercom(machine, { dateAhead })
    saturate(intercom, createRateLimiter(memoryStore(), machine), 80)
    await machine.run(55_000)
    assert.ok(leastUse(intercom) >= 0.96, `least ${leastUse(intercom)}`)
    assert.equal(refusals(intercom), 0)
  }
})

test('knowing the clock together does not make it wrong, though the machine tells whole milliseconds', async () => {
  const machine = new FakeMachine()
  const latency = uneven()
  const intercom = new CountingIntercom(machine, { latency: () => 1 + latency() / 40 })
  const rateLimiter = createRateLimiter(sharedStore(), machine)
  saturate(intercom, rateLimiter, 64)
  for (let second = 0; second < 65; second++) {
    await machine.run(1_000)
    const ahead = rateLimiter.clock.at(machine.now()) - machine.exact()
    assert.ok(second < 3 || Math.abs(ahead) < 20, `${ahead} ms ahead after ${second} s`)
  }
  assert.equal(refusals(intercom), 0)
  assert.ok(leastUse(intercom) >= 0.98, `least ${leastUse(intercom)}`)
})

for (const ahead of [-90_000, 500, 6_000, 90_000]) {
  test(`a process that joins a shared budget on a machine ${ahead} ms ahead neither waits nor disturbs`, async () => {
    const machine = new FakeMachine()
    machine.ahead = ahead
    const intercom = new CountingIntercom(machine)
    const store = sharedStore()
    saturate(intercom, createRateLimiter(store, machine), 16)
    await machine.run(26_000)
    const joined = createRateLimiter(store, machine)
    let waited: number | undefined
    void intercom.call(joined, {}).then((found) => {
      waited = found?.ms ?? 0
    })
    await machine.run(500)
    assert.ok(waited !== undefined, 'still waiting')
    saturate(intercom, joined, 16)
    await machine.run(40_000)
    assert.equal(refusals(intercom), 0)
    assert.ok(leastUse(intercom) >= 0.98, `least ${leastUse(intercom)}`)
  })
}

for (const back of [5_000, 30_000, 3_600_000]) {
  test(`a machine's clock that is set back by ${back} ms stops nobody who shares a budget`, async () => {
    const machine = new FakeMachine()
    machine.ahead = back
    const intercom = new CountingIntercom(machine)
    const store = sharedStore()
    saturate(intercom, createRateLimiter(store, machine), 16)
    await machine.run(26_000)
    machine.ahead = 0
    await machine.run(30_000)
    saturate(intercom, createRateLimiter(store, machine), 16)
    await machine.run(40_000)
    assert.equal(refusals(intercom), 0)
    assert.ok(leastUse(intercom) >= 0.97, `least ${leastUse(intercom)}`)
  })

  test(`a machine's clock that was ${back} ms ahead in an earlier run keeps no later one waiting`, async () => {
    const machine = new FakeMachine()
    machine.ahead = back
    const store = sharedStore()
    const before = new CountingIntercom(machine)
    for (let call = 0; call < 50; call++) void before.call(createRateLimiter(store, machine), {})
    await machine.run(15_000)
    machine.ahead = 0
    const intercom = new CountingIntercom(machine)
    saturate(intercom, createRateLimiter(store, machine), 32)
    await machine.run(45_000)
    assert.equal(refusals(intercom), 0)
    assert.ok(leastUse(intercom) >= 0.97, `least ${leastUse(intercom)}`)
  })
}

test('a store that answers later paces as well, and one that fails lets calls go', async () => {
  const machine = new FakeMachine()
  const intercom = new CountingIntercom(machine)
  const state = newBudgetState()
  const later: RateLimitStore = {
    shared: true,
    change: (change) =>
      new Promise((resolve) => {
        machine.after(8, () => resolve(change(state)))
      }),
  }
  saturate(intercom, createRateLimiter(later, machine), 40)
  await machine.run(50_000)
  assert.equal(refusals(intercom), 0)
  assert.ok(leastUse(intercom) >= 0.98, `least ${leastUse(intercom)}`)
  const broken: RateLimitStore = { shared: true, change: () => Promise.reject(new Error('gone')) }
  const other = new CountingIntercom(machine)
  saturate(other, createRateLimiter(broken, machine), 40)
  await machine.run(1_000)
  assert.ok([...other.windows.values()].some(({ calls }) => calls > 100))
})

test('timers that come late cost no allowance', async () => {
  const machine = new FakeMachine()
  machine.late = 15
  const intercom = new CountingIntercom(machine)
  saturate(intercom, createRateLimiter(memoryStore(), machine), 80)
  await machine.run(50_000)
  assert.equal(refusals(intercom), 0)
  assert.ok(leastUse(intercom) >= 0.98, `least ${leastUse(intercom)}`)
})

test('who was idle for most of a window may use the rest of it faster', async () => {
  const machine = new FakeMachine()
  machine.epoch = 1_700_000_004_000
  const intercom = new CountingIntercom(machine)
  const rateLimiter = createRateLimiter(memoryStore(), machine)
  void intercom.call(rateLimiter, {})
  await machine.run(17_000)
  saturate(intercom, rateLimiter, 80)
  await machine.run(3_500)
  const [, second] = [...intercom.windows.values()]
  assert.ok(second !== undefined && second.calls > 1_500, `${second?.calls} calls`)
  assert.equal(refusals(intercom), 0)
})

test('traffic of others is left its part: under 0.5 % of our calls are refused', async () => {
  const machine = new FakeMachine()
  // A third of the windows little, a third half, a third nearly all, in bursts of a second and a half.
  const others = (window: number, ms: number) =>
    Math.floor((([200, 830, 1500][window % 3] ?? 0) * Math.min(7, Math.ceil(ms / 1_500))) / 7)
  const intercom = new CountingIntercom(machine, { others })
  saturate(intercom, createRateLimiter(memoryStore(), machine), 80)
  await machine.run(120_000)
  const calls = [...intercom.windows.values()].reduce((sum, window) => sum + window.calls, 0)
  assert.ok(calls > 6_000, `${calls} calls`)
  assert.ok(refusals(intercom) < calls * 0.005, `${refusals(intercom)} of ${calls} refused`)
})

test('a clock that is set while calls are made costs a few windows at most, and never more than the limit', async () => {
  const machine = new FakeMachine()
  const intercom = new CountingIntercom(machine)
  saturate(intercom, createRateLimiter(memoryStore(), machine), 80)
  await machine.run(25_000)
  machine.epoch += 3_600_000
  await machine.run(25_000)
  machine.epoch -= 7_203_000
  await machine.run(45_000)
  assert.equal(refusals(intercom), 0)
  assert.ok(leastUse({ full: intercom.full.slice(-4) } as CountingIntercom) >= 0.98)
})

test('a bulk job delays a single call of another client by less than a second', async () => {
  const machine = new FakeMachine()
  const intercom = new CountingIntercom(machine)
  const rateLimiter = createRateLimiter(memoryStore(), machine)
  saturate(intercom, rateLimiter, 2_000)
  await machine.run(12_345)
  const waits: number[] = []
  for (let each = 0; each < 100; each++) {
    void intercom.call(rateLimiter, {}).then((waited) => waits.push(waited?.ms ?? 0))
    await machine.run(371)
  }
  assert.ok(waits.length >= 99 && Math.max(...waits) < 1_000, `${waits.length}, ${Math.max(...waits)} ms`)
})

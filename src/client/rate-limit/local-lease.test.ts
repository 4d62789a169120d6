import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeMachine } from '../../../test/support/fake-machine.ts'
import { serverClock } from '../server-clock.ts'
import type { Budget, LeaseResponse } from './budget.ts'
import { openLocalLease } from './local-lease.ts'

/** LocalLease of a shared budget that gives ten, 10 ms apart from the asking on; `at` is a time of Intercom's clock. */
function leased() {
  const machine = new FakeMachine()
  const clock = serverClock(() => machine.wall() - machine.now())
  const asked: number[] = []
  const at = () => clock.at(machine.now())
  const budget: Budget = {
    shared: true,
    maxReports: 4,
    ask({ count }): LeaseResponse {
      asked.push(count)
      const granted = { count: 10, first: at(), interval: 10, number: asked.length * 100, end: at() + 8000 }
      return { lease: { ...granted, left: 50, usual: 6 }, pauses: 0 }
    },
    tell: () => {},
  }
  const lease = openLocalLease(budget, clock, machine, () => {})
  const take = () => {
    const permit = lease.take(machine.now(), 0)
    return typeof permit === 'string' ? permit : permit.number
  }
  return { machine, lease, take, asked, at }
}

test('permits of a lease are due one after another, and asked for again when all are used', async () => {
  const { machine, lease, take, asked, at } = leased()
  assert.deepEqual([take(), take()], [100, 'rate_limit'])
  assert.equal(lease.nextAt(), at() + 10)
  for (let number = 101; number < 110; number++) {
    await machine.run(10)
    assert.equal(take(), number)
  }
  assert.equal(asked.length, 1)
  assert.equal(take(), 200)
})

test('a permit not used half a second after it was due is given up', async () => {
  for (const [late, number] of [
    [100 + 499, 101],
    [100 + 501, 200],
  ] as const) {
    const { machine, take } = leased()
    assert.equal(take(), 100)
    await machine.run(late)
    assert.equal(take(), number, `${late} ms`)
  }
})

test('how long somebody would wait counts the permits that are left, then the next window', () => {
  const { machine, lease, take } = leased()
  assert.equal(lease.estimateWaitMs(machine.now(), 1), 0)
  take()
  const foreseen = [1, 2, 59, 60, 61].map((place) => Math.round(lease.estimateWaitMs(machine.now(), place)))
  assert.deepEqual(foreseen, [10, 20, 590, 8000, 8006])
})

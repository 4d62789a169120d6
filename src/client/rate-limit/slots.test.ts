import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeMachine } from '../../../test/support/fake-machine.ts'
import { serverClock } from '../server-clock.ts'
import type { Budget, Leased } from './budget.ts'
import { openSlots } from './slots.ts'

/** Slots of a shared budget that gives ten, 10 ms apart from the asking on; `at` is a time of Intercom's clock. */
function leased() {
  const machine = new FakeMachine()
  const clock = serverClock(() => machine.wall() - machine.now())
  const asked: number[] = []
  const at = () => clock.at(machine.now())
  const budget: Budget = {
    shared: true,
    mostReports: 4,
    ask({ count }): Leased {
      asked.push(count)
      const lease = { count: 10, first: at(), interval: 10, number: asked.length * 100, end: at() + 8000 }
      return { slots: { ...lease, left: 50, usual: 6 }, pauses: 0 }
    },
    tell: () => {},
  }
  const slots = openSlots(budget, clock, machine, () => {})
  const take = () => {
    const slot = slots.take(machine.now(), 0)
    return typeof slot === 'string' ? slot : slot.number
  }
  return { machine, slots, take, asked, at }
}

test('slots of a lease are due one after another, and asked for again when all are used', async () => {
  const { machine, slots, take, asked, at } = leased()
  assert.deepEqual([take(), take()], [100, 'rate_limit'])
  assert.equal(slots.due(), at() + 10)
  for (let number = 101; number < 110; number++) {
    await machine.run(10)
    assert.equal(take(), number)
  }
  assert.equal(asked.length, 1)
  assert.equal(take(), 200)
})

test('a slot not used half a second after it was due is given up', async () => {
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

test('how long somebody would wait counts the slots that are left, then the next window', () => {
  const { machine, slots, take } = leased()
  assert.equal(slots.foresee(machine.now(), 1), 0)
  take()
  const foreseen = [1, 2, 59, 60, 61].map((place) => Math.round(slots.foresee(machine.now(), place)))
  assert.deepEqual(foreseen, [10, 20, 590, 8000, 8006])
})

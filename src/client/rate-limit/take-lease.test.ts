import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applyReport } from './apply-report.ts'
import { type BudgetState, type Lease, newBudgetState, type Report } from './budget-state.ts'
import { endWindow } from './foreign-traffic.ts'
import { takeLease } from './take-lease.ts'

const start = 1_700_000_000_000
const end = start + 10_000

/** A schedule whose window begins at `start`, after one that was used up. */
function fresh(limit = 1667): BudgetState {
  const full = { limit, end: start, used: limit, whole: true, seenAt: start - 500, answers: 1 }
  return { ...newBudgetState(), ...full }
}

function lease(state: BudgetState, now: number, count = 1): Lease {
  const reserved = takeLease(state, now, count)
  assert.ok(reserved !== null && 'count' in reserved, 'there is nothing to lease')
  return reserved
}

/** What an answer says that saw so many calls of others. */
function report(state: BudgetState, number: number, at: number, others: number): Report {
  const remaining = Math.max(0, state.limit - number - others)
  const rate = { limit: state.limit, remaining, reset: end / 1000 }
  return { rate, number, end, sentAt: at, headAt: at + 5, pauses: 0, refused: null }
}

/** When calls leave that are made as fast as they are let, up to a time. */
function saturated(state: BudgetState, from: number, to: number): number[] {
  const times: number[] = []
  for (let now = from; now < to; ) {
    const reserved = takeLease(state, now, 1)
    assert.ok(reserved !== null)
    if ('until' in reserved) return times
    now = Math.max(now, reserved.first)
    times.push(now)
  }
  return times
}

test('a saturated window is used evenly, not before its first instant, and up by 150 ms before its end', () => {
  const times = saturated(fresh(), start, end)
  assert.equal(times.length, 1650)
  assert.ok((times[0] ?? 0) >= start + 20)
  assert.ok((times.at(-1) ?? 0) <= end - 150, `${end - (times.at(-1) ?? 0)} ms before the end`)
  const half = times.filter((time) => time < start + 5_000).length
  assert.ok(half > 800 && half < 880, `${half} in the first half`)
})

test('after a window that was not full a few calls leave at once', () => {
  const state = fresh()
  state.used = 100
  const times = saturated(state, start, start + 5)
  assert.ok(times.length > 10 && times.length < 25, `${times.length} at once`)
})

test('a clock that is made exact and goes back a little does not begin the window again', () => {
  const state = fresh()
  lease(state, start + 10)
  state.used = 1000
  lease(state, start - 20)
  assert.equal(state.used, 1001)
  lease(state, start + 20)
  assert.equal(state.used, 1002)
})

test('a lease covers what is asked for, within 50 ms of calls', () => {
  const state = fresh()
  assert.equal(lease(state, start + 1_000, 3).count, 3)
  const most = lease(state, start + 1_000, 1_000)
  assert.ok(most.count >= 5 && most.count <= 9, `${most.count}`)
  assert.equal(most.number, 4)
})

test('answers that overtake each other are not taken for calls of others', () => {
  const state = fresh()
  saturated(state, start, start + 3_000)
  const before = lease(state, start + 3_000)
  for (let each = 0; each < 40; each++) {
    const number = before.number - 50 + each
    applyReport(state, report(state, number, start + 3_000 + each * 6, each % 4 === 0 ? 0 : 25))
  }
  const after = lease(state, start + 3_250)
  assert.ok(after.left > before.left - 5, `${before.left} left, then ${after.left}`)
})

test('calls of others are left out of the budget at once, and what they will still take as well', () => {
  const state = fresh()
  saturated(state, start, start + 4_000)
  for (let each = 0; each < 20; each++) {
    const at = start + 3_700 + each * 15
    applyReport(state, report(state, state.used - 20 + each, at, 400))
  }
  const { left } = lease(state, start + 4_010)
  assert.ok(left < 1650 - state.used - 400 - 200, `${left} left`)
})

test('whoever told of the calls of others and tells no more does not slow us down for ever', () => {
  const state = { ...fresh(), rate: 0.1, answers: 0, used: 50 }
  endWindow(state)
  assert.equal(state.rate, -1)
})

test('every limit from one on leaves something to use, and is never exceeded', () => {
  for (const limit of [1, 2, 3, 5, 10, 17, 100, 167, 5_000, 1_000_000]) {
    const count = saturated(fresh(limit), start, end).length
    assert.ok(count >= 1 && count <= limit, `${count} of ${limit}`)
    assert.ok(limit < 100 || limit > 5_000 || count >= limit * 0.98, `${count} of ${limit}`)
  }
})

test('leases follow each other: none takes the time, the numbers or the calls of another', () => {
  const state = fresh()
  const [one, next] = [lease(state, start + 1000, 5), lease(state, start + 1000, 5)]
  assert.deepEqual([one.count, next.count, next.number - one.number], [5, 5, 5])
  assert.ok(Math.abs(next.first - (one.first + 5 * one.interval)) < 0.01, `${next.first - one.first} ms`)
  assert.equal(Math.round(one.left - next.left), 5)
  const untouched = lease(fresh(), start + 1000)
  assert.equal(Math.round(untouched.left - one.left), 4, 'what a lease took is not left')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { retryBudget } from './retry-decision.ts'

test('fifty repetitions at once, then one for every ten successes, and never more than fifty', () => {
  const budget = retryBudget()
  const taken = () => {
    let count = 0
    while (budget.take()) count += 1
    return count
  }
  assert.equal(taken(), 50)
  for (let each = 0; each < 9; each++) budget.success()
  assert.equal(taken(), 0)
  budget.success()
  assert.equal(taken(), 1)
  for (let each = 0; each < 10_000; each++) budget.success()
  assert.equal(taken(), 50)
})

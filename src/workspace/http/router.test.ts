import assert from 'node:assert/strict'
import { test } from 'node:test'
import { routes } from '../routes/all.ts'
import { operations } from './operations.ts'
import { buildRouter } from './router.ts'

test('a route is named as in the description, which logs and change records show', () => {
  const find = buildRouter(routes)
  for (const operation of operations) {
    const [method = '', path = ''] = operation.split(' ')
    assert.equal(find(method, path.replaceAll(/[{}]/g, '')).route.operation, operation)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compactOutput } from '../../src/tools/compact/format.ts'

const planned = (body: object) => ({
  success: true as const,
  error: null,
  action_type: null,
  contact: { dry_run: true, method: 'PUT', path: '/contacts/7', body },
})

test('the plan of a dry run shows what it would empty, and all that it would send', () => {
  const body = {
    email: 'ada@example.com',
    name: null,
    external_id: '',
    type: 'admin',
    created_at: 1_732_871_000,
    custom_attributes: { plan: null, seats: 3 },
  }
  const { structured, text } = compactOutput(planned(body))
  assert.deepEqual(structured['contact'], planned(body).contact)
  assert.match(
    text,
    /^body: email ada@example\.com, name null, external_id "", type admin, created_at 1732871000, custom_attributes \(plan null, seats 3\)$/m,
  )
})

test('long texts of a plan are cut, and a plan that is too long is compacted as anything else', () => {
  const { structured } = compactOutput(planned({ body: 'x'.repeat(5000), name: null }))
  const { body } = structured['contact'] as { body: Record<string, unknown> }
  assert.equal(body['body'], `${'x'.repeat(300)}… (5000 characters)`)
  assert.equal(body['name'], null)
  const many = Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`a${n}`, n]))
  assert.ok(compactOutput(planned(many)).text.length < 20_000)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkHistory, openWorld, type Step, writes } from '../../../test/support/random-history.ts'

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ what: fc.constantFrom(...Object.keys(writes)), a: fc.nat(4), b: fc.nat(4) }),
  { maxLength: 30, size: 'max' },
)

test('whatever is written can be taken back to the byte, done again by its entries, and the taking back undone', () => {
  fc.assert(fc.property(steps, fc.nat(30), checkHistory), { numRuns: 40, seed: 20_261_129 })
})

test('the random writes reach what requests can write', () => {
  const written = new Set<string>()
  for (const what of Object.keys(writes)) {
    const { store, does } = openWorld()
    store.history.start()
    for (const a of [0, 1, 2]) for (const b of [0, 1, 2]) does({ what, a, b })
    for (const { tbl } of store.db.all<{ tbl: string }>('SELECT DISTINCT tbl FROM history')) written.add(tbl)
    store.db.close()
  }
  const wanted = [
    ...['activity_logs', 'admins', 'companies', 'company_plans', 'contact_attributes', 'contact_companies'],
    ...['contact_tags', 'contacts', 'conversation_contacts', 'conversation_parts', 'conversation_tags'],
    ...[
      'conversation_teammates',
      'conversations',
      'data_attributes',
      'event_summaries',
      'events',
      'messages',
    ],
    ...['notes', 'tags', 'tickets'],
  ]
  assert.deepEqual(
    wanted.filter((table) => !written.has(table)),
    [],
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkHistory, openWorld, type Step, writes } from '../../../test/support/random-history.ts'
import { TimeMachine } from './time-machine.ts'

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ what: fc.constantFrom(...Object.keys(writes)), a: fc.nat(4), b: fc.nat(4) }),
  { maxLength: 30, size: 'max' },
)

test('whatever is written can be taken back to the byte, done again by its entries, and the taking back undone', () => {
  fc.assert(fc.property(steps, fc.nat(30), checkHistory), { numRuns: 12, seed: 20_261_129 }) // more: npm run campaign:fuzz
})

test('the random writes reach what requests can write, each of them something', () => {
  const { store, does, known } = openWorld()
  store.history.start()
  const time = new TimeMachine(store, store.history)
  const atFirst = structuredClone(known)
  const tablesOf = (what: string): string[] => {
    time.checkpoint('start')
    for (const a of [0, 1, 2]) for (const b of [0, 1, 2]) does({ what, a, b })
    const from = store.db.number("SELECT n FROM history_checkpoints WHERE name = 'start'")
    const entries = store.history.since(from).flatMap((write) => write.entries)
    time.rewind('start')
    Object.assign(known, structuredClone(atFirst))
    return [...new Set(entries.map(({ tbl }) => tbl))]
  }
  const written = new Map(Object.keys(writes).map((what) => [what, tablesOf(what)]))
  const idle = [...written].filter(([, found]) => found.length === 0).map(([what]) => what)
  // These need what the others make first.
  assert.deepEqual(idle, [
    'unarchive',
    'changeAttribute',
    'wait',
    'untagTicket',
    'lookAtExport',
    'cancelExport',
  ])
  const all = new Set([...written.values()].flat())
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
    ...['notes', 'tags', 'tickets', 'ticket_contacts', 'ticket_tags', 'ticket_teammates'],
    ...['ticket_part_states', 'ticket_types', 'ticket_type_attributes', 'ticket_type_states'],
    ...['articles', 'collections', 'news_items', 'newsfeed_assignments', 'content_import_sources'],
    ...['external_pages', 'data_exports'],
  ]
  assert.deepEqual(
    wanted.filter((table) => !all.has(table)),
    [],
  )
  store.db.close()
})

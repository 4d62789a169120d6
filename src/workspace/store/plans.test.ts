import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { seedWorkspace } from '../seed/index.ts'
import { fillFresh } from './fresh.ts'
import { openStore } from './open.ts'

test('a contact is looked up by its identifiers, not by its role or standing, in a fresh and a seeded workspace', () => {
  const store = openStore(undefined, systemClock)
  const plan = (where: string) =>
    store.db.raw
      .prepare(`EXPLAIN QUERY PLAN SELECT * FROM contacts WHERE ${where}`)
      .all()
      .map(({ detail }) => detail)
      .join()
  const check = () => {
    assert.match(plan(`email_folded = 'x' AND role = 'user' AND standing = 'active'`), /INDEX contact_email /)
    assert.match(plan(`external_id_folded = 'x' AND standing = 'active'`), /INDEX contact_external /)
  }
  store.write(() => fillFresh(store))
  check()
  store.write(() => seedWorkspace(store, 'small'))
  check()
})

test('a seed leaves every index and trigger of a fresh workspace in place', () => {
  const store = openStore(undefined, systemClock)
  const parts = () =>
    store.db.raw
      .prepare(`SELECT name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') ORDER BY name`)
      .all()
  store.write(() => fillFresh(store))
  const before = parts()
  store.write(() => seedWorkspace(store, 'small'))
  assert.ok(before.length > 30)
  assert.deepEqual(parts(), before)
  const found = (table: string) => store.db.number(`SELECT count(*) FROM ${table}`)
  assert.equal(found('contact_grams'), found('contacts'))
  assert.equal(found('conversation_grams'), found('conversations'))
  assert.equal(found('conversation_words'), found('conversations'))
})

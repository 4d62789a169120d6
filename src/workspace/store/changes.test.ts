import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { Changes } from './changes.ts'
import { fillFresh } from './fresh.ts'
import { openStore } from './open.ts'
import { tables } from './schema.ts'

test('every table is heard but the two that no search shows', () => {
  const { db } = openStore(undefined, systemClock)
  const unheard = Object.keys(tables).filter(
    (table) => db.number('SELECT count(*) FROM pragma_table_info(?) WHERE pk > 0', table) === 0,
  )
  assert.deepEqual(unheard, ['app', 'company_scrolls'])
  db.close()
})

test('changes are taken once, without those that were undone and without the insides of text indexes', () => {
  const store = openStore(undefined, systemClock)
  store.write(() => fillFresh(store))
  const changes = new Changes(store.db.raw)
  const contact = { role: 'user', name: 'Ann', created_at: 1 }
  assert.throws(() =>
    store.write(() => {
      store.insertContact(contact)
      throw new Error('no')
    }),
  )
  assert.deepEqual(changes.take(), [])
  store.write(() => store.insertContact(contact))
  const [taken = new Uint8Array(), ...more] = changes.take()
  assert.match(Buffer.from(taken).toString('latin1'), /contacts\0.*Ann/s)
  assert.deepEqual([more, changes.take()], [[], []])
  store.write(() => store.db.run(`UPDATE contacts SET name = 'Bea'`))
  assert.equal(changes.take().length, 1)
  changes.close()
  store.db.close()
})

import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { transaction } from './sqlite.ts'

test('what fails in a transaction of its own is rolled back, and the next one begins anew', () => {
  const db = new DatabaseSync(':memory:')
  db.exec('CREATE TABLE things (id INTEGER)')
  const add = (id: number) => db.prepare('INSERT INTO things VALUES (?)').run(id)
  const failing = () => {
    add(1)
    throw new Error('a defect')
  }
  assert.throws(() => transaction(db, failing), /a defect/)
  assert.equal(db.isTransaction, false)
  assert.equal(transaction(db, () => add(2)).changes, 1)
  assert.deepEqual(
    db
      .prepare('SELECT id FROM things')
      .all()
      .map(({ id }) => id),
    [2],
  )
  db.close()
})

import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { fold, foldSql } from './fold.ts'
import { prepareData } from './open.ts'

const texts = ['', 'ANN@Example.COM', 'Zoë ÅNGSTRÖM', 'e\u0301', '李小龙', 'İ', 'AB\0CD', '\x7f@[`{Z', '😀A']

test('SQL folds every text as the program does, and leaves other values alone', () => {
  const db = new DatabaseSync(':memory:')
  prepareData(db)
  const folded = db.prepare(`SELECT ${foldSql('value')} AS it FROM (SELECT ? AS value)`)
  assert.deepEqual(
    texts.map((text) => folded.get(text)?.['it']),
    texts.map(fold),
  )
  const others = [5, 0.5, null]
  assert.deepEqual(
    others.map((other) => folded.get(other)?.['it']),
    others,
  )
  db.close()
})

test('text that is ASCII is not handed to JavaScript', () => {
  const db = new DatabaseSync(':memory:')
  let asked = 0
  db.function('fold', (value) => {
    asked += 1
    return value
  })
  const folded = db.prepare(`SELECT ${foldSql('value')} AS it FROM (SELECT ? AS value)`)
  for (const text of ['', 'Ann', '~ !', null]) folded.get(text)
  assert.equal(asked, 0)
  folded.get('Zoë')
  assert.equal(asked, 1)
  db.close()
})

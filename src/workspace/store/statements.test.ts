import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Statements } from './statements.ts'

function counted() {
  const made: string[] = []
  const statements = new Statements((sql) => {
    made.push(sql)
    return { sql }
  })
  const once = (prefix: string, count: number) => {
    for (let i = 0; i < count; i++) statements.get(`${prefix} ${i}`)
  }
  const timesMade = (sql: string) => made.filter((one) => one === sql).length
  return { statements, once, timesMade }
}

test('a statement is made once for those who ask one after the other', () => {
  const { statements, once, timesMade } = counted()
  const first = statements.get('a')
  once('between', 15)
  assert.equal(statements.get('a'), first)
  assert.equal(first.sql, 'a')
  assert.equal(timesMade('a'), 1)
})

test('a statement that is asked for once is let go after sixteen others', () => {
  const { statements, once, timesMade } = counted()
  statements.get('a')
  once('between', 16)
  statements.get('a')
  assert.equal(timesMade('a'), 2)
})

test('a statement that came back stays, however many others are asked for once', () => {
  const { statements, once, timesMade } = counted()
  statements.get('a')
  once('between', 16)
  statements.get('a')
  once('ever new', 5_000)
  statements.get('a')
  assert.equal(timesMade('a'), 2)
})

test('what comes back too late starts anew', () => {
  const { statements, once, timesMade } = counted()
  statements.get('a')
  once('ever new', 500)
  statements.get('a')
  once('newer', 16)
  statements.get('a')
  assert.equal(timesMade('a'), 3)
})

test('no more than four hundred are kept, and one that had to leave comes back at once', () => {
  const { statements, once, timesMade } = counted()
  for (let i = 0; i < 401; i += 20) {
    for (const round of [1, 2]) {
      for (let j = i; j < i + 20 && j < 401; j++) statements.get(`kept ${j}`)
      once(`between ${i} ${round}`, 16)
    }
  }
  statements.get('kept 0')
  assert.equal(timesMade('kept 0'), 3)
  once('ever new', 500)
  statements.get('kept 0')
  statements.get('kept 400')
  assert.equal(timesMade('kept 0'), 3)
  assert.equal(timesMade('kept 400'), 2)
})

test('after clear everything is made anew', () => {
  const { statements, once, timesMade } = counted()
  for (const _ of [1, 2]) {
    statements.get('a')
    once('between', 16)
  }
  statements.clear()
  statements.get('a')
  assert.equal(timesMade('a'), 3)
})

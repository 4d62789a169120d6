import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Redactor } from './redact.ts'

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

test('a token, and every piece of 15 characters, is removed from an answer wherever it stands', () => {
  for (const length of [8, 9, 14, 15, 16, 40]) {
    const token = letters.slice(3, 3 + length)
    const redactor = new Redactor(token)
    const size = Math.min(length, 15)
    for (let from = 0; from + size <= length; from++) {
      const found = token.slice(from, from + size)
      for (let before = 0; before < 9; before++) {
        const answer = JSON.stringify({ [`${'#'.repeat(before)}${found}`]: `${'#'.repeat(before)}${found}-` })
        assert.ok(
          !JSON.stringify(redactor.parse(answer)).includes(found),
          `${found} after ${before} of ${length}`,
        )
      }
    }
  }
})

test('what is shorter than a piece stays, and so does a token too short to be one', () => {
  const answer = { text: letters.slice(0, 7), word: 'test' }
  for (const token of [letters, 'test', 'a']) {
    assert.deepEqual(new Redactor(token).parse(JSON.stringify(answer)), answer)
  }
})

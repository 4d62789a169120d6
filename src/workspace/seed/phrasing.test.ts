import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fill } from './phrasing.ts'

test('slots are filled and choices taken, one inside the other', () => {
  const slots = { name: 'Zoë' }
  assert.equal(
    fill('Hi {name}, [yes|no {name}].', slots, () => 0),
    'Hi Zoë, yes.',
  )
  assert.equal(
    fill('Hi {name}, [yes|no {name}].', slots, () => 0.9),
    'Hi Zoë, no Zoë.',
  )
})

test('a slot nobody knows is a mistake', () => {
  assert.throws(() => fill('{nothing}', {}, () => 0), /\{nothing\}/)
})

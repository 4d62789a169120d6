import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Memory } from './memory.ts'

test('a text is remembered for ten minutes from when it was last set', (context) => {
  let now = 1000
  context.mock.method(performance, 'now', () => now)
  const memory = new Memory()
  memory.set('a', '1')
  now += 9 * 60_000
  assert.equal(memory.get('a'), '1')
  memory.set('a', '2')
  now += 9 * 60_000
  assert.equal(memory.get('a'), '2')
  now += 60_000
  assert.equal(memory.get('a'), undefined)
  assert.equal(memory.get('a'), undefined)
})

test('what is deleted or was never set is not known, whatever its name', () => {
  const memory = new Memory()
  memory.set('__proto__', '1')
  assert.equal(memory.get('__proto__'), '1')
  memory.delete('__proto__')
  for (const key of ['__proto__', 'constructor', 'x', '']) assert.equal(memory.get(key), undefined)
})

test('beyond ten thousand texts the one set longest ago makes room', () => {
  const memory = new Memory()
  for (let n = 0; n < 10_000; n++) memory.set(`k${n}`, String(n))
  memory.set('k0', 'again')
  memory.set('one more', '1')
  assert.deepEqual(
    ['k0', 'k1', 'k2', 'one more'].map((key) => memory.get(key)),
    ['again', undefined, '2', '1'],
  )
})

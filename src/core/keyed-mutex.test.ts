import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { KeyedMutex } from './keyed-mutex.ts'

const impatient = async () => {
  throw new Error('no time')
}

/** A call that ends when told to. */
function call(mutex: KeyedMutex, name: string, log: string[], ...keys: string[]) {
  const gate = Promise.withResolvers<void>()
  const ended = mutex.run(keys.length === 0 ? ['k'] : keys, async () => {
    log.push(`${name} begins`)
    await gate.promise
    log.push(`${name} ends`)
    return name
  })
  return { ended, end: gate.resolve, fail: gate.reject }
}

test('calls of one key run in the order they came, those of another at once', async () => {
  const mutex = new KeyedMutex()
  const log: string[] = []
  const [a, b, other] = [call(mutex, 'a', log), call(mutex, 'b', log), call(mutex, 'other', log, 'k2')]
  await setImmediate()
  assert.deepEqual(log, ['a begins', 'other begins'])
  a.end()
  b.end()
  other.end()
  assert.deepEqual(await Promise.all([a.ended, b.ended, other.ended]), ['a', 'b', 'other'])
  assert.deepEqual(
    log.filter((line) => !line.startsWith('other')),
    ['a begins', 'a ends', 'b begins', 'b ends'],
  )
})

test('a call that fails lets the next one run', async () => {
  const mutex = new KeyedMutex()
  const [a, b] = [call(mutex, 'a', []), call(mutex, 'b', [])]
  a.fail(new Error('lost'))
  b.end()
  await assert.rejects(a.ended, /lost/)
  assert.equal(await b.ended, 'b')
})

test('one that gives up waiting does not let those behind it, or those that come, overtake', async () => {
  const mutex = new KeyedMutex()
  const log: string[] = []
  const a = call(mutex, 'a', log)
  const gone = mutex.run(['k'], async () => log.push('never'), impatient)
  const b = call(mutex, 'b', log)
  await assert.rejects(gone, /no time/)
  const goneLast = mutex.run(['k'], async () => log.push('never'), impatient)
  await assert.rejects(goneLast, /no time/)
  const c = call(mutex, 'c', log)
  await setImmediate()
  assert.deepEqual(log, ['a begins'])
  for (const one of [a, b, c]) one.end()
  await Promise.all([a.ended, b.ended, c.ended])
  assert.deepEqual(log, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
})

test('a call of several keys waits for all earlier ones that share one with it, and for no others', async () => {
  const mutex = new KeyedMutex()
  const log: string[] = []
  const a = call(mutex, 'a', log, '1')
  const b = call(mutex, 'b', log, '2')
  const c = call(mutex, 'c', log, '1', '2')
  const d = call(mutex, 'd', log, '2', '3')
  const e = call(mutex, 'e', log, '4')
  assert.deepEqual(log, ['a begins', 'b begins', 'e begins'])
  a.fail(new Error('lost'))
  await assert.rejects(a.ended, /lost/)
  await setImmediate()
  assert.equal(log.includes('c begins'), false)
  b.end()
  await setImmediate()
  assert.deepEqual(log.slice(3), ['b ends', 'c begins'])
  c.end()
  await setImmediate()
  assert.deepEqual(log.slice(5), ['c ends', 'd begins'])
  for (const { end } of [d, e]) end()
  await Promise.all([d.ended, e.ended])
})

test('no key stays behind, whether calls ended, failed or gave up', async () => {
  const mutex = new KeyedMutex()
  for (let n = 0; n < 50; n++) {
    const a = call(mutex, 'a', [], `k${n}`)
    const b = call(mutex, 'b', [], `k${n}`)
    const gone = mutex.run([`k${n}`], async () => {}, impatient)
    a.end()
    b.fail(new Error('lost'))
    await Promise.allSettled([a.ended, b.ended, gone])
  }
  await setImmediate()
  assert.equal(mutex.size, 0)
})

test('a call that has ended gives way to those behind it: who comes then waits for them', async () => {
  const mutex = new KeyedMutex()
  const log: string[] = []
  const [a, b] = [call(mutex, 'a', log), call(mutex, 'b', log)]
  a.end()
  await a.ended
  await setImmediate()
  const c = call(mutex, 'c', log)
  await setImmediate()
  assert.deepEqual(log, ['a begins', 'a ends', 'b begins'])
  b.end()
  c.end()
  await Promise.all([b.ended, c.ended])
  assert.deepEqual(log.slice(3), ['b ends', 'c begins', 'c ends'])
})

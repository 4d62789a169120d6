import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { type Lines, oneAtATime } from './one-at-a-time.ts'

const patient = (turn: Promise<void>) => turn
const impatient = async () => {
  throw new Error('no time')
}

/** A call that ends when told to. */
function call(lines: Lines, name: string, log: string[], key = 'k') {
  const gate = Promise.withResolvers<void>()
  const ended = oneAtATime(lines, key, patient, async () => {
    log.push(`${name} begins`)
    await gate.promise
    log.push(`${name} ends`)
    return name
  })
  return { ended, end: gate.resolve, fail: gate.reject }
}

test('calls of one key run in the order they came, those of another at once', async () => {
  const lines: Lines = new Map()
  const log: string[] = []
  const [a, b, other] = [call(lines, 'a', log), call(lines, 'b', log), call(lines, 'other', log, 'k2')]
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
  const lines: Lines = new Map()
  const [a, b] = [call(lines, 'a', []), call(lines, 'b', [])]
  a.fail(new Error('lost'))
  b.end()
  await assert.rejects(a.ended, /lost/)
  assert.equal(await b.ended, 'b')
})

test('one that gives up waiting does not let those behind it, or those that come, overtake', async () => {
  const lines: Lines = new Map()
  const log: string[] = []
  const a = call(lines, 'a', log)
  const gone = oneAtATime(lines, 'k', impatient, async () => log.push('never'))
  const b = call(lines, 'b', log)
  await assert.rejects(gone, /no time/)
  const goneLast = oneAtATime(lines, 'k', impatient, async () => log.push('never'))
  await assert.rejects(goneLast, /no time/)
  const c = call(lines, 'c', log)
  await setImmediate()
  assert.deepEqual(log, ['a begins'])
  for (const one of [a, b, c]) one.end()
  await Promise.all([a.ended, b.ended, c.ended])
  assert.deepEqual(log, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
})

test('no key stays behind, whether calls ended, failed or gave up', async () => {
  const lines: Lines = new Map()
  for (let n = 0; n < 50; n++) {
    const a = call(lines, 'a', [], `k${n}`)
    const b = call(lines, 'b', [], `k${n}`)
    const gone = oneAtATime(lines, `k${n}`, impatient, async () => {})
    a.end()
    b.fail(new Error('lost'))
    await Promise.allSettled([a.ended, b.ended, gone])
  }
  await setImmediate()
  assert.equal(lines.size, 0)
})

test('a call that has ended leaves the line to those behind it: who comes then waits for them', async () => {
  const lines: Lines = new Map()
  const log: string[] = []
  const [a, b] = [call(lines, 'a', log), call(lines, 'b', log)]
  a.end()
  await a.ended
  await setImmediate()
  const c = call(lines, 'c', log)
  await setImmediate()
  assert.deepEqual(log, ['a begins', 'a ends', 'b begins'])
  b.end()
  c.end()
  await Promise.all([b.ended, c.ended])
  assert.deepEqual(log.slice(3), ['b ends', 'c begins', 'c ends'])
})

import assert from 'node:assert/strict'
import { mock, type TestContext, test } from 'node:test'
import { formatCount, formatDuration, openProgress } from './progress.ts'

/** A stream that keeps what it is told, and a clock that is moved. */
function watched(t: TestContext, isTTY: boolean) {
  let now = 0
  t.mock.method(performance, 'now', () => now)
  mock.timers.enable({ apis: ['setInterval'] })
  t.after(() => mock.timers.reset())
  const written: string[] = []
  const write = (text: string) => written.push(text)
  const progress = openProgress({ isTTY, columns: 200, write } as unknown as NodeJS.WriteStream) // all that is used
  const pass = (ms: number) => {
    now += ms
    mock.timers.tick(ms)
  }
  return { progress, written, pass }
}

test('elsewhere than on a terminal a plain line says every five seconds how far it is', (t) => {
  const { progress, written, pass } = watched(t, false)
  let done = 0
  progress.show(() => ({ phase: 'Sending', rows: 10_000, done, failed: 2, unknown: 1 }))
  pass(5000)
  done = 800
  pass(5000)
  assert.equal(written.length, 2)
  assert.equal(
    written[1],
    'Sending █░░░░░░░░░░░░░░░░░░░ 8 %  800 of 10,000 · 2 failed · 1 unknown · 160 rows/s · 58 s left\n',
  )
  progress.end()
  pass(10_000)
  assert.equal(written.length, 2)
})

test('a terminal has one line that is redrawn and gone at the end', (t) => {
  const { progress, written, pass } = watched(t, true)
  progress.show(() => ({ phase: 'Checking', rows: 0, done: 1234, failed: 0, unknown: 0 }))
  pass(200)
  assert.deepEqual(written, ['\r\x1b[KChecking  1,234 rows'])
  progress.end()
  assert.equal(written.at(-1), '\r\x1b[K')
})

test('a wait is shown with its reason while it lasts', (t) => {
  const { progress, written, pass } = watched(t, true)
  progress.show(() => ({ phase: 'Sending', rows: 10, done: 0, failed: 0, unknown: 0 }))
  progress.hooks.onRetry?.({ method: 'GET', path: '/me', attempt: 1, code: 'rate_limit_exceeded', ms: 9000 })
  pass(1000)
  assert.match(written.at(-1) ?? '', /waiting: retry after rate_limit_exceeded, 8 s$/)
  pass(8000)
  assert.doesNotMatch(written.at(-1) ?? '', /waiting/)
  progress.hooks.onWait?.({ reason: 'rate_limit', ms: 5 })
  pass(200)
  assert.match(written.at(-1) ?? '', /waiting: rate limit/)
})

test('the code of an answer cannot move a terminal’s cursor', (t) => {
  const { progress, written, pass } = watched(t, true)
  progress.show(() => ({ phase: 'Sending', rows: 10, done: 0, failed: 0, unknown: 0 }))
  progress.hooks.onRetry?.({ method: 'GET', path: '/me', attempt: 1, code: 'x\x1b[2J\u202e\ny', ms: 9000 })
  pass(1000)
  assert.match(written.at(-1) ?? '', /waiting: retry after x<U\+001B>\[2J<U\+202E> y, 8 s$/)
})

test('numbers and times are written as people say them', () => {
  assert.deepEqual([0, 999, 1000, 1_234_567].map(formatCount), ['0', '999', '1,000', '1,234,567'])
  assert.deepEqual([0.2, 59, 60, 3600 + 125].map(formatDuration), ['1 s', '59 s', '1 min 0 s', '1 h 2 min'])
})

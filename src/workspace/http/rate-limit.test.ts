import assert from 'node:assert/strict'
import { test } from 'node:test'
import { routes } from '../routes/all.ts'
import { fillFresh } from '../store/fresh.ts'
import { openStore } from '../store/open.ts'
import { buildAnswer } from './answer.ts'
import { RateLimit } from './rate-limit.ts'

const start = 1_780_000_003

function limited(app?: number | false) {
  const clock = { seconds: start, now: () => clock.seconds * 1000 }
  const rates = new RateLimit(clock, 'lc0a1b2c', app)
  return { clock, rates }
}

test('a call over the limit is told 429 in the words of Intercom, until the window ends', () => {
  const { clock, rates } = limited(3)
  const store = openStore(undefined, clock)
  store.write(() => fillFresh(store, 'known'))
  const answer = buildAnswer(store, routes, { rates })
  const me = () =>
    answer({
      method: 'GET',
      origin: '',
      target: '/me',
      header: (name) => (name === 'authorization' ? 'Bearer known' : undefined),
      body: '',
    })
  assert.deepEqual(
    [me(), me(), me()].map(({ status, headers }) => [status, headers['X-RateLimit-Remaining']]),
    [
      [200, '2'],
      [200, '1'],
      [200, '0'],
    ],
  )
  const { status, headers, body } = me()
  const reset = Number(headers['X-RateLimit-Reset'])
  assert.deepEqual([status, headers['X-RateLimit-Limit'], headers['X-RateLimit-Remaining']], [429, '3', '0'])
  assert.equal(headers['Retry-After'], undefined)
  assert.deepEqual(JSON.parse(body).errors, [
    { code: 'rate_limit_exceeded', message: 'The rate limit for the App has been exceeded' },
  ])
  clock.seconds = reset - 1
  assert.equal(me().status, 429)
  clock.seconds = reset
  assert.equal(me().status, 200)
})

test('the defaults are a sixth of 10,000 a minute for an app and of 25,000 for the workspace', () => {
  const { rates } = limited()
  let passed = 0
  while (!rates.count('one').refused) passed += 1
  assert.equal(passed, 1_666)
  assert.equal(rates.count('two').refused, false, 'another app has a budget of its own')
  passed = 0
  for (const app of ['two', 'three', 'four'])
    for (let i = 0; i < 1_666; i++) if (!rates.count(app).refused) passed += 1
  assert.equal(passed, 4_166 - 1_669, 'the workspace has one for all, refused calls included')
})

test('a lifted limit refuses nobody and never shows an empty budget', () => {
  const { rates } = limited(false)
  for (let i = 0; i < 10_000; i++) assert.equal(rates.count('one').refused, false)
  const { limit, remaining } = rates.count('one')
  assert.deepEqual([limit, remaining], [1_666, 1])
})

test('the phase says on which second windows end; both forms of Reset lie on it', () => {
  const { clock, rates } = limited()
  rates.set({ phase: 7 })
  for (let at = start; at < start + 30; at++) {
    clock.seconds = at
    rates.set({ reset: 'window_end' })
    const end = rates.count('one').reset
    assert.ok(end % 10 === 7 && end > at && end <= at + 10)
    rates.set({ reset: 'ahead' })
    const ahead = rates.count('one').reset
    assert.ok(ahead % 10 === 7 && ahead - at >= 6 && ahead - at < 16, `${ahead - at} s ahead`)
  }
  rates.set()
  assert.equal(rates.settings.reset, 'window_end')
})

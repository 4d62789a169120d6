import assert from 'node:assert/strict'
import { test } from 'node:test'
import { routes } from '../routes/all.ts'
import { fillFresh } from '../store/fresh.ts'
import { openStore } from '../store/open.ts'
import { buildAnswer } from './answer.ts'
import { RateLimitWindows } from './rate-limit.ts'

const start = 1_780_000_003

function limited(app?: number | false) {
  const clock = { seconds: start, now: () => clock.seconds * 1000 }
  const rates = new RateLimitWindows(clock, 'lc0a1b2c', app)
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
  assert.deepEqual(JSON.parse(String(body)).errors, [
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
  assert.equal(passed, 1_667)
  assert.equal(rates.count('two').refused, false, 'another app has a budget of its own')
  passed = 0
  for (const app of ['two', 'three', 'four'])
    for (let i = 0; i < 1_667; i++) if (!rates.count(app).refused) passed += 1
  assert.equal(passed, 4_167 - 1_670, 'the workspace has one for all, refused calls included')
})

test('a lifted limit refuses nobody and never shows an empty budget', () => {
  const { rates } = limited(false)
  for (let i = 0; i < 10_000; i++) assert.equal(rates.count('one').refused, false)
  const { limit, remaining } = rates.count('one')
  assert.deepEqual([limit, remaining], [1_667, 1])
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

test('a window that began is remembered: calls, refusals and whose they were', () => {
  const { clock, rates } = limited(2)
  rates.set({ phase: 0 })
  clock.seconds = 1_780_000_005
  for (const app of ['one', 'one', 'one', 'two']) rates.count(app)
  clock.seconds += 10
  rates.count('one')
  const use = (app: string, ends_at: number, calls: number, refused: number) => ({
    ...{ app, ends_at, limit: 2, calls, refused, foreign: 0 },
  })
  const [now, ...before] = rates.windows(10)
  assert.deepEqual(now, use('one', 1_780_000_020, 1, 0))
  assert.deepEqual(before, [use('two', 1_780_000_010, 1, 0), use('one', 1_780_000_010, 3, 1)])
  assert.equal(rates.windows(2).length, 2)
})

test('a foreign consumer eats the budget as time passes, whether or not anybody calls', () => {
  const { clock, rates } = limited(1_000)
  rates.set({ phase: 0, foreign: { share: 0.5, seed: 7, app: 'local' } })
  clock.seconds = 1_780_000_000
  const left: number[] = []
  for (let ms = 0; ms < 10_000; ms += 500) {
    clock.now = () => 1_780_000_000_000 + ms
    left.push(rates.count('local').remaining + left.length + 1)
  }
  assert.equal(left[0], 1_000)
  for (const [i, now] of left.entries()) assert.ok(now <= (left[i - 1] ?? now), 'what was eaten comes back')
  assert.ok(new Set(left).size > 10, 'it comes at once')
  assert.equal(rates.count('other').remaining, 999, 'the budget of another app is its own')
  assert.equal(rates.windows(2)[1]?.foreign, 1_000 - (left.at(-1) ?? 0))
})

test('a foreign consumer is the same for a seed, another for another, and takes its share on average', () => {
  const taken = (seed: number, share: number) => {
    const { clock, rates } = limited(1_000)
    rates.set({ phase: 0, foreign: { share, seed, app: 'local' } })
    for (let window = 0; window < 400; window++) {
      clock.now = () => 1_780_000_009_999 + window * 10_000
      rates.count('local')
    }
    return rates.windows(400).map(({ foreign }) => foreign)
  }
  assert.deepEqual(taken(1, 0.5), taken(1, 0.5))
  assert.notDeepEqual(taken(1, 0.5), taken(2, 0.5))
  for (const share of [0, 0.2, 0.5, 0.9, 1]) {
    const each = taken(3, share)
    const pairs = each.flatMap((one, i) => (i % 2 === 0 ? one + (each[i + 1] ?? 0) : []))
    for (const pair of pairs) assert.ok(Math.abs(pair - share * 2_000) <= 1, `${pair} instead of ${share}`)
    assert.ok(each.every((one) => one >= 0 && one <= 1_000))
    if (share > 0 && share < 1) assert.ok(new Set(each).size > 50, 'windows differ')
  }
})

test('what the foreign consumer took is refused to others, of its app and of the workspace', () => {
  const { clock, rates } = limited()
  rates.set({ phase: 0, app: 10, workspace: 15, foreign: { share: 1, seed: 1, app: 'local' } })
  clock.now = () => 1_780_000_009_999
  assert.equal(rates.count('local').refused, true)
  const others = Array.from({ length: 7 }, () => rates.count('other').refused)
  assert.deepEqual(others, [false, false, false, false, true, true, true])
})

test('the workspace, too, has its whole limit again in the next window', () => {
  const { clock } = limited()
  const rates = new RateLimitWindows(clock, 'lc0a1b2c', { app: 10, workspace: 3 })
  for (const _ of ['this window', 'the next one']) {
    const refused = [1, 2, 3, 4].map(() => rates.count('one').refused)
    assert.deepEqual(refused, [false, false, false, true])
    clock.seconds += 10
  }
})

test('a foreign consumer begins anew when it is set', () => {
  const { clock } = limited()
  const foreign = { share: 0.5, seed: 1, app: 'other' }
  const rates = new RateLimitWindows(clock, 'lc0a1b2c', { app: 1000, workspace: 1000, foreign })
  const threeWindows = () =>
    [1, 2, 3].map(() => {
      const { remaining } = rates.count('one')
      clock.seconds += 10
      return remaining
    })
  const first = threeWindows()
  assert.equal(new Set(first).size, 3)
  rates.set({ foreign })
  assert.deepEqual(threeWindows(), first)
})

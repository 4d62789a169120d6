import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ResponseEvent } from '../../client/call.ts'
import { trafficList, trafficOf } from './traffic.ts'

const begin = Date.UTC(2026, 10, 29, 12) // the windows of the test end on whole tens of seconds

function at(second: number, remaining: number, own: Partial<ResponseEvent> & { reset?: number } = {}) {
  const { reset = Math.ceil((second + 0.001) / 10) * 10, ...rest } = own
  return {
    ms: begin + second * 1000,
    event: {
      ...{
        method: 'GET' as const,
        path: '/tags',
        route: '/tags',
        attempt: 1,
        status: 200,
        code: null,
        ms: 1,
      },
      ...{ request_id: null, rate_limit: { limit: 100, remaining, reset: begin / 1000 + reset } },
      ...rest,
    },
  }
}

function heard(...told: ReturnType<typeof at>[]) {
  let now = begin
  const traffic = trafficOf(() => now)
  for (const { ms, event } of told) {
    now = ms
    traffic.onResponse(event)
  }
  return traffic
}

const rows = (traffic: ReturnType<typeof trafficOf>) =>
  traffic.windows(10).map(({ ends_at, ...rest }) => [ends_at - begin / 1000, ...Object.values(rest)])

test('windows count what was used, refused and taken by others', () => {
  const traffic = heard(
    at(1, 99),
    at(2, 90),
    at(3, 95), // answers overtake each other
    at(12, 99),
    at(13, 0, { status: 429, code: 'rate_limit_exceeded' }),
  )
  assert.deepEqual(rows(traffic), [
    [20, 100, 2, 98, 1],
    [10, 100, 3, 7, 0],
  ])
})

test('a reset that lies a window ahead belongs to the one that runs', () => {
  const traffic = heard(at(5, 60, { reset: 20 }), at(7, 59, { reset: 20 }), at(11, 99, { reset: 20 }))
  assert.deepEqual(rows(traffic), [
    [20, 100, 1, 0, 0],
    [10, 100, 2, 39, 0],
  ])
})

test('answers without a limit count in no window', () => {
  assert.deepEqual(rows(heard(at(1, 0, { rate_limit: null, status: null }))), [])
})

test('a thousand are kept, and what went before is not known any more', () => {
  const traffic = heard(...Array.from({ length: 2500 }, (_, index) => at(index / 1000, 50)))
  const latest = traffic.latest(5000)
  assert.equal(latest.length, 1000)
  const [newest] = latest
  const oldest = latest.at(-1)
  assert.ok(newest && oldest)
  assert.equal(traffic.since(oldest.id)?.length, 999)
  assert.deepEqual(traffic.since(newest.id), [])
  assert.equal(traffic.since(oldest.id.replace(/\d+$/, '2')), null)
  assert.equal(traffic.since(newest.id.replace(/\d+$/, '2501')), null)
  assert.equal(traffic.since(null), null)
  assert.deepEqual([traffic.latest(0).length, traffic.windows(0).length], [0, 0])
})

test('a limit that is none, comes twice or is misspelt is refused', () => {
  const traffic = heard(at(1, 99))
  const asked = (query: string) =>
    trafficList(traffic, new Request(`http://localhost/traffic?${query}`)).status
  for (const query of ['limit=', 'limit=-1', 'limit=1001', 'limit=1&limit=2', 'limt=1', 'limit=1&state=x'])
    assert.equal(asked(query), 400, query)
  for (const query of ['', 'limit=0', 'limit=1000']) assert.equal(asked(query), 200, query)
})

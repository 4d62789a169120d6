import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rateLimit, retryAfterMs, windowEnd } from './headers.ts'

const now = 1_700_000_003_500
const clock = { observe: () => {}, at: (local: number) => local }

test('the three headers are read where all can be meant', () => {
  const headers = {
    'x-ratelimit-limit': '1667',
    'x-ratelimit-remaining': '1667',
    'x-ratelimit-reset': '1700000010',
  }
  assert.deepEqual(rateLimit(headers, now), { limit: 1667, remaining: 1667, reset: 1_700_000_010 })
  for (const wrong of [
    { 'x-ratelimit-limit': '0' },
    { 'x-ratelimit-limit': '1666' },
    { 'x-ratelimit-limit': '1000001' },
    { 'x-ratelimit-remaining': '-1' },
    { 'x-ratelimit-remaining': '1.5' },
    { 'x-ratelimit-reset': '1700000064' },
    { 'x-ratelimit-reset': '1699999943' },
    { 'x-ratelimit-reset': '' },
    { 'x-ratelimit-reset': ['1700000010', '1700000010'] },
    { 'x-ratelimit-reset': undefined },
  ]) {
    assert.equal(rateLimit({ ...headers, ...wrong }, now), null, JSON.stringify(wrong))
  }
})

test('a window ends on the same second modulo ten, whichever of them Reset names', () => {
  for (const reset of [1_699_999_984_000, 1_700_000_004_000, 1_700_000_014_000]) {
    assert.equal(windowEnd(reset, now), 1_700_000_004_000)
  }
  assert.equal(windowEnd(1_700_000_004_000, 1_700_000_004_000), 1_700_000_014_000)
})

test('the pause after a 429 is what the headers say, at most a minute', () => {
  const pauses: [Record<string, string>, number | null][] = [
    [{}, null],
    [{ 'retry-after': '3' }, 3_000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '86400' }, 60_000],
    [{ 'retry-after': '99999999999999999999' }, null],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': '-1' }, null],
    [{ 'retry-after': new Date(now + 5_500).toUTCString() }, 5_500],
    [{ 'retry-after': new Date(now - 99_500).toUTCString() }, 0],
    [{ 'retry-after': new Date(now + 9_999_500).toUTCString() }, 60_000],
    [{ 'retry-after': '2', 'x-ratelimit-reset': '1700000010' }, 2_000],
    [{ 'retry-after': 'soon', 'x-ratelimit-reset': '1700000010' }, 6_500],
    [{ 'x-ratelimit-reset': '1700000010' }, 6_500],
    [{ 'x-ratelimit-reset': '1700000018' }, 4_500],
    [{ 'x-ratelimit-reset': '1699999980' }, 6_500],
    [{ 'x-ratelimit-reset': '1700086410' }, null],
    [{ 'x-ratelimit-reset': '0' }, null],
  ]
  for (const [headers, ms] of pauses)
    assert.equal(retryAfterMs(headers, clock, now), ms, JSON.stringify(headers))
})

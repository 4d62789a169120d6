import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayOf } from './days.ts'

const second = (iso: string) => Date.parse(iso) / 1000

const days: [what: string, timezone: string, start: string, end: string, hours: number][] = [
  ['an ordinary day', 'America/Los_Angeles', '2026-01-31T08:00:00Z', '2026-02-01T08:00:00Z', 24],
  ['a day of 23 hours', 'America/Los_Angeles', '2026-03-08T08:00:00Z', '2026-03-09T07:00:00Z', 23],
  ['a day of 25 hours', 'America/Los_Angeles', '2026-11-01T07:00:00Z', '2026-11-02T08:00:00Z', 25],
  ['a day of 23 hours east of UTC', 'Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', 23],
  ['a day of 25 hours east of UTC', 'Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', 25],
  [
    'a day that is half an hour longer',
    'Australia/Lord_Howe',
    '2026-04-04T13:00:00Z',
    '2026-04-05T13:30:00Z',
    24.5,
  ],
  ['a day without its first hour', 'Asia/Beirut', '2026-03-28T22:00:00Z', '2026-03-29T21:00:00Z', 23],
  ['a day without its first hour', 'America/Havana', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z', 23],
  ['a day without its first hour', 'America/Santiago', '2026-09-06T04:00:00Z', '2026-09-07T03:00:00Z', 23],
  ['a day after one that was left out', 'Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31T10:00:00Z', 24],
  ['a day that ends twice', 'Asia/Beirut', '2026-10-23T21:00:00Z', '2026-10-24T22:00:00Z', 25],
  ['a day that begins twice', 'America/Havana', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z', 25],
]

for (const [what, timezone, start, end, hours] of days) {
  test(`${what} in ${timezone} is every second from midnight to midnight`, () => {
    const day = { start: second(start), end: second(end) }
    assert.equal((day.end - day.start) / 3600, hours)
    for (const at of [day.start, day.start + 1, day.start + 3 * 3600, day.end - 3 * 3600, day.end - 1]) {
      assert.deepEqual(dayOf(at, timezone), day, new Date(at * 1000).toISOString())
    }
    assert.equal(dayOf(day.start - 1, timezone).end, day.start)
    assert.equal(dayOf(day.end, timezone).start, day.end)
  })
}

test('days before 1970, long before and beyond all calendars have an end too', () => {
  assert.deepEqual(dayOf(-1, 'UTC'), { start: -86_400, end: 0 })
  for (const at of [-70_000_000_000, 9_000_000_000_000, -9_000_000_000_000]) {
    const { start, end } = dayOf(at, 'UTC')
    assert.deepEqual([start <= at, at < end, end - start], [true, true, 86_400], String(at))
  }
})

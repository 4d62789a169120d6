import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'
import { dayOf } from './days.ts'

function deskWithPeople() {
  const desk = openDesk()
  const ids = new Map<string, string>()
  const add = (name: string, fields: object) => ids.set(desk.user(fields).id, name)
  add('zoe', { email: 'Zoë@Example.com', name: 'Zoë Ångström', custom_attributes: { seats: 3, plan: 'Pro' } })
  add('li', { email: 'li@example.org', name: '李小龙', external_id: 'X-1', custom_attributes: { seats: 12 } })
  add('nil', { external_id: 'x-2', phone: '+15550100', custom_attributes: { vip: false } })
  const found = (field: string, operator: string, value?: unknown) => {
    const { data, total_count } = desk.ok('POST', '/contacts/search', { query: { field, operator, value } })
    assert.equal(total_count, data.length)
    return data.map((contact: { id: string }) => ids.get(contact.id)).sort()
  }
  return { ...desk, ids, found }
}

test('text is compared without regard to case, in every script', () => {
  const { found } = deskWithPeople()
  assert.deepEqual(found('email', '=', 'ZOË@EXAMPLE.COM'), ['zoe'])
  assert.deepEqual(found('name', '~', 'ÅNG'), ['zoe'])
  assert.deepEqual(found('name', '~', '小'), ['li'])
  assert.deepEqual(found('name', '^', 'zo'), ['zoe'])
  assert.deepEqual(found('name', '$', 'STRÖM'), ['zoe'])
  assert.deepEqual(found('email', 'IN', ['li@example.org', 'zoë@example.com', 'x']), ['li', 'zoe'])
  assert.deepEqual(found('email_domain', '=', 'example.org'), ['li'])
  assert.deepEqual(found('external_id', '^', 'x-'), ['li', 'nil'])
})

test('the characters of patterns are characters, not patterns', () => {
  const { found } = deskWithPeople()
  for (const value of ['%', '_', '*', '.', "' OR 1=1 --", '"', '\\']) {
    assert.deepEqual(found('name', '~', value), [], value)
  }
})

test('a negative matches only what is set; null finds the unset and the set', () => {
  const { found } = deskWithPeople()
  assert.deepEqual(found('email', '!=', 'li@example.org'), ['zoe'])
  assert.deepEqual(found('email', 'NIN', ['li@example.org']), ['zoe'])
  assert.deepEqual(found('name', '!~', 'zo'), ['li'])
  assert.deepEqual(found('email', '=', null), ['nil'])
  assert.deepEqual(found('email', '!=', null), ['li', 'zoe'])
  assert.deepEqual(found('email', '=', 'null'), [])
  assert.deepEqual(found('external_id', '!=', undefined), ['li', 'nil'])
})

test('custom attributes are searched by their declared type', () => {
  const { found } = deskWithPeople()
  assert.deepEqual(found('custom_attributes.seats', '>', 3), ['li'])
  assert.deepEqual(found('custom_attributes.seats', '>=', '3'), ['li', 'zoe'])
  assert.deepEqual(found('custom_attributes.seats', '!=', 3), ['li'])
  assert.deepEqual(found('custom_attributes.plan', '=', 'pro'), ['zoe'])
  assert.deepEqual(found('custom_attributes.plan', '=', null), ['li', 'nil'])
  assert.deepEqual(found('custom_attributes.vip', '=', false), ['nil'])
})

test('a tag is found by its id, its absence by the opposite', () => {
  const { ok, ids, found } = deskWithPeople()
  const tag = ok('POST', '/tags', { name: 'a' })
  const [zoe] = ids.keys()
  ok('POST', `/contacts/${zoe}/tags`, { id: tag.id })
  assert.deepEqual(found('tag_id', '=', tag.id), ['zoe'])
  assert.deepEqual(found('tag_id', '!=', tag.id), ['li', 'nil'])
  assert.deepEqual(found('tag_id', '=', null), ['li', 'nil'])
})

for (const [hours, midnight, next] of [
  [23, Date.UTC(2026, 2, 8, 8) / 1000, Date.UTC(2026, 2, 9, 7) / 1000],
  [25, Date.UTC(2026, 10, 1, 7) / 1000, Date.UTC(2026, 10, 2, 8) / 1000],
] as const)
  test(`dates are whole days of the workspace's time zone (docs/intercom-api.md 4.2), also one of ${hours} hours`, () => {
    const desk = openDesk() // in Los Angeles
    assert.equal(next - midnight, hours * 3600)
    const at = (second: number) => {
      desk.clock.seconds = second
      return desk.user({ external_id: String(second) }).id
    }
    const [before, first, last, after] = [at(midnight - 1), at(midnight), at(next - 1), at(next)]
    const found = (operator: string, value: unknown) =>
      desk
        .ok('POST', '/contacts/search', { query: { field: 'created_at', operator, value } })
        .data.map((contact: { id: string }) => contact.id)
    for (const value of [midnight, midnight + 40_000, String(next - 1)]) {
      assert.deepEqual(found('=', value), [first, last])
      assert.deepEqual(found('>', value), [after])
      assert.deepEqual(found('<', value), [before])
    }
    assert.deepEqual(found('=', (midnight + 5) * 1000), [])
  })

test('a day on which clocks change begins at its own midnight and ends at the next one', () => {
  for (const [zone, from, to] of [
    ['America/Los_Angeles', '2026-10-31T07:00Z', '2026-11-01T07:00Z'],
    ['America/Los_Angeles', '2026-11-02T08:00Z', '2026-11-03T08:00Z'],
    ['Europe/Berlin', '2026-10-24T22:00Z', '2026-10-25T23:00Z'],
    ['Europe/Berlin', '2026-03-28T23:00Z', '2026-03-29T22:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T13:00Z', '2026-04-05T13:30Z'],
    ['America/Havana', '2026-11-01T04:00Z', '2026-11-02T05:00Z'], // midnight comes twice
    ['Africa/Cairo', '2026-10-28T21:00Z', '2026-10-29T22:00Z'], // its last hour comes twice
    ['America/Santiago', '2026-04-04T03:00Z', '2026-04-05T04:00Z'], // so does this one's
    ['Africa/Cairo', '2026-04-23T22:00Z', '2026-04-24T21:00Z'], // the day begins at one o'clock
    ['America/Santiago', '2026-09-06T04:00Z', '2026-09-07T03:00Z'], // so does this one west of UTC
    ['Atlantic/Azores', '2026-03-29T01:00Z', '2026-03-30T00:00Z'], // and this one at UTC
  ] as const) {
    const day = { start: Date.parse(from) / 1000, end: Date.parse(to) / 1000 }
    for (let second = day.start; second < day.end; second += 1800) {
      assert.deepEqual(dayOf(second, zone), day, `${zone} ${new Date(second * 1000).toISOString()}`)
    }
    assert.deepEqual(dayOf(day.end - 1, zone), day, zone)
    assert.equal(dayOf(day.start - 1, zone).end, day.start, zone)
    assert.equal(dayOf(day.end, zone).start, day.end, zone)
  }
})

test('a day has the length of the calendar, in zones of half hours and far from 1970 too', () => {
  assert.deepEqual(dayOf(1_577_869_200, 'UTC'), { start: 1_577_836_800, end: 1_577_923_200 })
  const autumn = dayOf(Date.UTC(2026, 10, 1, 12) / 1000, 'America/Los_Angeles')
  assert.equal(autumn.end - autumn.start, 25 * 3600)
  const kolkata = dayOf(Date.UTC(2026, 0, 1, 0) / 1000, 'Asia/Kolkata')
  assert.equal(kolkata.start, Date.UTC(2025, 11, 31, 18, 30) / 1000)
  for (const second of [-62_200_000_000, 0, 9_000_000_000_000, Number.MAX_SAFE_INTEGER]) {
    const { start, end } = dayOf(second, 'Asia/Kolkata')
    assert.ok(start <= second && second < end && end - start === 86_400, String(second))
  }
})

test('archived and deleted contacts are in no search', () => {
  const { ids, ok, found } = deskWithPeople()
  const [zoe, li] = ids.keys()
  ok('POST', `/contacts/${zoe}/archive`)
  ok('DELETE', `/contacts/${li}`)
  assert.deepEqual(found('role', '=', 'user'), ['nil'])
})

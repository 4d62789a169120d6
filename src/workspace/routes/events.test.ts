import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'

const day = 24 * 3600

function withUser() {
  const desk = openDesk()
  const { id } = desk.user({ email: 'a@example.com', external_id: 'u1' })
  const send = (event_name: string, created_at: number, more: object = {}) =>
    desk.call('POST', '/events', { event_name, created_at, id, ...more })
  return { ...desk, id, send, list: `/events?type=user&intercom_user_id=${id}` }
}

test('an event is 202 with nothing in it, and counted once however often it comes', () => {
  const { send, ok, list, clock } = withUser()
  for (const who of [{}, { id: undefined, user_id: 'u1' }, { id: undefined, email: 'A@example.com' }]) {
    const { status, json } = send('ordered', clock.seconds, who)
    assert.deepEqual([status, json], [202, undefined])
  }
  assert.equal(ok('GET', list).events.length, 1)
  assert.equal(ok('GET', `${list}&summary=true`).events[0].count, 1)
})

test('an unknown id falls through to the external id or the e-mail, an unknown external id to nothing', () => {
  const { call, user } = openDesk()
  user({ external_id: 'u1', email: 'ann@example.com' })
  const id = 'f'.repeat(24)
  for (const [who, status] of [
    [{ id, user_id: 'u1' }, 202],
    [{ id, email: 'ann@example.com' }, 202],
    [{ id: '', user_id: 'u1' }, 202],
    [{ id: 5, user_id: 'u1' }, 202],
    [{ id }, 404],
    [{ id, user_id: 'u2' }, 404],
    [{ id, user_id: 'u2', email: 'ann@example.com' }, 404],
    [{ user_id: 'u2', email: 'ann@example.com' }, 404],
    [{}, 400],
  ] as const) {
    const event = { event_name: 'bought', created_at: 1_770_000_000, ...who }
    assert.equal(call('POST', '/events', event).status, status, JSON.stringify(who))
  }
})

test('of the metadata the first ten keys stay, and nothing nested is taken', () => {
  const { send, ok, list, clock } = withUser()
  const metadata = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`k${n}`, n]))
  send('ordered', clock.seconds, { metadata })
  assert.deepEqual(Object.keys(ok('GET', list).events[0].metadata), Object.keys(metadata).slice(0, 10))
  const price = { amount: 34_999, currency: 'eur' }
  assert.equal(send('paid', clock.seconds, { metadata: { price } }).status, 202)
  assert.equal(send('odd', clock.seconds, { metadata: { a: { b: 1 } } }).status, 400)
})

test('events come newest first in pages that lose none, even of one second', () => {
  const { send, ok, list, clock } = withUser()
  const names = ['a', 'b', 'c', 'd', 'e']
  for (const name of names) send(name, clock.seconds)
  const seen: string[] = []
  let page = ok('GET', `${list}&per_page=2`)
  const { since } = page.pages
  for (;;) {
    seen.push(...page.events.map((event: { event_name: string }) => event.event_name))
    if (page.pages.next === undefined) break
    const { pathname, search } = new URL(page.pages.next)
    page = ok('GET', pathname + search)
  }
  assert.deepEqual(seen, names.toReversed())
  const later = new URL(since)
  assert.deepEqual(ok('GET', later.pathname + later.search).events, [])
  send('f', clock.seconds + 1)
  assert.equal(ok('GET', later.pathname + later.search).events.length, 1)
})

test('events older than ninety days are counted, but not listed', () => {
  const { send, ok, list, clock } = withUser()
  send('ordered', clock.seconds - 91 * day)
  send('ordered', clock.seconds)
  assert.equal(ok('GET', list).events.length, 1)
  const [summary] = ok('GET', `${list}&summary=true`).events
  assert.deepEqual([summary.name, summary.count], ['ordered', 2])
  assert.match(summary.first, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+00:00$/)
})

test('summaries from elsewhere are added', () => {
  const { call, send, ok, list, clock } = withUser()
  send('ordered', clock.seconds)
  const event_summaries = { event_name: 'ordered', count: 4, first: 10, last: 20 }
  assert.equal(call('POST', '/events/summaries', { user_id: 'u1', event_summaries }).status, 200)
  const [summary] = ok('GET', `${list}&summary=true`).events
  assert.deepEqual([summary.count, summary.first], [5, '1970-01-01T00:00:10.000+00:00'])
})

test('events of nobody, without a name or a time are refused', () => {
  const { refused, id } = withUser()
  const event = { event_name: 'x', created_at: 1, user_id: 'nobody' }
  assert.equal(refused('POST', '/events', event), '404 not_found: User Not Found')
  assert.equal(refused('GET', '/events?type=user&user_id=nobody'), '404 not_found: User Not Found')
  assert.match(refused('POST', '/events', { event_name: 'x', id }), /^400 parameter_not_found/)
  assert.match(refused('POST', '/events', { created_at: 1, id }), /^400 parameter_invalid/)
  assert.match(refused('GET', '/events?user_id=u1'), /^400 parameter_not_found/)
  assert.match(refused('GET', '/events?type=lead&user_id=u1'), /^400 parameter_invalid/)
})

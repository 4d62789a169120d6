import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkOf, strangerPlaces } from './stranger-places.ts'

type Places = (ReturnType<ReturnType<typeof strangerPlaces>> | undefined)[]
const lost = (...places: Places) => places.map((place) => place?.signal.aborted)

test('when all places are taken, the longest waiting of the network that has most gives way', () => {
  const take = strangerPlaces({ places: 4, bytes: 1000 })
  const a = take('192.0.2.9')
  const [b, c, d] = ['192.0.2.1', '192.0.2.1', '192.0.2.1'].map(take)
  assert.deepEqual(lost(a, b, c, d), [false, false, false, false])
  const e = take('192.0.2.2')
  assert.deepEqual(lost(a, b, c, d, e), [false, true, false, false, false])
  const f = take('192.0.2.3')
  assert.deepEqual(lost(a, c, d, e, f), [false, true, false, false, false])
  for (const place of [a, d, e, f]) place?.settle()
  assert.equal(take('192.0.2.4'), null) // whole ones are being answered
  assert.deepEqual(lost(a, d, e, f), [false, false, false, false])
  b?.release() // lost long ago: this frees nobody's place
  assert.equal(take('192.0.2.4'), null)
  d?.release()
  d?.release()
  assert.deepEqual(lost(take('192.0.2.4')), [false])
  assert.notEqual(take('192.0.2.5'), null) // in place of the last
})

test('bodies together stay within the memory, at the cost of who has most of it', () => {
  const take = strangerPlaces({ places: 100, bytes: 1000 })
  const [small, large, whole, next] = ['a', 'b', 'c', 'a'].map(take)
  small?.grow(100)
  large?.grow(400)
  whole?.grow(500)
  whole?.settle()
  assert.deepEqual(lost(small, large, whole), [false, false, false])
  next?.grow(1)
  assert.deepEqual(lost(small, large, whole, next), [false, true, false, false])
  large?.grow(10_000)
  assert.deepEqual(lost(small, whole, next), [false, false, false])
  next?.grow(1000) // with what is whole, it is itself too much
  assert.deepEqual(lost(whole, next), [false, true])
  whole?.release()
  const last = take('b')
  last?.grow(1000)
  assert.deepEqual(lost(last), [false])
})

test('a network is an address of IPv4, or the first half of one of IPv6', () => {
  for (const [address, network] of [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:db8:1:2:3::1', '2001:db8:1:2'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['', ''],
  ] as const)
    assert.equal(networkOf(address), network)
})

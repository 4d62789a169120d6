import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serverClock } from './server-clock.ts'

const epoch = 1_700_000_000_000

/** A `Date` header at an instant of a server whose clock reads `epoch` at 0. */
const date = (ms: number, ahead = 0) => new Date(epoch + ms + ahead).toUTCString()

/** A clock after an answer every so often; each takes 20 ms. */
function observed(
  from: number,
  to: number,
  step: number,
  ahead = 0,
  clock = serverClock(() => epoch + 9_999),
) {
  for (let at = from; at < to; at += step) clock.observe(date(at + 10, ahead), at, at + 20)
  return clock
}

test('until a Date came it is the machine’s time', () => {
  const clock = serverClock(() => epoch)
  clock.observe(undefined, 0, 10)
  clock.observe(['Tue, 14 Nov 2023 22:13:20 GMT'], 0, 10)
  clock.observe('soon', 0, 10)
  clock.observe(date(500_000), 10, 0)
  assert.equal(clock.at(1_234), epoch + 1_234)
  assert.equal(clock.doubt(), 0)
})

test('one answer tells the time to half a second, many tell it to a few milliseconds', () => {
  for (const ahead of [0, 30_000, -30_000, 400]) {
    const once = observed(0, 1, 1, ahead)
    assert.ok(Math.abs(once.at(5_000) - epoch - 5_000 - ahead) <= 520, `${ahead}`)
    assert.ok(once.doubt() >= 400)
    const often = observed(0, 5_000, 37, ahead)
    assert.ok(Math.abs(often.at(9_000) - epoch - 9_000 - ahead) <= 40, `${ahead}`)
    assert.ok(often.doubt() <= 40)
  }
})

test('a Date whose text was kept too long changes nothing', () => {
  const clock = observed(0, 5_000, 37)
  const before = clock.at(9_000)
  clock.observe(date(3_000), 5_000, 5_020)
  clock.observe(date(3_000), 5_010, 5_030)
  assert.equal(clock.at(9_000), before)
})

test('a clock that was set is believed after three answers in a row', () => {
  for (const ahead of [-3_600_000, -2_000, 5_000, 3_600_000]) {
    const clock = observed(0, 5_000, 37)
    observed(5_000, 5_003, 1, ahead, clock)
    assert.ok(Math.abs(clock.at(9_000) - epoch - 9_000 - ahead) <= 1_020, `${ahead}`)
  }
})

test('what is known fades, so that drifting clocks are followed', () => {
  const clock = serverClock(() => epoch)
  for (let at = 0; at < 600_000; at += 250) clock.observe(date(at * 1.0003), at, at + 5)
  assert.ok(Math.abs(clock.at(600_000) - epoch - 600_180) <= 60, String(clock.at(600_000) - epoch - 600_180))
})

test('two clocks know together what either knows, and the newer one wins where they contradict', () => {
  const exact = observed(0, 5_000, 37)
  const vague = observed(5_000, 5_001, 1)
  vague.merge(exact.merge(undefined))
  assert.ok(Math.abs(vague.at(9_000) - epoch - 9_000) <= 40)
  const set = observed(6_000, 6_001, 1, 60_000)
  set.merge(exact.merge(undefined))
  assert.ok(Math.abs(set.at(9_000) - epoch - 69_000) <= 520)
})

test('answers that contradict count only while they come in a row', () => {
  const clock = observed(0, 5_000, 37)
  const before = clock.at(9_000)
  for (const at of [5_000, 5_100, 5_200, 5_300]) {
    observed(at, at + 2, 1, 60_000, clock)
    observed(at + 50, at + 51, 1, 0, clock)
  }
  assert.ok(Math.abs(clock.at(9_000) - before) <= 40)
})

test('what was exact is less so after minutes: an answer that was held up does not make it exact again', () => {
  const clock = observed(0, 5_000, 37)
  clock.observe(date(201_500), 200_000, 203_000)
  assert.ok(clock.doubt() >= 900, String(clock.doubt()))
  assert.ok(Math.abs(clock.at(203_000) - epoch - 203_000) <= clock.doubt())
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isExact, parseExact } from './exact-number.ts'

const numbers: [json: string, shown: unknown][] = [
  ['9007199254740991', 9_007_199_254_740_991],
  ['9007199254740993', '9007199254740993'],
  ['-9007199254740993', '-9007199254740993'],
  ['1234567890123456789', '1234567890123456789'],
  [
    '12345678901234567890123456789012345678901234567890',
    '12345678901234567890123456789012345678901234567890',
  ],
  ['9007199254740992', 9_007_199_254_740_992],
  ['1234567890123456800', 1_234_567_890_123_456_800],
  ['1000000000000000000000', 1e21],
  ['1.2345678901234567e16', '1.2345678901234567e16'],
  ['12345678901234567.0', '12345678901234567.0'],
  ['12345678901234567.25', '12345678901234567.25'],
  ['1.00000000000000000001', 1],
  ['0.1234567890123456789', 0.123_456_789_012_345_68],
  ['53.34980600000000001', 53.349_806],
  ['0', 0],
  ['1732871000', 1_732_871_000],
]

test('a number is shown as it is written, as text where a double would change it', () => {
  for (const [json, shown] of numbers) {
    for (const around of ['', ' '.repeat(7), '\n'.repeat(15)]) {
      assert.deepEqual(parseExact(`{"a":[${around}${json}${around}]}`), { a: [shown] }, json)
    }
    if (!/\.\d*[1-9]/.test(json)) assert.equal(isExact(json), typeof shown === 'number', json)
  }
})

test('a long number is found wherever it stands, and everything beside it stays as it was', () => {
  for (let at = 0; at < 40; at++) {
    const text = 'x'.repeat(at)
    const json = JSON.stringify({ text, body: `a "quoted" \\ 9007199254740993`, 9007199254740993: null })
    assert.deepEqual(parseExact(json), JSON.parse(json))
    const exact = json.replace('null', '[true,-9007199254740993,{"__proto__":1e3}]')
    const expected = json.replace('null', '[true,"-9007199254740993",{"__proto__":1e3}]')
    assert.deepEqual(parseExact(exact), JSON.parse(expected))
  }
})

test('what is no JSON is none, whatever its numbers', () => {
  for (const json of ['{"a":09007199254740993}', '{"a":+9007199254740993}', '9007199254740993x', '{"a":1e}'])
    assert.throws(() => parseExact(json), SyntaxError)
})

test('a text of nothing but digits is looked at once, and what follows it is found', () => {
  const digits = '7'.repeat(2_000_000)
  for (let gap = 0; gap < 20; gap++) {
    const json = `{"text":"${digits}","${'x'.repeat(gap)}":9007199254740993}`
    assert.deepEqual(Object.values(parseExact(json) as object), [digits, '9007199254740993'])
  }
})

test('an answer may be nested deeper than the stack', () => {
  const deep = 100_000
  let value = parseExact(`${'['.repeat(deep)}9007199254740993${']'.repeat(deep)}`)
  for (let level = 0; level < deep; level++) value = (value as unknown[])[0]
  assert.equal(value, '9007199254740993')
})

test('a run of a million digits in a text is read once', () => {
  const json = JSON.stringify({ body: '1'.repeat(1_000_000), points: '.'.repeat(1_000_000) })
  assert.deepEqual(parseExact(json), JSON.parse(json))
})

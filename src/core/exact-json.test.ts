import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exactJson, exactJsonOrText } from './exact-json.ts'

const values = [
  '{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}],"d":"a"}',
  '["a","a",{"a":"\\"a\\":1,\\"a\\":2"}]',
  '{"a":"{","b":"}","a\\"":1}',
  '{"":0,"a:":-1.5e3}',
  '{"\\u0061":1,"b":2,"\\\\u0061":3,"é":4,"e\u0301":5}',
  '"9007199254740993"',
  'null',
]
test('JSON is read as it is', () => {
  for (const text of values) assert.deepEqual(exactJson(text, 'it'), JSON.parse(text), text)
})

test('a name with two values is refused, at any depth and however it is spaced', () => {
  for (const text of [
    '{"a":1,"a":2}',
    '[{"b":{"a":{},"x":[{}],"a" \n:null}}]',
    '{"a":"x","b":"{","a":"y"}',
    '{"a":1,"\\u0061":2}',
    '{"\\u0061":1,"a":2}',
  ])
    assert.throws(() => exactJson(text, 'it'), { code: 'invalid_input', message: 'it gives "a" twice' }, text)
})

test('what is no JSON is said to be none, or is the text', () => {
  assert.throws(() => exactJson('{', 'it'), { code: 'invalid_json', message: 'it is not valid JSON' })
  assert.equal(exactJsonOrText('{a', 'it'), '{a')
  assert.throws(() => exactJsonOrText('{"a":1,"a":1}', 'it'), /twice/)
})

test('bytes that are not UTF-8 are refused, rather than read with U+FFFD in place of letters', () => {
  assert.deepEqual(exactJson(Buffer.from('\ufeff{"a":"é😀"}'), 'it'), { a: 'é😀' })
  for (const encoding of ['latin1', 'utf16le'] as const)
    assert.throws(() => exactJson(Buffer.from('{"a":"é"}', encoding), 'it'), { code: 'invalid_json' })
  assert.throws(() => exactJson(Buffer.from('{"a":"é"}', 'latin1'), 'it'), { message: 'it is not UTF-8' })
})

test('a text of millions of characters is read in time', () => {
  const from = process.cpuUsage()
  for (const long of ['x'.repeat(4e6), '\\"'.repeat(2e6), '{'.repeat(4e6)]) exactJson(`{"a":"${long}"}`, 'it')
  assert.ok(process.cpuUsage(from).user < 5_000_000)
})

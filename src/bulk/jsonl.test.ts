import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowsIn } from '../../test/support/bulk-rows.ts'

test('each line is one object, empty lines are skipped, and lines are counted', async () => {
  const text = '{"email":"a@b.c","custom_attributes":{"n":1.5}}\r\n\n  \n{"email":"c@d.e"}'
  for (const size of [1, 1000]) {
    const { inputs, lines, format, header, rows } = await rowsIn(text, { name: 'x.jsonl', size })
    assert.deepEqual(inputs, [{ email: 'a@b.c', custom_attributes: { n: 1.5 } }, { email: 'c@d.e' }])
    assert.deepEqual([lines, format, header], [[1, 4], 'jsonl', null])
    assert.equal(rows[0]?.raw, '{"email":"a@b.c","custom_attributes":{"n":1.5}}')
  }
})

test('a line that is no object, or holds a number that would be rounded, is a bad row', async () => {
  const bad = [
    ['[]', /must be an object/],
    ['{"email":', /not valid JSON/],
    ['{"email":"a@b.c","custom_attributes":{"id":12345678901234567890}}', /would be rounded/],
    ['{"email":1}', /email must be a string/],
    ['{"email":"a@b.c","nam":"x"}', /Did you mean "name"/],
  ] as const
  const { inputs } = await rowsIn(bad.map(([line]) => line).join('\n'), { name: 'x.ndjson' })
  for (const [at, [, message]] of bad.entries()) assert.match(String(inputs[at]), message)
})

test('digits in a text are no number, and long fractions stay as exact as they are', async () => {
  const custom_attributes = { id: '12345678901234567890 \\" 12345678901234567890', third: 0.3333333333333333 }
  const { inputs } = await rowsIn(JSON.stringify({ email: 'a@b.c', custom_attributes }), { name: 'x.jsonl' })
  assert.deepEqual(inputs, [{ email: 'a@b.c', custom_attributes }])
})

test('a name that says nothing leaves it to the first character', async () => {
  assert.equal((await rowsIn('  {"email":"a@b.c"}', { name: '' })).format, 'jsonl')
  assert.equal((await rowsIn('email\na@b.c', { name: '' })).format, 'csv')
  assert.equal((await rowsIn('{"email":"a@b.c"}', { name: 'rows.txt' })).format, 'jsonl')
  await assert.rejects(rowsIn('{"email":"a@b.c"}', { name: 'rows.csv' }), { code: 'invalid_file' })
})

test('a line that never ends is refused before it fills the memory', async () => {
  await assert.rejects(rowsIn(`{"email":"a@b.c"}\n"${'x'.repeat(4_300_000)}`, { name: 'x.jsonl' }), {
    message: 'line 2 is longer than 4194304 characters',
  })
})

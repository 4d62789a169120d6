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

test('a line that is no object, or contains a number that would be rounded, is a bad row', async () => {
  const bad = [
    ['[]', /must be a JSON object/],
    ['{"email":', /not valid JSON/],
    ['{"email":"a@b.c","custom_attributes":{"id":12345678901234567890}}', /would be rounded/],
    ['{"email":true}', /email must be a string/],
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

const numbers: [written: string, passes: boolean][] = [
  ['0.30000000000000004', true],
  ['0.9999999999999999', true],
  ['52.52000659999999812', true],
  ['-12345678901234567890.5', false],
  ['1.7976931348623157e308', true],
  ['123456789012345678e-5', true],
  ['9007199254740991', true],
  ['-9007199254740991', true],
  ['1.0000000000000000000', true],
  ['0.000e5', true],
  ['-0', true],
  ['1e21', true],
  ['9007199254740993', false],
  ['-12345678901234567890', false],
  ['12345678901234567890.0', false],
  ['123456789012345678e1', false],
  ['1234567890123456.78E+3', false],
  ['1234567890123456789000e-3', false],
  ['1e999', false],
]
for (const [written, passes] of numbers) {
  test(`${written} ${passes ? 'passes' : 'is refused'} in a line, in a cell of JSON and in one of a number`, async () => {
    const texts = [
      ['x.jsonl', `{"email":"a@b.c","custom_attributes":{"n":${written},"id":"12345678901234567890"}}`],
      ['x.csv', `email;custom_attributes\na@b.c;"{""n"":${written},""id"":""12345678901234567890""}"`],
      ['x.csv', `email;custom_attributes.n:json;custom_attributes.id\na@b.c;${written};12345678901234567890`],
      [
        'x.csv',
        `email;custom_attributes.n:number;custom_attributes.id\na@b.c;${written};12345678901234567890`,
      ],
    ] as const
    const custom_attributes = { n: Number(written), id: '12345678901234567890' }
    for (const [name, text] of texts) {
      const { inputs } = await rowsIn(text, { name })
      if (passes) assert.deepEqual(inputs, [{ email: 'a@b.c', custom_attributes }], text)
      else assert.match(String(inputs[0]), /would be rounded/, text)
    }
  })
}

test('a number of millions of digits is refused as fast as any', async () => {
  const { inputs } = await rowsIn(`{"email":"a@b.c","custom_attributes":{"n":1${'0'.repeat(4_000_000)}1}}`, {
    name: 'x.jsonl',
  })
  assert.match(String(inputs[0]), /would be rounded/)
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

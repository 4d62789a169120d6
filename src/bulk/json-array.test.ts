import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowsIn } from '../../test/support/bulk-rows.ts'

test('a JSON array is read, however it is written and wherever the blocks cut it', async () => {
  const rows = [
    { email: 'a@b.c', name: 'x, ]y["\\' },
    { email: 'c@d.e', custom_attributes: { n: 1.5, 'a]': 'b' } },
    { email: 'e@f.g' },
  ]
  for (const text of [
    JSON.stringify(rows),
    JSON.stringify(rows, null, 2),
    `\n ${JSON.stringify(rows)}\r\n`,
  ]) {
    for (const name of ['x.json', 'x.jsonl', '']) {
      for (const size of [1, 7, 1000]) {
        const { inputs, format } = await rowsIn(text, { name, size })
        assert.deepEqual([inputs, format], [rows, 'jsonl'])
      }
    }
  }
})

test('rows of an array are named by their lines, kept on one line, and each is read for itself', async () => {
  const text =
    '[\n  {"email":\n    "a@b.c"},\n\n  {"email":"c@d.e","nam":1}, 7,\n {"email":oops}, {"email":"e@f.g"}]'
  const { inputs, lines, rows } = await rowsIn(text, { name: 'x.json' })
  assert.deepEqual(lines, [2, 5, 5, 6, 6])
  assert.equal(rows[0]?.raw, '{"email": "a@b.c"}')
  assert.deepEqual([inputs[0], inputs[4]], [{ email: 'a@b.c' }, { email: 'e@f.g' }])
  assert.match(String(inputs[1]), /unknown parameter "nam"/)
  assert.match(String(inputs[2]), /must be a JSON object/)
  assert.match(String(inputs[3]), /not valid JSON/)
})

test('an array of nothing has no rows', async () => {
  for (const text of ['[]', '[ \n ]\n']) assert.deepEqual((await rowsIn(text, { name: 'x.json' })).inputs, [])
})

const broken: [text: string, message: RegExp][] = [
  ['[{"email":"a@b.c"}', /line 1: .* is not closed/],
  ['[{"email":"a@b.c"},\n', /line 2: .* is not closed/],
  ['[{"email":"a@b.c"},\n]', /line 2: .* comma after the last row/],
  ['[{"email":"a@b.c"},,{"email":"c@d.e"}]', /a row is missing/],
  ['[{"email":"a@b.c"}]\n{"email":"c@d.e"}', /line 2: .* more after the end/],
  ['[{"email":"a@b.c"}}', /closed by a brace/],
  [`[{"email":"a@b.c"},\n{"name":"${'x'.repeat(4_300_000)}"}]`, /line 2: .* longer than 4194304/],
]
for (const [text, message] of broken) {
  test(`an array where nobody can tell the rows is refused: ${text.slice(0, 40)}`, async () => {
    await assert.rejects(rowsIn(text, { name: 'x.json' }), { code: 'invalid_file', message })
  })
}

const documents: [name: string, text: string][] = [
  ['x.json', '{\n  "email": "a@b.c"\n}\n'],
  ['x.jsonl', '{\n  "email": "a@b.c"\n}\n'],
  ['x.json', '{ "contacts": [\n  {"email":"a@b.c"}\n] }'],
  ['x.json', '{"email":"a@b.c",\n"name":"Ada"}'],
]
for (const [name, text] of documents) {
  test(`${name} that is one object over several lines says what to give: ${JSON.stringify(text.slice(0, 20))}`, async () => {
    await assert.rejects(rowsIn(text, { name }), {
      code: 'invalid_file',
      message: /JSON over several lines; give JSON Lines, one object a line: jq/,
    })
  })
}

test('lines that end in commas are bad rows, not a document', async () => {
  const { inputs } = await rowsIn('{"email":"a@b.c"},\n{"email":"c@d.e"}\n', { name: 'x.jsonl' })
  assert.match(String(inputs[0]), /not valid JSON/)
  assert.deepEqual(inputs[1], { email: 'c@d.e' })
})

test('--map and --ignore are refused for JSON', async () => {
  const map = ['First Name=name']
  for (const name of ['x.json', 'x.jsonl'])
    await assert.rejects(rowsIn('[{"email":"a@b.c"}]', { name, map }), { message: /columns of a CSV file/ })
})

test('one object that holds the rows says how to take them out, and a search may hold filters', async () => {
  for (const name of ['x.json', 'x.jsonl']) {
    await assert.rejects(rowsIn('{"total":1,"data":[{"email":"a@b.c"}]}\n', { name }), {
      code: 'invalid_file',
      message: /one JSON object that holds a list; .* jq -c "\.data\[\]" FILE/,
    })
  }
  const filter = { field: 'name', operator: '=', value: 'Ada' }
  const search = { query_operator: 'AND', query_value: [filter] }
  const { rows } = await rowsIn(JSON.stringify(search), { name: 'x.jsonl', action: 'search_contacts' })
  assert.equal(rows[0]?.problem, null)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowsIn } from '../../test/support/bulk-rows.ts'

test('cells may hold separators, quotes and line breaks, and rows are named by the line they begin on', async () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const text = ['email,name', '', 'a@b.c,"x', 'y, ""z"""', '', '', 'c@d.e,plain', 'bad'].join(end)
    for (const size of [1, 7, 1000]) {
      const { inputs, lines, rows } = await rowsIn(text, { size })
      assert.deepEqual(inputs.slice(0, 2), [
        { email: 'a@b.c', name: `x${end}y, "z"` },
        { email: 'c@d.e', name: 'plain' },
      ])
      assert.deepEqual(lines, [3, 7, 8])
      assert.equal(rows[0]?.raw, `a@b.c,"x${end}y, ""z"""`)
    }
  }
})

test('line breaks of several kinds in one file are all line breaks', async () => {
  const { inputs, lines } = await rowsIn('email,name\na@b.c,"x\r\ny"\r\nc@d.e,z\re@f.g,w')
  assert.deepEqual(inputs.length, 3)
  assert.deepEqual(lines, [2, 4, 5])
})

test('the separator is the one that stands most often in the header, outside quotes', async () => {
  for (const separator of [',', ';', '\t', '|']) {
    const { inputs, header } = await rowsIn(`email${separator}name\na@b.c${separator}"x,;\t|"\n`)
    assert.deepEqual([inputs, header], [[{ email: 'a@b.c', name: 'x,;\t|' }], `email${separator}name`])
  }
  const quoted = await rowsIn('"email";"custom_attributes.a,b,c"\na@b.c;x\n')
  assert.deepEqual(quoted.inputs, [{ email: 'a@b.c', custom_attributes: { 'a,b,c': 'x' } }])
  const only = await rowsIn('email\na@b.c\n')
  assert.deepEqual(only.inputs, [{ email: 'a@b.c' }])
})

test('a separator that is given stands above what the header shows', async () => {
  const { inputs } = await rowsIn('email;custom_attributes.a,b,c\na@b.c;x\n', { separator: ';' })
  assert.deepEqual(inputs, [{ email: 'a@b.c', custom_attributes: { 'a,b,c': 'x' } }])
})

test('where quotes are wrong nobody can say what the rows are, so the file is refused by the line', async () => {
  const cases: [string, RegExp][] = [
    ['email,name\na@b.c,x\nc@d.e,"y\ne@f.g,z\n', /line 3 cannot be read: a quote is opened and never closed/],
    ['email,name\na@b.c,x\nc@d.e,"y"z\n', /line 3 cannot be read: there is a quote in the middle/],
    ['email,name\nc@d.e,y"z"\n', /line 2 cannot be read: there is a quote in the middle/],
    [`email,name\na@b.c,"${'x\n'.repeat(2_200_000)}`, /line 2 .* longer than 4194304/],
  ]
  for (const [text, message] of cases) {
    await assert.rejects(rowsIn(text), { code: 'invalid_file', message })
  }
})

test('an empty file is refused, and a header alone has no rows', async () => {
  for (const text of ['', '\n\n']) await assert.rejects(rowsIn(text), { message: 'the file is empty' })
  assert.deepEqual((await rowsIn('email,name')).inputs, [])
})

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

test('a line sep=; before the header says the separator, and lines are still counted from the first', async () => {
  const marks: [line: string, separator: string][] = [
    ['sep=;', ';'],
    ['SEP=,', ','],
    ['"sep=|"', '|'],
    ['sep=\t', '\t'],
    ['sep=\\t', '\t'],
    ['sep=;;;', ';'],
  ]
  for (const [line, separator] of marks) {
    for (const end of ['\n', '\r\n', '\r']) {
      for (const size of [1, 1000]) {
        const attribute = separator === ',' ? 'a;b;c' : 'a,b,c'
        const title = `custom_attributes.${attribute}`
        const text = [line, `email${separator}${title}`, '', `a@b.c${separator}x`, 'bad'].join(end)
        const { inputs, lines, header } = await rowsIn(text, { size })
        assert.deepEqual(inputs[0], { email: 'a@b.c', custom_attributes: { [attribute]: 'x' } })
        assert.equal(header?.startsWith(`email${separator}`), true)
        assert.equal(inputs.length, 2)
        assert.deepEqual(lines, [4, 5])
      }
    }
  }
  const given = await rowsIn('sep=;\nemail,name\na@b.c,x\n', { separator: ',' })
  assert.deepEqual(given.inputs, [{ email: 'a@b.c', name: 'x' }])
  await assert.rejects(rowsIn('sep=^\nemail^name\n'), {
    message: /the separator "\^" of sep= is not supported/,
  })
  await assert.rejects(rowsIn('sep=;\r\n'), { message: 'the file is empty' })
})

test('rows of separators alone are skipped and counted, whatever blanks are between them', async () => {
  const blanks = [';;', '"";"";""', ' ; ;', '\u00a0;\u200b;\ufeff', ';', ';;;;', '" ";;']
  const { inputs, lines, rows, skipped } = await rowsIn(
    `email;name;phone\na@b.c;x;\n${blanks.join('\n')}\nc@d.e;y;\n`,
  )
  assert.deepEqual(inputs, [
    { email: 'a@b.c', name: 'x' },
    { email: 'c@d.e', name: 'y' },
  ])
  assert.deepEqual([lines, rows.map(({ row }) => row), skipped], [[2, 10], [1, 2], blanks.length])
  assert.equal((await rowsIn('email\na@b.c\n')).skipped, 0)
})

test('the separator is the one by which most titles are parameters', async () => {
  const { inputs } = await rowsIn('email;custom_attributes.a,b,c;Name\na@b.c;x;y\n')
  assert.deepEqual(inputs, [{ email: 'a@b.c', name: 'y', custom_attributes: { 'a,b,c': 'x' } }])
})

test('rows of separators alone before the header are skipped too', async () => {
  const { inputs, lines, skipped, header } = await rowsIn(';;\n;;\nemail;name;phone\na@b.c;x;\n')
  assert.deepEqual([inputs, lines, skipped], [[{ email: 'a@b.c', name: 'x' }], [4], 2])
  assert.equal(header, 'email;name;phone')
  await assert.rejects(rowsIn(';;\n;;\n'), { message: 'the file is empty' })
})

test('columns without a name are left out while nothing stands in them', async () => {
  const { inputs, uses, skipped } = await rowsIn('email,,name,,\na@b.c,,Ada,"", \n,,,,\n')
  assert.deepEqual([inputs, skipped], [[{ email: 'a@b.c', name: 'Ada' }], 1])
  assert.deepEqual(
    uses?.map(({ column, parameter }) => [column, parameter]),
    [
      ['email', 'email'],
      ['column 2', null],
      ['name', 'name'],
      ['column 4', null],
      ['column 5', null],
    ],
  )
  const index = ',email,name\n0,a@b.c,Ada\n1,c@d.e,\n'
  await assert.rejects(rowsIn(index), {
    code: 'invalid_file',
    message: 'column 1 has no name, but line 2 has "0" there',
    hint: /--ignore "column 1"/,
  })
  assert.equal((await rowsIn(index, { ignore: ['column 1'] })).inputs.length, 2)
  for (const again of [index, index.replace(/^/gm, 'why,').replace('why', 'bulk_failure_reason')]) {
    const { inputs } = await rowsIn(again.replace(/why,$/, ''), { map: ['column 1=external_id'] })
    assert.deepEqual(inputs[0], { external_id: '0', email: 'a@b.c', name: 'Ada' })
  }
})

test('an error of the header names its line', async () => {
  await assert.rejects(rowsIn('sep=;\n;;\n\nemail;nam\n'), { message: /^line 4: unknown parameter "nam"/ })
})

const reasons: [what: string, header: string, row: string, expected: string][] = [
  ['a row', 'email,name', 'a@b.c,"x, ""y"""', '"why ""so""",a@b.c,"x, ""y"""'],
  ['a row with a line break', 'email,name', 'a@b.c,"x\r\ny"', '"why ""so""",a@b.c,"x\r\ny"'],
  [
    'a row that has a reason',
    'bulk_failure_reason,email,name',
    '"old, ""one""",a@b.c,',
    '"why ""so""",a@b.c,',
  ],
  [
    'a reason that was moved',
    'email,bulk_failure_reason,name',
    'a@b.c,old,"x,y"',
    'a@b.c,"why ""so""","x,y"',
  ],
  ['a reason at the end', 'email;name;bulk_failure_reason', 'a@b.c;x;', 'a@b.c;x;"why ""so"""'],
  ['a short row', 'email,name', 'a@b.c', '"why ""so""",a@b.c'],
  ['a short row that has a reason', 'bulk_failure_reason,email,name', '"old",a@b.c', '"old",a@b.c'],
  ['a long row that has a reason', 'email,bulk_failure_reason', 'a@b.c,x,old', 'a@b.c,x,old'],
]
for (const [what, header, row, expected] of reasons) {
  test(`${what} is kept with why it failed, in one cell`, async () => {
    const { rows, inputs } = await rowsIn(`${header}\n${row}\n`)
    assert.equal(rows[0]?.withReason('why "so"'), expected)
    assert.doesNotMatch(JSON.stringify(inputs[0]), /old/)
  })
}

test('a column of reasons is not sent, and a row in which nothing else is left is skipped', async () => {
  const { inputs, uses, skipped } = await rowsIn('bulk_failure_reason,email\nwhy,a@b.c\nwhy,\n')
  assert.deepEqual([inputs, skipped], [[{ email: 'a@b.c' }], 1])
  assert.deepEqual(
    uses?.map(({ column, parameter }) => [column, parameter]),
    [
      ['bulk_failure_reason', null],
      ['email', 'email'],
    ],
  )
})

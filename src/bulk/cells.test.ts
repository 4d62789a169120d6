import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowsIn } from '../../test/support/bulk-rows.ts'

/** The message for a cell of a column, or the input where it is no bad row. */
async function cell(column: string, text: string) {
  const quoted = `"${text.replaceAll('"', '""')}"`
  const { inputs, rows } = await rowsIn(
    column === 'email' ? `email\n${quoted}\n` : `email,${column}\na@b.c,${quoted}\n`,
  )
  const problem = rows[0]?.problem ?? null
  if (problem !== null) assert.equal(problem.column, column)
  return problem === null ? inputs[0] : problem.error.message
}

const errors =
  '#N/A #REF! #VALUE! #NAME? #DIV/0! #NUM! #NULL! #SPILL! #CALC! #GETTING_DATA #ERROR! #n/a #NV #BEZUG! #WERT! #VALEUR! #¡REF! #¿NOMBRE? #VALOR! #RIF! #WAARDE! Err:502 Err:522'
for (const text of errors.split(' ')) {
  test(`${text} is a bad row in every column, and the message says whose error it is`, async () => {
    for (const column of [
      'phone',
      'name',
      'unsubscribed_from_emails',
      'custom_attributes.a',
      'custom_attributes.n:number',
      'custom_attributes',
      'email',
    ])
      assert.match(
        String(await cell(column, text)),
        /holds a spreadsheet’s error value; correct the formula or clear the cell \(given "/,
      )
  })
}

const plain = [
  'N/A',
  'NULL',
  'null',
  'None',
  '#1',
  '#hashtag!',
  '#N',
  'n/a',
  'Error',
  '5E10',
  '1E5',
  'E+12',
  "Conan O'Brien",
  "'s-Hertogenbosch",
  '=',
  '-',
  '1.5E+3 units',
  '00123',
  '12000.0',
  '12/05/2025',
  'Ada # Co',
]
for (const text of plain) {
  test(`${text} is a text that somebody may have entered`, async () => {
    assert.deepEqual(await cell('custom_attributes.a', text), {
      email: 'a@b.c',
      custom_attributes: { a: text },
    })
  })
}

const mangled: [column: string, text: string, message: RegExp][] = [
  ...['4.91512E+12', '4,91512E+12', '1E+15', '1.2e-05', '-3.4E+11', '2.15474E+14'].flatMap((text) =>
    ['phone', 'external_id', 'name', 'custom_attributes.a'].map((column): [string, string, RegExp] => [
      column,
      text,
      /is in scientific notation: the spreadsheet took it for a number and its digits are lost; .*\(given "[-\d]/,
    ]),
  ),
  ['phone', '#######', /too narrow to show it/],
  ['custom_attributes.a', '########', /too narrow to show it/],
  ['external_id', '="00123"', /is a formula; export the values/],
  ['external_id', '215474207.0', /exported as a decimal number; export it as text \(given "215474207.0"\)/],
  ['phone', '4915112345678.0', /exported as a decimal number/],
  ['phone', '4915112345678,00', /exported as a decimal number/],
  ['phone', "'+4915112345678", /mark for text; remove the apostrophe/],
  ['external_id', "'00123", /remove the apostrophe/],
]
for (const [column, text, message] of mangled) {
  test(`${text} in ${column} is a bad row that says what the spreadsheet did`, async () => {
    assert.match(String(await cell(column, text)), message)
  })
}

const numbers: [text: string, isLocal: boolean][] = [
  ['12,5', true],
  ['1.234,56', true],
  ['1,234.56', true],
  ['1 234', true],
  ['1\u00a0234,5', true],
  ["1'234", true],
  ['1.234.567', true],
  ['12 %', false],
  ['€ 12', false],
  ['12 seats', false],
  ['twelve', false],
]
for (const [text, isLocal] of numbers) {
  test(`${text} is no number, ${isLocal ? 'with the way to write it' : 'and shown'}`, async () => {
    const message = String(await cell('custom_attributes.n:number', text))
    assert.match(message, /must be a number such as 12 or 12\.5/)
    assert.equal(/with a decimal point and no other separators/.test(message), isLocal)
    assert.ok(message.includes(`(given ${JSON.stringify(text)})`), message)
  })
}

test('errors show a value in its first characters, and of a secret hardly anything', async () => {
  assert.equal(
    await cell('email', 'ada(at)x.example'),
    'email is not an e-mail address (given "ada(at)x.example")',
  )
  assert.equal(
    await cell('role', `a long text ${'x '.repeat(100)}`),
    `role must be "user" or "lead" (given "a long text x x x x x x x x x x x x x x …")`,
  )
  for (const secret of [`Bearer abc${'d'.repeat(20)}`, 'dG9rOmFiY2RlZjEyMzQ1Njc4OTBhYmNkZWYxMjM0NTY3ODkw'])
    assert.match(String(await cell('role', secret)), /\(given ".{4}…"\)$/)
  const { inputs } = await rowsIn('{"email":"a@b.c","role":7}\n{"email":"a@b.c","role":"boss"}\n', {
    name: 'x.jsonl',
  })
  assert.match(String(inputs[0]), /role must be .* \(given 7\)$/)
  assert.match(String(inputs[1]), /role must be .* \(given "boss"\)$/)
})

test('a list may be one text', async () => {
  const header = 'conversation_id,reply_type,admin_id,body,attachment_urls\n1,admin,2,Hi,'
  const action = 'reply_to_conversation'
  for (const text of ['https://x.y/a', '"[""https://x.y/a""]"']) {
    const { inputs } = await rowsIn(`${header}${text}\n`, { action })
    assert.deepEqual((inputs[0] as { attachment_urls: unknown }).attachment_urls, ['https://x.y/a'])
  }
  assert.match(String((await rowsIn(`${header}"[https://x.y/a]"\n`, { action })).inputs[0]), /not valid JSON/)
})

test('an error value in a row of JSON is a bad row that names its key', async () => {
  const rows = [
    { email: 'a@b.c', phone: '#N/A' },
    { email: 'a@b.c', custom_attributes: { plan: '#REF!' } },
    { email: 'a@b.c', name: 'N/A', role: null, custom_attributes: { n: 1, plan: '5E10' } },
  ]
  const { inputs, rows: read } = await rowsIn(JSON.stringify(rows), { name: 'x.json' })
  assert.match(String(inputs[0]), /^phone holds a spreadsheet’s error value; .* \(given "#N\/A"\)$/)
  assert.match(String(inputs[1]), /^custom_attributes\.plan holds a spreadsheet’s error value/)
  assert.deepEqual(
    read.map(({ problem }) => problem?.column),
    ['phone', 'custom_attributes', undefined],
  )
})

test('half a million digits, blanks or breaks in a cell are read in time', async () => {
  const from = process.cpuUsage()
  const many = (text: string) => text.repeat(500_000)
  for (const text of [`${many('1')}x`, `1${many(' ')}x`]) await cell('custom_attributes.n:number', text)
  assert.deepEqual(await cell('name', `a${many('\n')}b`), { email: 'a@b.c', name: `a${many('\n')}b` })
  assert.ok(process.cpuUsage(from).user < 10_000_000)
})

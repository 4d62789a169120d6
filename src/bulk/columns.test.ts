import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowsIn } from '../../test/support/bulk-rows.ts'

test('the header names parameters, and attributes with the type that is written behind them', async () => {
  const { inputs } = await rowsIn(
    'email,unsubscribed_from_emails,custom_attributes.zip,custom_attributes.seats:number,custom_attributes.vip:boolean,custom_attributes.since:json\n' +
      'a@b.c,TRUE,01234,-2.5,False,null\n',
  )
  const custom_attributes = { zip: '01234', seats: -2.5, vip: false } // null says nothing
  assert.deepEqual(inputs, [{ email: 'a@b.c', unsubscribed_from_emails: true, custom_attributes }])
})

test('an empty cell leaves its parameter out, quoted or not, whatever its column takes', async () => {
  const header =
    'email,name,unsubscribed_from_emails,custom_attributes.plan,custom_attributes.seats:number,custom_attributes.vip:boolean,custom_attributes.x:json'
  const { inputs } = await rowsIn(`${header}\na@b.c,,,,,,\nc@d.e,"",""," ","","",""\n`)
  assert.deepEqual(inputs, [{ email: 'a@b.c' }, { email: 'c@d.e' }])
})

test('a list is one cell of JSON, or a column for each of it in the order of their numbers', async () => {
  const reply = 'conversation_id,reply_type,admin_id,body'
  const given = { conversation_id: '1', reply_type: 'admin', admin_id: '2', body: 'Hi' }
  const several = await rowsIn(
    `${reply},attachment_urls.1,attachment_urls.0\n1,admin,2,Hi,https://x.y/b,https://x.y/a\n1,admin,2,Hi,https://x.y/b,\n1,admin,2,Hi,,\n`,
    { action: 'reply_to_conversation' },
  )
  assert.deepEqual(several.inputs, [
    { ...given, attachment_urls: ['https://x.y/a', 'https://x.y/b'] },
    { ...given, attachment_urls: ['https://x.y/b'] },
    given,
  ])
  const one = await rowsIn(`${reply},attachment_urls\n1,admin,2,Hi,"[""https://x.y/a""]"\n`, {
    action: 'reply_to_conversation',
  })
  assert.deepEqual(one.inputs, [{ ...given, attachment_urls: ['https://x.y/a'] }])
})

const badCells: [column: string, cell: string, message: RegExp][] = [
  ['unsubscribed_from_emails', 'maybe', /^unsubscribed_from_emails must be true or false \(given "maybe"\)$/],
  ['custom_attributes.n:number', '1,5', /must be a number/],
  ['custom_attributes.n:number', '0x10', /must be a number/],
  ['custom_attributes.n:number', ' 5', /must be a number/],
  ['custom_attributes.n:number', '1e999', /would be rounded/],
  ['custom_attributes.n:number', '9007199254740993', /would be rounded/],
  ['custom_attributes.n:json', '{', /is not valid JSON/],
  ['custom_attributes', '[9007199254740993]', /would be rounded/],
  ['custom_attributes', '[7]', /must be an object/],
  ['phone', 'x;y', /4 cells but the header has 3/],
]
for (const [column, cell, message] of badCells) {
  test(`${cell} for ${column} is a bad row that names the column, and the next row is read`, async () => {
    const { rows, inputs } = await rowsIn(`email;${column};name\nq@b.c;${cell};x\na@b.c;;y\n`)
    assert.match(String(inputs[0]), message)
    assert.equal(rows[0]?.problem?.column, column === 'phone' ? null : column)
    assert.deepEqual(inputs[1], { email: 'a@b.c', name: 'y' })
  })
}

test('what the action refuses is named by the column that fills the parameter', async () => {
  const { rows } = await rowsIn('email,custom_attributes.a\nnobody,x\n')
  assert.deepEqual([rows[0]?.problem?.column, rows[0]?.line], ['email', 2])
})

const badHeaders: [header: string, message: RegExp][] = [
  ['email,nam', /unknown parameter "nam"\. Did you mean "name"\?/],
  ['email,', /column 2 has no name/],
  ['email,email', /"email" and "email" set the same parameter/],
  ['email,custom_attributes,custom_attributes.plan', /"custom_attributes" and "custom_attributes.plan" set/],
  ['email,custom_attributes.a,custom_attributes.a:number', /set the same/],
  ['email,custom_attributes.a:date', /must be :number, :boolean or :json/],
  ['email,custom_attributes.', /must name an attribute/],
  ['email,name.first', /unknown parameter "name.first"/],
  ['email,constructor', /unknown parameter "constructor"/],
  ['name', /upsert_contact needs a column "email"/],
]
for (const [header, message] of badHeaders) {
  test(`the header ${header} is refused before any row`, async () => {
    await assert.rejects(rowsIn(`${header}\na,b,c\n`), { code: 'invalid_file', message })
  })
}

test('an attribute may be called __proto__ and stays one', async () => {
  const { inputs } = await rowsIn('email,custom_attributes.__proto__\na@b.c,x\n')
  const attributes = (inputs[0] as { custom_attributes: object }).custom_attributes
  assert.deepEqual(Object.keys(attributes), ['__proto__'])
})

test('of an attribute whose name has a colon the last part is the type', async () => {
  const { inputs } = await rowsIn('email,custom_attributes.size:eu:number\na@b.test,42\n')
  assert.deepEqual(inputs, [{ email: 'a@b.test', custom_attributes: { 'size:eu': 42 } }])
})

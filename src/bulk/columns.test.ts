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

const titles: [title: string, parameter: string][] = [
  ['E-Mail', 'email'],
  ['EMAIL', 'email'],
  [' email ', 'email'],
  ['\ufeffemail', 'email'],
  ['\u200bemail\u00a0', 'email'],
  ['"""email"""', 'email'],
  ["'email'", 'email'],
  ['“E-Mail”', 'email'],
  ['External ID', 'external_id'],
  ['external id', 'external_id'],
  ['externalId', 'external_id'],
  ['External\u00a0ID', 'external_id'],
  ['EXTERNAL-ID', 'external_id'],
  ['Unsubscribed From Emails', 'unsubscribed_from_emails'],
  ['Custom Attributes.Plan', 'custom_attributes.Plan'],
  ['custom_attributes.Plan Name', 'custom_attributes.Plan Name'],
  ['custom_attributes. plan ', 'custom_attributes.plan'],
  ['custom_attributes.a.b', 'custom_attributes.a.b'],
]
for (const [title, parameter] of titles) {
  test(`the column ${JSON.stringify(title)} is ${parameter}`, async () => {
    const { uses } = await rowsIn(parameter === 'email' ? `${title},name\n` : `email,${title}\n`)
    assert.equal(uses?.[parameter === 'email' ? 0 : 1]?.parameter, parameter)
  })
}

test('two columns that mean one parameter are refused, however they are written', async () => {
  for (const header of ['email,E-Mail', 'email,external_id,External ID', 'email,name,Name']) {
    await assert.rejects(rowsIn(`${header}\n`), { message: /set the same parameter/, hint: /--ignore/ })
  }
})

test('attributes that differ in case alone are two', async () => {
  const { inputs } = await rowsIn('email,custom_attributes.Plan,custom_attributes.plan\na@b.c,x,y\n')
  assert.deepEqual(inputs, [{ email: 'a@b.c', custom_attributes: { Plan: 'x', plan: 'y' } }])
})

test('all unknown columns are named at once, with what each may have meant and the flags that say so', async () => {
  const header = 'email,First Name,Last Name,user_id,Plan,Phone Number,Notes,"Owner, old"'
  await assert.rejects(rowsIn(`${header}\n`), ({ message, hint }: { message: string; hint: string }) => {
    for (const words of [
      'line 1: unknown parameters "First Name" (did you mean "name"?)',
      '"Last Name" (did you mean "name"?)',
      '"user_id" (did you mean "external_id"?)',
      '"Plan" (did you mean "custom_attributes.plan"?)',
      '"Phone Number" (did you mean "phone"?), "Notes", "Owner, old"',
    ])
      assert.ok(message.includes(words), message)
    for (const words of [
      '--map "user_id=external_id,Plan=custom_attributes.plan,Phone Number=phone"',
      'There is only one name: join "First Name" and "Last Name" into a column',
      '--map "Notes=custom_attributes.Notes"',
      'upsert_contact takes email, role, external_id',
    ])
      assert.ok(hint.includes(words), hint)
    return true
  })
})

test('--map and --ignore say what columns are', async () => {
  const text = 'Mail,First Name,Notes,"a, b",x=y\na@b.c,Ada,later,1,2\n'
  const options = {
    map: ['Mail=email,first name=name', 'a, b=custom_attributes.Score:number', 'x=y=phone'],
    ignore: ['NOTES'],
  }
  const { inputs, uses } = await rowsIn(text, options)
  assert.deepEqual(inputs, [{ email: 'a@b.c', name: 'Ada', phone: '2', custom_attributes: { Score: 1 } }])
  assert.deepEqual(
    uses?.map(({ parameter }) => parameter),
    ['email', 'name', null, 'custom_attributes.Score', 'phone'],
  )
  const more = await rowsIn('email,name,a,b,"c, d"\na@b.c,Ada,1,2,3\n', {
    ignore: ['a, b', 'c, d'],
    map: ['name=external_id'],
  })
  assert.deepEqual(more.inputs, [{ email: 'a@b.c', external_id: 'Ada' }])
})

const wrongFlags: [map: string[], ignore: string[], message: RegExp, hint: RegExp][] = [
  [
    ['Fist Name=name'],
    [],
    /--map names "Fist Name", which is not a column\. Did you mean "First Name"/,
    /"email", "First Name"/,
  ],
  [[], ['Note'], /--ignore names "Note", which is not a column/, /The columns are/],
  [
    ['First Name=nam'],
    ['Notes'],
    /unknown parameter "nam" of --map for "First Name"\. Did you mean "name"/,
    /takes email/,
  ],
  [['First Name=custom_attributes.x:date'], ['Notes'], /must be :number, :boolean or :json/, /./],
  [['First Name'], [], /--map "First Name" names no parameter/, /Write --map/],
  [['First Name='], [], /names no parameter/, /Write --map/],
  [['First Name=name', 'First Name=phone'], [], /give the column "First Name" two meanings/, /Give it one/],
  [['Notes=name'], ['Notes'], /give the column "Notes" two meanings/, /Give it one/],
  [['First Name=name,Notes=name'], [], /"First Name" and "Notes" set the same parameter/, /Join them/],
  [[], ['email', 'First Name', 'Notes'], /needs a column "email"/, /--map/],
]
for (const [map, ignore, message, hint] of wrongFlags) {
  test(`--map ${map.join(' ')} --ignore ${ignore.join(' ')} is refused`, async () => {
    await assert.rejects(rowsIn('email,First Name,Notes\n', { map, ignore }), {
      code: 'invalid_file',
      message,
      hint,
    })
  })
}

const noHeaders: [first: string, hint: RegExp][] = [
  ['ada@x.example,Ada', /first line must name the parameters\. upsert_contact takes email/],
  ['"email;name"', /is the separator ";", with quotes around whole lines\?/],
]
for (const [first, hint] of noHeaders) {
  test(`a file that begins with ${first} is refused with what the first line must be`, async () => {
    await assert.rejects(rowsIn(`${first}\n`, { separator: ',' }), { message: /^line 1: unknown/, hint })
  })
}

test('words that people answer with are true and false in a boolean column', async () => {
  for (const [word, value] of [
    ['yes', true],
    ['No', false],
    ['TRUE', true],
    [' false ', false],
  ] as const) {
    const { inputs } = await rowsIn(
      `email,unsubscribed_from_emails,custom_attributes.vip:boolean\na@b.c,${word},${word}\n`,
    )
    assert.deepEqual(inputs, [
      { email: 'a@b.c', unsubscribed_from_emails: value, custom_attributes: { vip: value } },
    ])
  }
})

test('an attribute that is read as text and takes something else has advice for its column', async () => {
  const { rows } = await rowsIn(
    'email,custom_attributes.vip,custom_attributes.n,custom_attributes.m:number\na@b.c,TRUE,7.0,1\n',
  )
  const advice = (message: string) => rows[0]?.advice(message)
  assert.equal(
    advice('custom_attributes.vip takes true or false, not "TRUE"'),
    'Call the column "custom_attributes.vip:boolean"',
  )
  assert.equal(
    advice('custom_attributes.n takes a whole number, not "7.0"'),
    'Call the column "custom_attributes.n:number"',
  )
  assert.equal(advice('custom_attributes.m takes a number, not 1'), null)
  assert.equal(advice('custom_attributes.n takes text, not 1'), null)
})

test('the columns of an attribute that a message names is the one at fault', async () => {
  const { rows } = await rowsIn('email,custom_attributes.a,custom_attributes.b\na@b.c,x,y\n')
  const columnOf = rows[0]?.columnOf
  assert.equal(columnOf?.('custom_attributes', 'custom_attributes.b takes a number'), 'custom_attributes.b')
  assert.equal(
    columnOf?.('custom_attributes', 'custom_attributes.b does not exist in this workspace'),
    'custom_attributes.b',
  )
  assert.equal(columnOf?.('custom_attributes', 'something else'), 'custom_attributes.a')
})

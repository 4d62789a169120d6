import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createNote } from '../actions/create-note.ts'
import { upsertContact } from '../actions/upsert-contact.ts'
import { inputsOf, planOfFile, planOfList } from './bulk-plan.ts'
import { serviceOptions } from './service-options.ts'

/** A folder with a file of JSON Lines. */
function folderWith(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-plan-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'rows.jsonl'), text)
  return folder
}

const contact = (n: number | string) => `{"email":"a@b.c","custom_attributes":{"n":${n}}}`

test('a whole number that JSON would round makes a bad row, as on the command line', async (t) => {
  const folder = folderWith(t, [contact('9007199254740993'), contact(1), '{"email":'].join('\n'))
  const { rows, bad } = await planOfFile(upsertContact, folder, 'rows.jsonl')
  assert.equal(rows, 3)
  assert.deepEqual(bad, [
    { row: 1, error: 'the line contains a number that would be rounded; send it as text' },
    { row: 3, error: 'the line is not valid JSON' },
  ])
})

test('a list of rows with such a number is refused before anything of it is kept', () => {
  const { serde } = serviceOptions
  const request = (n: string) => Buffer.from(`{"action":"upsert_contact","rows":[${contact(n)}]}`)
  assert.throws(
    () => serde?.deserialize(request('9007199254740993')),
    /: the request contains a number that would be rounded; send it as text$/,
  )
  assert.deepEqual(serde?.deserialize(request('0.1')), JSON.parse(request('0.1').toString()))
})

test('chunks of a file are read back as its rows, each with what is wrong with it', async (t) => {
  const lines = Array.from({ length: 60 }, (_, n) => contact(n))
  lines[30] = contact('9007199254740993')
  const text = `\n${lines.slice(0, 25).join('\r\n')}\n\n \n${lines.slice(25).join('\n')}`
  const folder = folderWith(t, text)
  const { chunks } = await planOfFile(upsertContact, folder, 'rows.jsonl')
  assert.deepEqual(
    chunks.map(({ first, count }) => [first, count]),
    [
      [1, 25],
      [26, 25],
      [51, 10],
    ],
  )
  const inputs = (await Promise.all(chunks.map((chunk) => inputsOf(chunk, folder)))).flat()
  assert.throws(() => inputs[30]?.(), { code: 'invalid_input', message: /would be rounded/ })
  for (const [n, input] of inputs.entries())
    if (n !== 30) assert.deepEqual(input(), JSON.parse(lines[n] ?? ''))
  for (const changed of [text.replace('"n":59', '"n":58'), text.slice(0, -1), `${text} x`]) {
    writeFileSync(join(folder, 'rows.jsonl'), changed)
    await assert.rejects(inputsOf(chunks[2] ?? assert.fail(), folder), { code: 'file_changed' })
  }
})

test('a file that is not plain UTF-8 is refused whole', async (t) => {
  const folder = folderWith(t, `\ufeff${contact(1)}`)
  await assert.rejects(planOfFile(upsertContact, folder, 'rows.jsonl'), { message: /must be UTF-8 without/ })
  writeFileSync(join(folder, 'rows.jsonl'), Buffer.from(`\n${contact(1)}\n\xe9`, 'latin1'))
  await assert.rejects(planOfFile(upsertContact, folder, 'rows.jsonl'), {
    message: 'line 3 is not valid utf-8',
  })
})

test('a file that is no JSON Lines is refused whole, with what it is', async (t) => {
  const folder = folderWith(t, '')
  const others: [content: string, message: RegExp][] = [
    ['[{"email":"a@b.c"}]', /JSON array; give JSON Lines, one object a line/],
    ['[\n{"email":"a@b.c"}\n]', /JSON array/],
    ['{\n  "email": "a@b.c"\n}', /JSON over several lines/],
    ['PK\x03\x04\x14\0xl/workbook.xml', /Excel workbook/],
    ['<html></html>', /HTML page/],
  ]
  for (const [content, message] of others) {
    writeFileSync(join(folder, 'rows.jsonl'), content)
    await assert.rejects(planOfFile(upsertContact, folder, 'rows.jsonl'), { code: 'invalid_file', message })
  }
})

test('a row of a list that its action refuses is told with the value', () => {
  const { bad } = planOfList(upsertContact, [{ email: 'a@b.c', role: 'boss' }])
  assert.deepEqual(bad, [{ row: 1, error: 'role must be "user" or "lead" (given "boss")' }])
})

const notes = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ contact_id: `${n + 1}`, body: 'Grüße ✓' }))
const fails = (code: string, message: RegExp) => ({ name: 'IntercomError', code, message })

test('a list is cut into chunks of twenty-five, each row in one', async () => {
  const rows = notes(51)
  const { chunks, ...plan } = planOfList(createNote, rows)
  assert.deepEqual(
    chunks.map(({ first, count }) => [first, count]),
    [
      [1, 25],
      [26, 25],
      [51, 1],
    ],
  )
  const inputs = (await Promise.all(chunks.map((chunk) => inputsOf(chunk, undefined)))).flat()
  assert.deepEqual(
    inputs.map((input) => input()),
    rows,
  )
  assert.deepEqual([plan.rows, plan.bad, plan.bad_rows], [51, [], 0])
  assert.notEqual(planOfList(createNote, notes(50)).sha256, plan.sha256)
  assert.deepEqual(planOfList(createNote, notes(50)).chunks.length, 2)
})

test('a file is cut the same, with blank lines and a last line without its end', async (t) => {
  const rows = notes(51)
  const lines = rows.map((row) => JSON.stringify(row))
  const folder = folderWith(t, `\n${lines.slice(0, 30).join('\n\n')}\n \n${lines.slice(30).join('\n')}`)
  const plan = await planOfFile(createNote, folder, 'rows.jsonl')
  assert.deepEqual(
    plan.chunks.map(({ first, count }) => [first, count]),
    [
      [1, 25],
      [26, 25],
      [51, 1],
    ],
  )
  assert.deepEqual([plan.rows, plan.bad_rows], [51, 0])
  const inputs = (await Promise.all(plan.chunks.map((chunk) => inputsOf(chunk, folder)))).flat()
  assert.deepEqual(
    inputs.map((input) => input()),
    rows,
  )
})

test('a chunk whose lines have changed, or are gone, is refused, and no other', async (t) => {
  const text = notes(30)
    .map((row) => JSON.stringify(row))
    .join('\n')
  const folder = folderWith(t, text)
  const file = join(folder, 'rows.jsonl')
  const [first, second] = (await planOfFile(createNote, folder, 'rows.jsonl')).chunks
  assert.ok(first && second)
  writeFileSync(file, text.replace('"contact_id":"30"', '"contact_id":"31"'))
  await inputsOf(first, folder)
  await assert.rejects(inputsOf(second, folder), fails('file_changed', /not what it was/))
  writeFileSync(file, text.slice(0, text.lastIndexOf('\n')))
  await assert.rejects(inputsOf(second, folder), fails('file_changed', /not what it was/))
  rmSync(file)
  await assert.rejects(inputsOf(first, folder), fails('file_changed', /no file/))
})

test('rows that their action will refuse are counted, and the first hundred are named', () => {
  const refused = Array.from({ length: 120 }, () => ({ contact_id: '1' }))
  const plan = planOfList(createNote, [...notes(2), ...refused])
  assert.deepEqual(
    [plan.bad.length, plan.bad_rows, plan.bad[0]?.row, plan.bad.at(-1)?.row],
    [100, 120, 3, 102],
  )
})

test('no name leads out of the folder, and a file that ends within a character is refused', async (t) => {
  const folder = join(folderWith(t, ''), 'files')
  mkdirSync(folder)
  mkdirSync(`${folder}-of-others`)
  writeFileSync(join(folder, 'cut.jsonl'), Buffer.from([0x20, 0xe2, 0x9c]))
  writeFileSync(join(`${folder}-of-others`, 'x.jsonl'), '')
  symlinkSync(join(`${folder}-of-others`, 'x.jsonl'), join(folder, 'link.jsonl'))
  const plan = (name: string) => planOfFile(createNote, folder, name)
  for (const name of ['../files-of-others/x.jsonl', 'link.jsonl', '.', 'none.jsonl', '/etc/hostname']) {
    await assert.rejects(plan(name), fails('invalid_input', /no file/), name)
  }
  await assert.rejects(plan('cut.jsonl'), fails('invalid_file', /not valid utf-8/))
  await assert.rejects(
    planOfFile(createNote, undefined, 'cut.jsonl'),
    fails('invalid_input', /reads no files/),
  )
})

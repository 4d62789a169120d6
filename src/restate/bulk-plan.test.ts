import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { upsertContact } from '../actions/upsert-contact.ts'
import { exactInput, inputsOf, planOfFile } from './bulk-plan.ts'

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
    { row: 1, error: 'the line holds a number that would be rounded; pass it as text' },
    { row: 3, error: 'the line is not valid JSON' },
  ])
})

test('a list of rows with such a number is refused before anything of it is kept', () => {
  const request = (n: string) => Buffer.from(`{"action":"upsert_contact","rows":[${contact(n)}]}`)
  assert.throws(
    () => exactInput.deserialize(request('9007199254740993')),
    /^Error: the request holds a number/,
  )
  assert.deepEqual(exactInput.deserialize(request('0.1')), JSON.parse(request('0.1').toString()))
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

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createNote } from '../actions/create-note.ts'
import type { AnyAction } from '../core/action.ts'
import { planOfFile, planOfList, rowsOf } from './rows.ts'

const base = mkdtempSync(join(tmpdir(), 'modulex-intercom-rows-'))
after(() => rmSync(base, { recursive: true }))
const folder = join(base, 'files')
mkdirSync(folder)
mkdirSync(`${folder}-of-others`)

const action = createNote as AnyAction
const rows = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ contact_id: `${n + 1}`, body: 'Grüße ✓' }))
const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
const fails = (code: string, message: RegExp) => ({ name: 'IntercomError', code, message })

test('a list is cut into chunks of twenty-five, each row in one', async () => {
  const all = rows(51)
  const { chunks, ...plan } = planOfList(action, all)
  assert.deepEqual(
    chunks.map(({ first, count }) => [first, count]),
    [
      [1, 25],
      [26, 25],
      [51, 1],
    ],
  )
  assert.deepEqual((await Promise.all(chunks.map((chunk) => rowsOf(chunk, undefined)))).flat(), all)
  assert.deepEqual([plan.rows, plan.bad, plan.bad_rows], [51, [], 0])
  assert.notEqual(planOfList(action, rows(50)).sha256, plan.sha256)
  assert.deepEqual(planOfList(action, rows(50)).chunks.length, 2)
})

test('a file is cut the same, with blank lines and a last line without its end, and read by its places', async () => {
  const all = rows(51)
  const lines = all.map((row) => JSON.stringify(row))
  write('a.jsonl', `\n${lines.slice(0, 30).join('\n\n')}\n \n${lines.slice(30).join('\n')}`)
  const plan = await planOfFile(action, folder, 'a.jsonl')
  assert.deepEqual(
    plan.chunks.map(({ first, count }) => [first, count]),
    [
      [1, 25],
      [26, 25],
      [51, 1],
    ],
  )
  assert.deepEqual([plan.rows, plan.bad_rows], [51, 0])
  const read: unknown[] = []
  for (const chunk of plan.chunks) read.push(...(await rowsOf(chunk, folder)))
  assert.deepEqual(read, all)
})

test('a chunk whose bytes have changed is refused, and one that another line was put before', async () => {
  const lines = rows(30).map((row) => JSON.stringify(row))
  write('b.jsonl', lines.join('\n'))
  const [first, second] = (await planOfFile(action, folder, 'b.jsonl')).chunks
  assert.ok(first && second)
  write('b.jsonl', lines.join('\n').replace('"contact_id":"30"', '"contact_id":"31"'))
  await rowsOf(first, folder)
  await assert.rejects(rowsOf(second, folder), fails('file_changed', /not what it was/))
  write('b.jsonl', lines.slice(0, 29).join('\n'))
  await assert.rejects(rowsOf(second, folder), fails('file_changed', /not what it was/))
  rmSync(join(folder, 'b.jsonl'))
  await assert.rejects(rowsOf(first, folder), fails('file_changed', /there is no file/))
})

test('rows that their action will refuse are counted, and the first hundred are named', () => {
  const plan = planOfList(action, [...rows(2), ...Array.from({ length: 120 }, () => ({ contact_id: '1' }))])
  assert.deepEqual(
    [plan.bad.length, plan.bad_rows, plan.bad[0]?.row, plan.bad.at(-1)?.row],
    [100, 120, 3, 102],
  )
})

test('no name leads out of the folder, and nothing but a file of JSON lines in UTF-8 is one', async () => {
  write('no.jsonl', '{"contact_id":"1","body":"a"}\n{')
  writeFileSync(join(folder, 'latin.jsonl'), Buffer.from('{"contact_id":"1","body":"Grüße"}', 'latin1'))
  writeFileSync(join(folder, 'cut.jsonl'), Buffer.from([0x20, 0xe2, 0x9c])) // the last character has no end
  writeFileSync(join(`${folder}-of-others`, 'x.jsonl'), '')
  symlinkSync(join(`${folder}-of-others`, 'x.jsonl'), join(folder, 'link.jsonl'))
  const plan = (name: string) => planOfFile(action, folder, name)
  for (const name of ['../files-of-others/x.jsonl', 'link.jsonl', '.', 'none.jsonl', '/etc/hostname']) {
    await assert.rejects(plan(name), fails('invalid_input', /there is no file/), name)
  }
  await assert.rejects(plan('no.jsonl'), fails('invalid_input', /line 2 of "no.jsonl" is no JSON/))
  for (const name of ['latin.jsonl', 'cut.jsonl']) {
    await assert.rejects(plan(name), fails('invalid_input', /not UTF-8/), name)
  }
  await assert.rejects(planOfFile(action, undefined, 'no.jsonl'), fails('invalid_input', /reads no files/))
})

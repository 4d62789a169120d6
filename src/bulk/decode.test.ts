import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowsIn } from '../../test/support/bulk-rows.ts'

const text = 'email,name\na@b.c,Zoë\nc@d.e,Ünal 😀\n'
const expected = [
  { email: 'a@b.c', name: 'Zoë' },
  { email: 'c@d.e', name: 'Ünal 😀' },
]
const utf16be = (content: string) => Buffer.from(content, 'utf16le').swap16()

test('a byte order mark decides what the encoding is, even against --encoding', async () => {
  for (const bytes of [
    Buffer.from(`\ufeff${text}`),
    Buffer.from(`\ufeff${text}`, 'utf16le'),
    utf16be(`\ufeff${text}`),
  ]) {
    for (const size of [1, 3, 1000]) {
      const { inputs, plain } = await rowsIn(bytes, { size, encoding: 'windows-1252' })
      assert.deepEqual([inputs, plain], [expected, false])
    }
  }
})

test('without a mark a file is UTF-8, or what is named', async () => {
  assert.deepEqual((await rowsIn(text, { size: 1 })).inputs, expected)
  assert.equal((await rowsIn(text)).plain, true)
  const latin = Buffer.from('email,name\na@b.c,Zo\xeb\n', 'latin1')
  const { inputs, plain } = await rowsIn(latin, { encoding: 'windows-1252' })
  assert.deepEqual([inputs, plain], [[expected[0]], false])
  assert.deepEqual((await rowsIn(Buffer.from(text, 'utf16le'), { encoding: 'utf-16le' })).inputs, expected)
})

test('bytes that are no UTF-8 are refused by their line, and nothing is replaced', async () => {
  const latin = Buffer.from('email,name\na@b.c,Zoe\nc@d.e,Zo\xeb\n', 'latin1')
  for (const size of [1, 20, 1000]) {
    await assert.rejects(rowsIn(latin, { size }), {
      code: 'invalid_file',
      message: 'line 3 is not valid utf-8',
    })
  }
  const many = Buffer.concat([
    Buffer.from(`email,name\n${'ä@b.c,é\n'.repeat(1000)}c@d.e,`),
    Buffer.from([0xeb, 10]),
  ])
  for (const size of [1, 97, 100_000]) {
    await assert.rejects(rowsIn(many, { size }), { message: 'line 1002 is not valid utf-8' })
  }
  await assert.rejects(rowsIn(Buffer.from('email\na@b.c\xc3', 'latin1')), { message: /line 2 is not valid/ })
})

test('NUL bytes without a mark suggest UTF-16, and an unknown encoding is refused', async () => {
  await assert.rejects(rowsIn(Buffer.from(text, 'utf16le')), { hint: /--encoding utf-16le/ })
  await assert.rejects(rowsIn('email,name\na@b.c,Ada\nc@d.e,B\0b\n'), {
    message: /^line 3 contains a NUL byte/,
  })
  await assert.rejects(rowsIn(text, { encoding: 'windoze' }), { message: 'unknown encoding "windoze"' })
})

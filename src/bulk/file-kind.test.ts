import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowsIn } from '../../test/support/bulk-rows.ts'

const bytes = (...parts: string[]) => Buffer.from(parts.join(''), 'latin1')
const zip = (...names: string[]) =>
  bytes(...names.map((name) => `PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0${'\0'.repeat(16)}${name}\xed\x9d`))

const kinds: [what: string, content: Uint8Array, message: RegExp, hint: RegExp, name?: string][] = [
  ['a workbook', zip('[Content_Types].xml'), /Excel workbook \(\.xlsx\)/, /Save As, CSV UTF-8/],
  ['a workbook called .csv', zip('_rels/.rels', 'xl/workbook.xml'), /\.xlsx/, /Save As/, 'x.csv'],
  ['a workbook by its name', zip('docProps/app.xml'), /\.xlsx/, /Save As/, 'x.xlsx'],
  ['a workbook with macros', zip('docProps/app.xml'), /Excel workbook/, /Save As/, 'x.XLSM'],
  [
    'a workbook of OpenDocument',
    zip('mimetypeapplication/vnd.oasis.opendocument.spreadsheet'),
    /\.ods/,
    /Text CSV/,
  ],
  ['a document of Numbers', zip('Index/Document.iwa'), /Numbers document/, /Export To, CSV/],
  ['a document of Numbers by its name', zip('Data/x'), /Numbers document/, /Export To/, 'x.numbers'],
  ['an archive', zip('people.csv'), /ZIP archive/, /Unpack it/],
  ['an empty archive', bytes('PK\x05\x06', '\0'.repeat(18)), /ZIP archive/, /Unpack it/],
  ['an old workbook', bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0'), /old Excel workbook/, /Save As/],
  ['gzip', bytes('\x1f\x8b\x08\0\0\0\0\0\0\x03'), /compressed/, /Unpack it/],
  ['bzip2', bytes('BZh91AY&SY'), /compressed/, /Unpack it/],
  ['xz', bytes('\xfd7zXZ\0\0'), /compressed/, /Unpack it/],
  ['zstd', bytes('\x28\xb5\x2f\xfd\x04'), /compressed/, /Unpack it/],
  ['7z', bytes('7z\xbc\xaf\x27\x1c\0\x04'), /compressed/, /Unpack it/],
  ['a PDF', bytes('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'), /PDF/, /CSV, in UTF-8/],
  ['rich text', bytes('{\\rtf1\\ansi email,name}'), /rich text/, /plain text/],
  ['an SQLite database', bytes('SQLite format 3\0\x10\0'), /SQLite/, /sqlite3 -header -csv/],
  ['Parquet', bytes('PAR1\x15\x04'), /Parquet/, /CSV or JSON Lines/],
  ['an image', bytes('\x89PNG\r\n\x1a\n\0\0'), /image/, /CSV or JSON Lines/],
  [
    'a page',
    bytes('<!DOCTYPE html>\n<html><body>Sign in</body></html>'),
    /HTML page/,
    /sign in and download/,
  ],
  [
    'a page of another encoding',
    bytes('\n <html><title>Anmeldung f\xfcr Sie</title>'),
    /HTML page/,
    /sign in/,
  ],
  [
    'a table called .xls',
    bytes('<table><tr><td>email</td></tr></table>'),
    /HTML page/,
    /save it as CSV/,
    'x.xls',
  ],
  [
    'a page in UTF-16',
    Buffer.from('\ufeff<html><body></body></html>', 'utf16le'),
    /HTML page/,
    /save it as CSV/,
  ],
  [
    'a workbook of XML',
    bytes('<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'),
    /XML Spreadsheet/,
    /Save As/,
  ],
  [
    'XML',
    bytes('<?xml version="1.0"?>\n<contacts><contact/></contacts>'),
    /XML document/,
    /CSV or JSON Lines/,
  ],
]
for (const [what, content, message, hint, name = ''] of kinds) {
  test(`${what} is refused with what it is and how to export it`, async () => {
    for (const encoding of [undefined, 'windows-1252']) {
      for (const size of [1, 100_000]) {
        const options = { name, size, ...(encoding === undefined ? {} : { encoding }) }
        await assert.rejects(rowsIn(content, options), { code: 'invalid_file', message, hint })
      }
    }
  })
}

const swapped: [name: string, content: string, message: RegExp][] = [
  ['people.csv', '{"email":"a@b.c"}\n', /is JSON, though its name says CSV/],
  ['people.csv', '[\n  {"email":"a@b.c"}\n]\n', /is JSON, though its name says CSV/],
  ['people.tsv', '[{"email":"a@b.c"}]', /is JSON, though its name says CSV/],
  ['people.jsonl', 'email,name\na@b.c,Ada\n', /is CSV, though its name says JSON Lines/],
  ['people.ndjson', '"E-Mail";"Name"\n"a@b.c";"Ada"\n', /is CSV, though its name says JSON Lines/],
]
for (const [name, content, message] of swapped) {
  test(`${name} that begins with ${JSON.stringify(content.slice(0, 12))} is refused with its right name`, async () => {
    await assert.rejects(rowsIn(content, { name }), { code: 'invalid_file', message })
  })
}

import { extname } from 'node:path'
import { IntercomError } from '../errors.ts'

/** An error of the input file as a whole: nothing is sent. */
export function invalidFile(message: string, { hint }: { hint: string }): IntercomError {
  return new IntercomError(message, { code: 'invalid_file', hint })
}

/** Characters that are looked at. */
const headLength = 4096

/** What files that are not text begin with: https://en.wikipedia.org/wiki/List_of_file_signatures. */
const signatures: [bytes: string, kind: string, hint: string][] = [
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'an old Excel workbook (.xls)', exported('Excel')],
  ['%PDF', 'a PDF', 'Export the rows from the program that made it as CSV, in UTF-8.'],
  ['{\\rtf', 'a rich text document', 'Save it as plain text, or export the rows as CSV, in UTF-8.'],
  ['SQLite format 3\0', 'an SQLite database', 'Export the rows with sqlite3 -header -csv.'],
  ['PAR1', 'a Parquet file', 'Export the rows as CSV or JSON Lines.'],
  ...['\x1f\x8b', 'BZh', '\xfd7zXZ\0', '\x28\xb5\x2f\xfd', '7z\xbc\xaf\x27\x1c', 'Rar!\x1a'].map(
    (bytes): [string, string, string] => [bytes, 'a compressed file', 'Unpack it, and give the file inside.'],
  ),
  ...['\x89PNG', '\xff\xd8\xff', 'GIF8'].map((bytes): [string, string, string] => [
    bytes,
    'an image',
    'Give a CSV or JSON Lines file.',
  ]),
]

/** Throws an `IntercomError` for the first bytes of a file that is not a table: a workbook, an archive, a page. */
export function refuseOtherKinds(name: string, head: Uint8Array): void {
  const bytes = Buffer.from(head.subarray(0, headLength)).toString('latin1')
  if (['PK\x03\x04', 'PK\x05\x06'].some((begin) => bytes.startsWith(begin))) throw archive(name, bytes)
  const found = signatures.find(([begin]) => bytes.startsWith(begin))
  if (found !== undefined) throw otherKind(found[1], found[2])
  refuseMarkup(bytes)
}

/** Throws an `IntercomError` for a text that is a page or a document. No row and no header begins with `<`. */
export function refuseMarkup(head: string): void {
  const text = head.slice(0, headLength).trimStart()
  if (!text.startsWith('<')) return
  if (/<Workbook|urn:schemas-microsoft-com:office/i.test(text))
    throw otherKind('an Excel workbook (XML Spreadsheet)', exported('Excel'))
  if (/^<\?xml/i.test(text) && !/<html|<table/i.test(text))
    throw otherKind('an XML document', 'Export the rows as CSV or JSON Lines.')
  throw otherKind(
    'an HTML page',
    'Some tools save a table as HTML under the name .xls or .csv: open it in a spreadsheet and save it as CSV, in UTF-8. If it is a login page, sign in and download the file again.',
  )
}

/** A ZIP archive, which workbooks are too: the names of its parts show which kind it is. */
function archive(name: string, bytes: string): IntercomError {
  const end = extname(name).toLowerCase()
  const isNumbers = end === '.numbers' || /Index\/[\w/-]*\.iwa|Index\.zip/.test(bytes)
  if (isNumbers) return otherKind('a Numbers document', 'In Numbers choose File, Export To, CSV.')
  if (end === '.ods' || bytes.includes('opendocument'))
    return otherKind('an OpenDocument spreadsheet (.ods)', exported('LibreOffice'))
  const isExcel = /^\.xl[st][xmb]$/.test(end) || /\[Content_Types\]\.xml|xl\//.test(bytes)
  if (isExcel) return otherKind('an Excel workbook (.xlsx)', exported('Excel'))
  return otherKind('a ZIP archive', 'Unpack it, and give the file inside.')
}

function exported(program: 'Excel' | 'LibreOffice'): string {
  return program === 'Excel'
    ? 'In Excel choose File, Save As, CSV UTF-8; in Google Sheets choose File, Download, CSV.'
    : 'In LibreOffice choose File, Save As, Text CSV, with the character set UTF-8.'
}

function otherKind(kind: string, hint: string): IntercomError {
  return invalidFile(`the file is ${kind}; CSV or JSON Lines is needed`, {
    hint: `${hint} Nothing was sent.`,
  })
}

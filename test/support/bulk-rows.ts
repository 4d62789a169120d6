import { actionNamed } from '../../src/actions/toolsets.ts'
import { type CheckedRow, checkRow, type Row } from '../../src/bulk/row.ts'
import { type ReadOptions, readRows } from '../../src/bulk/rows.ts'

/** An action by its name. */
export function actionOf(name: string) {
  const action = actionNamed(name)
  if (action === undefined) throw new Error(`there is no action ${name}`)
  return action
}

/** Bytes in pieces of a size, as a file gives them. */
async function* pieces(bytes: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** Reads the rows of a file's text or bytes as rows of an action; `size`: how many bytes come at once. */
export async function rowsIn(
  content: string | Uint8Array,
  options: ReadOptions & { action?: string; name?: string; size?: number } = {},
) {
  const { action = 'upsert_contact', name = 'rows.csv', size, ...reading } = options
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const of = actionOf(action)
  const { rows, header, format, plain, ...file } = await readRows(of, name, pieces(bytes, size), reading)
  const read: (Omit<Row, 'input'> & CheckedRow)[] = []
  for await (const row of rows) read.push({ ...row, ...checkRow(of, row) })
  const inputs = read.map(({ input, problem }) => (problem === null ? input : problem.error.message))
  const lines = read.map(({ line }) => line)
  return { format, header, plain, inputs, lines, rows: read, ...file, skipped: file.skipped() }
}

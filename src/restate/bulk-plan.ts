import { createHash } from 'node:crypto'
import { access, constants, open, realpath, stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { decoded } from '../bulk/decode.ts'
import { openInput } from '../bulk/input-file.ts'
import { jsonRows, refuseDocument } from '../bulk/jsonl.ts'
import { checkRow, type Row } from '../bulk/row.ts'
import type { AnyAction } from '../core/action.ts'
import { outcomeOf } from '../core/outcome.ts'
import { IntercomError, invalidInput } from '../errors.ts'

/** Rows that one call works on: together in flight, so few enough for one worker. */
const rowsPerChunk = 25

/**
 * A run of rows: in the message itself, or by their place in a file of JSON Lines. `first` counts from 1; `only`:
 * those that are not done yet.
 */
export type Chunk = { first: number; count: number; only?: number[] } & (
  | { rows: unknown[] }
  | { file: string; offset: number; bytes: number; sha256: string }
)

/** What a job has to do. `bad`: the first hundred rows that their action will refuse. */
export type Plan = {
  sha256: string
  rows: number
  chunks: Chunk[]
  bad: { row: number; error: string }[]
  bad_rows: number
}

const maxListed = 100

/** A list as a plan. */
export function planOfList(action: AnyAction, rows: readonly unknown[]): Plan {
  const plan = newPlan()
  for (const [n, row] of rows.entries()) {
    note(plan, n + 1, checkRow(action, { input: () => row, columnOf: () => null }).problem?.error)
  }
  for (let from = 0; from < rows.length; from += rowsPerChunk) {
    const some = rows.slice(from, from + rowsPerChunk)
    plan.chunks.push({ first: from + 1, count: some.length, rows: some })
  }
  return { ...plan, rows: rows.length, sha256: hashOf(textOfRows(rows)) }
}

function textOfRows(rows: readonly unknown[]): string {
  try {
    return JSON.stringify(rows)
  } catch {
    throw invalidInput('the rows are nested too deeply')
  }
}

/**
 * A file of JSON Lines as a plan. `folder` is the only place that files are read from; every worker must find the
 * same file there. Rejects with an `IntercomError` for a file that cannot be read as UTF-8.
 */
export async function planOfFile(action: AnyAction, folder: string | undefined, file: string): Promise<Plan> {
  const input = await openInput(await pathIn(folder, file), file)
  try {
    const { texts, plain } = await decoded(input.bytes(), undefined, file)
    if (!plain) throw invalidInput(`${JSON.stringify(file)} must be UTF-8 without a byte order mark`)
    const plan = newPlan()
    let raws: string[] = []
    let offset = 0
    const endChunk = (end: number) => {
      const first = plan.rows - raws.length + 1
      const place = { file, offset, bytes: end - offset, sha256: hashOf(raws.join('\n')) }
      if (raws.length > 0) plan.chunks.push({ first, count: raws.length, ...place })
      raws = []
      offset = end
    }
    let last = 0
    for await (const row of jsonRows(texts)) {
      plan.rows += 1
      if (plan.rows === 1) refuseDocument(row.raw)
      note(plan, plan.rows, checkRow(action, row).problem?.error)
      raws.push(row.raw)
      last = row.end
      if (raws.length === rowsPerChunk) endChunk(last)
    }
    endChunk(last)
    return { ...plan, sha256: input.hash() ?? '' }
  } finally {
    await input.close()
  }
}

/**
 * The inputs of a chunk, each to be read for itself. Rejects with `file_changed` when its file is not what it was when
 * the job was planned.
 */
export async function inputsOf(chunk: Chunk, folder: string | undefined): Promise<(() => unknown)[]> {
  if ('rows' in chunk) return chunk.rows.map((row) => () => row)
  const { file, offset, bytes, sha256 } = chunk
  const changed = (what: string) =>
    new IntercomError(what, {
      code: 'file_changed',
      hint: 'Restore the file, then start the job again to resume it.',
    })
  const found = await outcomeOf(pathIn(folder, file))
  if ('failure' in found) throw changed(found.failure.message)
  const handle = await open(found.value)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, offset)
    const rows: Row[] = []
    for await (const row of jsonRows([buffer.toString('utf8', 0, bytesRead)])) rows.push(row)
    if (hashOf(rows.map(({ raw }) => raw).join('\n')) !== sha256)
      throw changed(`${JSON.stringify(file)} is not what it was when the job began`)
    return rows.map(({ input }) => input)
  } finally {
    await handle.close()
  }
}

function newPlan(): Plan {
  return { sha256: '', rows: 0, chunks: [], bad: [], bad_rows: 0 }
}

function note(plan: Plan, row: number, error: IntercomError | undefined): void {
  if (error === undefined) return
  plan.bad_rows += 1
  if (plan.bad.length < maxListed) plan.bad.push({ row, error: error.message })
}

/** A name from a caller reads nothing outside the folder, by `..` or by a link. */
async function pathIn(folder: string | undefined, file: string): Promise<string> {
  if (folder === undefined)
    throw invalidInput('this worker reads no files: start it with a folder of files, or send rows')
  try {
    const home = await realpath(folder)
    const path = await realpath(resolve(home, file))
    if (path.startsWith(home + sep) && (await stat(path)).isFile()) {
      await access(path, constants.R_OK)
      return path
    }
  } catch {} // reported below
  throw invalidInput(`no file ${JSON.stringify(file)} in the workers' folder`)
}

function hashOf(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, constants, open, realpath, stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import type { AnyAction } from '../core/action.ts'
import { parsedInput } from '../core/run.ts'
import { outcomeOf } from '../core/step.ts'
import { IntercomError } from '../errors.ts'

/** Rows that one call works on: together in flight, so few enough for one worker. */
const rowsOfChunk = 25

/**
 * A run of rows: in the message itself, or where they stand in a file of JSON lines. `first` counts from 1; `only`:
 * the rows of it that are not done yet.
 */
export type Chunk = { first: number; count: number; only?: number[] } & (
  | { rows: unknown[] }
  | { file: string; offset: number; bytes: number; sha256: string }
)

/** What a job is to do. `bad`: the rows that their action will refuse, the first hundred of them. */
export type Plan = {
  sha256: string
  rows: number
  chunks: Chunk[]
  bad: { row: number; error: string }[]
  bad_rows: number
}

const shownBad = 100

/** A list as a plan. */
export function planOfList(action: AnyAction, rows: readonly unknown[]): Plan {
  const plan = newPlan()
  for (const [n, row] of rows.entries()) check(plan, action, row, n + 1)
  for (let from = 0; from < rows.length; from += rowsOfChunk) {
    const some = rows.slice(from, from + rowsOfChunk)
    plan.chunks.push({ first: from + 1, count: some.length, rows: some })
  }
  return { ...plan, rows: rows.length, sha256: hashOf(textOfRows(rows)) }
}

function textOfRows(rows: readonly unknown[]): string {
  try {
    return JSON.stringify(rows)
  } catch {
    throw wrong('the rows are nested too deep')
  }
}

/**
 * A file of JSON lines as a plan. `folder` is the only place that files are read from; every worker must find the
 * same file there. Rejects with an `IntercomError` that names the line that is no JSON.
 */
export async function planOfFile(action: AnyAction, folder: string | undefined, file: string): Promise<Plan> {
  const path = await within(folder, file)
  const plan = newPlan()
  const whole = createHash('sha256')
  let chunk = { first: 1, offset: 0, bytes: 0, lines: 0, hash: createHash('sha256') }
  let line = 0
  const close = () => {
    if (chunk.lines > 0) {
      const { first, offset, bytes, lines, hash } = chunk
      plan.chunks.push({ first, count: lines, file, offset, bytes, sha256: hash.digest('hex') })
    }
    chunk = {
      first: plan.rows + 1,
      offset: chunk.offset + chunk.bytes,
      bytes: 0,
      lines: 0,
      hash: createHash('sha256'),
    }
  }
  for await (const text of linesOf(path)) {
    line += 1
    const bytes = Buffer.from(text)
    whole.update(bytes)
    chunk.hash.update(bytes)
    chunk.bytes += bytes.length
    if (text.trim() === '') continue
    plan.rows += 1
    chunk.lines += 1
    check(plan, action, parsed(text, file, line), plan.rows)
    if (chunk.lines === rowsOfChunk) close()
  }
  close()
  return { ...plan, sha256: whole.digest('hex') }
}

/** The rows of a chunk. Rejects with `file_changed` when its file is not what it was when the job was planned. */
export async function rowsOf(chunk: Chunk, folder: string | undefined): Promise<unknown[]> {
  if ('rows' in chunk) return chunk.rows
  const { file, offset, bytes, sha256 } = chunk
  const changed = (what: string) =>
    new IntercomError(what, {
      code: 'file_changed',
      hint: 'Put it right, and start the job again: it goes on.',
    })
  const found = await outcomeOf(within(folder, file))
  if ('failure' in found) throw changed(found.failure.message)
  const handle = await open(found.value)
  try {
    const buffer = Buffer.alloc(bytes)
    const { bytesRead } = await handle.read(buffer, 0, bytes, offset)
    if (bytesRead < bytes || hashOf(buffer) !== sha256) {
      throw changed(`${JSON.stringify(file)} is not what it was when the job began`)
    }
    const lines = buffer.toString().split('\n')
    return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as unknown)
  } finally {
    await handle.close()
  }
}

function newPlan(): Plan {
  return { sha256: '', rows: 0, chunks: [], bad: [], bad_rows: 0 }
}

function check(plan: Plan, action: AnyAction, input: unknown, row: number): void {
  try {
    parsedInput(action, input)
  } catch (error) {
    if (!(error instanceof IntercomError)) throw error
    plan.bad_rows += 1
    if (plan.bad.length < shownBad) plan.bad.push({ row, error: error.message })
  }
}

function parsed(text: string, file: string, line: number): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw wrong(`line ${line} of ${JSON.stringify(file)} is no JSON: a file holds one JSON object a line`)
  }
}

/** A name from a caller reads nothing outside the folder, by `..` or by a link. */
async function within(folder: string | undefined, file: string): Promise<string> {
  if (folder === undefined)
    throw wrong('this worker reads no files: start it with a folder for them, or send rows')
  try {
    const home = await realpath(folder)
    const path = await realpath(resolve(home, file))
    if (path.startsWith(home + sep) && (await stat(path)).isFile()) {
      await access(path, constants.R_OK)
      return path
    }
  } catch {} // said below
  throw wrong(`there is no file ${JSON.stringify(file)} in the workers' folder`)
}

/** The lines with their ends, so that bytes can be counted. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = ''
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  for await (const bytes of createReadStream(path)) {
    const pieces = (rest + decoded(decoder, bytes as Buffer)).split('\n')
    rest = pieces.pop() ?? ''
    for (const piece of pieces) yield `${piece}\n`
  }
  rest += decoded(decoder)
  if (rest !== '') yield rest
}

/** Bytes that are no UTF-8 are refused, not replaced. */
function decoded(decoder: InstanceType<typeof TextDecoder>, bytes?: Buffer): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true })
  } catch {
    throw wrong('the file is not UTF-8')
  }
}

function hashOf(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}

function wrong(message: string): IntercomError {
  return new IntercomError(message, { code: 'invalid_input' })
}

import { type Context, service } from '@restatedev/restate-sdk'
import { actionNamed } from '../actions/toolsets.ts'
import { rowInput } from '../bulk/row.ts'
import type { AnyAction } from '../core/action.ts'
import { quotedName } from '../errors.ts'
import { type Chunk, inputsOf } from './bulk-plan.ts'
import { terminalError } from './response.ts'
import { runWrites } from './run-writes.ts'
import { serviceOptions } from './service-options.ts'
import type { Runtime, WriteResult } from './write-attempt.ts'

/** A row that did not succeed. `unknown`: check in Intercom before it is sent again. */
export type RowProblem = { row: number; outcome: 'failed' | 'unknown'; error: string }
/** The result of a chunk; `stopped` says why the rows `remaining` were not sent. */
export type ChunkResult = {
  rows: number
  problems: RowProblem[]
  remaining: number[]
  stopped: string | null
}
export type ChunkRequest = { job: string; action: string; chunk: Chunk }

export type ChunkService = { run(ctx: Context, request: ChunkRequest): Promise<ChunkResult> }

/** A few rows of a job, on whichever worker has time. */
export function chunkService(runtime: Runtime) {
  return service({
    name: 'intercom_chunk',
    description: 'A few rows of a bulk job. Called by intercom_bulk.',
    options: { ...serviceOptions, ingressPrivate: true },
    handlers: {
      run: async (ctx: Context, { job, action: name, chunk }: ChunkRequest): Promise<ChunkResult> => {
        const action = writeAction(name)
        const numbers = numbersOf(chunk)
        if (runtime.asking?.mayNeed(action) === true)
          return { rows: 0, problems: [], remaining: numbers, stopped: `${asksNobody}. ${resume}` }
        const inputs = inputsOf(chunk, runtime.files)
        inputs.catch(() => {}) // each row reports it
        const writes = numbers.map((row) => {
          const input = async () => rowInput(action, (await inputs)[row - chunk.first]?.())
          return { operation: `bulk ${job} ${row}`, action, input, earlier: null }
        })
        const results = await runWrites(ctx, runtime, writes)
        return chunkResult(results.map((result, n) => ({ row: numbers[n] ?? 0, result })))
      },
    },
  })
}

/** The numbers of the rows of a chunk that are not done. */
export function numbersOf({ first, count, only }: Chunk): number[] {
  return only ?? Array.from({ length: count }, (_, n) => first + n)
}

/** A job has nobody to ask about each of its rows. */
export const asksNobody =
  'confirmation_unavailable: a person has to decide on calls of this action, and jobs on Restate ask nobody: use modulex-intercom bulk with --sends confirm'
const resume = 'Fix this, then start the job again to resume it.'

/**
 * The result of a chunk of rows. A row that keeps failing for a reason that may pass has failed, since it must not
 * hold up its job forever; when all do, Intercom is down, and the job stops.
 */
export function chunkResult(ended: readonly { row: number; result: WriteResult }[]): ChunkResult {
  const isOutage = ended.length > 1 && ended.every(({ result }) => isTransient(result))
  const stops = ended.map(({ row, result }) => ({ row, result, stop: stopOf(result, isOutage) }))
  const remaining = stops.filter(({ stop }) => stop !== null)
  return {
    rows: ended.length - remaining.length,
    problems: stops.flatMap(({ row, result, stop }) => (stop === null ? problemsOf(result, row) : [])),
    remaining: remaining.map(({ row }) => row),
    stopped: remaining[0]?.stop ?? null,
  }
}

/** An action that writes, by name. Throws a refusal for any other. */
export function writeAction(name: string): AnyAction {
  const found = actionNamed(name)
  if (found !== undefined && found.effect !== 'read') return found
  throw terminalError('invalid_input', `${quotedName(name)} is not an action that writes`)
}

function problemsOf({ output, failure }: WriteResult, row: number): RowProblem[] {
  if (failure === null) return []
  const outcome = failure.outcome === 'unknown' ? 'unknown' : 'failed'
  return [{ row, outcome, error: output.error ?? failure.code }]
}

/** It had no effect, for a reason that may pass. */
function isTransient({ failure }: WriteResult): boolean {
  return failure?.retryable === true && failure.outcome !== 'unknown'
}

/** Why a row that was never transmitted is left for later: a failure of the token, the worker or Intercom, not its own. */
function stopOf({ output, failure, unresolved }: WriteResult, isOutage: boolean): string | null {
  if (failure === null || failure.outcome === 'unknown' || unresolved !== null) return null
  const { status, code } = failure
  if (code === 'file_changed') return output.error ?? code
  if (code === 'not_allowed') return `not_allowed: the action is disabled on a worker. ${resume}`
  if (status === 401 || status === 403) return `${status} ${code}: Intercom rejects the token. ${resume}`
  return isOutage ? `${code}: every row of a chunk failed, after all retries. ${resume}` : null
}

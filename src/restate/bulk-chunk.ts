import { type Context, service } from '@restatedev/restate-sdk'
import { actions } from '../actions/index.ts'
import type { AnyAction } from '../core/action.ts'
import { type Chunk, inputsOf } from './bulk-plan.ts'
import type { Engine } from './engine.ts'
import { refusal } from './response.ts'
import { act, type Done } from './run-writes.ts'
import { quiet } from './service-options.ts'

/** A row that did not succeed. `unknown`: look before it is sent again. */
export type Problem = { row: number; outcome: 'failed' | 'unknown'; error: string }
/** What a chunk came to; `stopped` says why the rows `undone` were not begun. */
export type ChunkResult = { rows: number; problems: Problem[]; undone: number[]; stopped: string | null }
export type ChunkRequest = { job: string; action: string; chunk: Chunk }

export type ChunkService = { run(ctx: Context, request: ChunkRequest): Promise<ChunkResult> }

/** A few rows of a job, on whichever worker has time. */
export function chunkService(engine: Engine) {
  return service({
    name: 'intercom_chunk',
    description: 'A few rows of a bulk job. Called by intercom_bulk.',
    options: { ...quiet, ingressPrivate: true },
    handlers: {
      run: async (ctx: Context, { job, action: name, chunk }: ChunkRequest): Promise<ChunkResult> => {
        const action = writing(name)
        if (action === undefined) throw refusal('invalid_input', `${name} is no action that writes`)
        const reading = inputsOf(chunk, engine.files)
        reading.catch(() => {}) // each row says it for itself
        const numbers = chunk.only ?? Array.from({ length: chunk.count }, (_, n) => chunk.first + n)
        const deeds = numbers.map((row) => {
          const input = async () => (await reading)[row - chunk.first]?.()
          return { id: `bulk ${job} ${row}`, action, input, open: null }
        })
        const dones = await act(ctx, engine, deeds)
        const ended = dones.map((done, n) => ({ row: numbers[n] ?? 0, done }))
        return chunkResult(ended)
      },
    },
  })
}

const again = 'Put it right, and start the job again: it goes on.'

/**
 * What became of rows. A row that fails by itself in a way that may pass has failed, since it must not hold up its job
 * for ever; when all do, Intercom is away, and the job stops.
 */
export function chunkResult(ended: readonly { row: number; done: Done }[]): ChunkResult {
  const isOutage = ended.length > 1 && ended.every(({ done }) => isTransient(done))
  const stops = ended.map(({ row, done }) => ({ row, done, stop: stopOf(done, isOutage) }))
  const undone = stops.filter(({ stop }) => stop !== null)
  return {
    rows: ended.length - undone.length,
    problems: stops.flatMap(({ row, done, stop }) => (stop === null ? problemsOf(done, row) : [])),
    undone: undone.map(({ row }) => row),
    stopped: undone[0]?.stop ?? null,
  }
}

/** An action that writes, by name: reads are not for jobs. */
export function writing(name: string): AnyAction | undefined {
  return (actions as readonly AnyAction[]).find((one) => one.name === name && one.effect !== 'read')
}

function problemsOf({ output, failure }: Done, row: number): Problem[] {
  if (failure === null) return []
  const outcome = failure.outcome === 'unknown' ? 'unknown' : 'failed'
  return [{ row, outcome, error: output.error ?? failure.code }]
}

/** It had no effect, for a reason that passes. */
function isTransient({ failure }: Done): boolean {
  return failure?.retryable === true && failure.outcome !== 'unknown'
}

/** Why this row, of which nothing has left, is not done: what speaks of the token, the worker or Intercom, not of it. */
function stopOf({ output, failure, open }: Done, isOutage: boolean): string | null {
  if (failure === null || failure.outcome === 'unknown' || open !== null) return null
  const { status, code } = failure
  if (code === 'file_changed') return output.error ?? code
  if (code === 'not_allowed') return `not_allowed: the action is switched off at a worker. ${again}`
  if (status === 401 || status === 403) return `${status} ${code}: Intercom refuses the token. ${again}`
  return isOutage ? `${code}: no row of a chunk could be sent, however often it was tried. ${again}` : null
}

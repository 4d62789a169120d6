import { type Context, service } from '@restatedev/restate-sdk'
import { actions } from '../actions/index.ts'
import type { AnyAction } from '../core/action.ts'
import { act, type Done } from './act.ts'
import type { Engine } from './engine.ts'
import { refusal } from './outcome.ts'
import { quiet } from './quiet.ts'
import { type Chunk, rowsOf } from './rows.ts'

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
        if (action === undefined) throw refusal(400, 'invalid_input', `${name} is no action that writes`)
        const reading = rowsOf(chunk, engine.files)
        reading.catch(() => {}) // each row says it for itself
        const numbers = chunk.only ?? Array.from({ length: chunk.count }, (_, n) => chunk.first + n)
        const deeds = numbers.map((row) => {
          const input = async () => (await reading)[row - chunk.first]
          return { id: `bulk ${job} ${row}`, action, input, open: null }
        })
        const dones = await act(ctx, engine, deeds)
        const ended = dones.map((done, n) => ({ row: numbers[n] ?? 0, done }))
        const left = ended.filter(({ done }) => isUndone(done))
        return {
          rows: ended.length - left.length,
          problems: ended.flatMap(({ row, done }) => (isUndone(done) ? [] : problemsOf(done, row))),
          undone: left.map(({ row }) => row),
          stopped: left[0]?.done.output.error ?? null,
        }
      },
    },
  })
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

/** Its file was not there any more, and nothing of it had begun. */
function isUndone({ failure }: Done): boolean {
  return failure?.code === 'file_changed' && failure.outcome === 'not_sent'
}

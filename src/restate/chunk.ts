import { type Context, service } from '@restatedev/restate-sdk'
import { actions } from '../actions/index.ts'
import type { AnyAction } from '../core/action.ts'
import { IntercomError } from '../errors.ts'
import { act, type Done } from './act.ts'
import type { Engine } from './engine.ts'
import { quiet } from './quiet.ts'
import { type Chunk, rowsOf } from './rows.ts'

/** A row that did not succeed. `unknown`: look before it is sent again. */
export type Problem = { row: number; outcome: 'failed' | 'unknown'; error: string }
/** What a chunk came to; `stopped` says why it was not begun. */
export type ChunkResult = { rows: number; problems: Problem[]; stopped: string | null }
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
        const stopped = await ctx.run('file', async () => await problemOf(chunk, engine.files))
        if (action === undefined || stopped !== null) return { rows: 0, problems: [], stopped }
        const rows = await rowsOf(chunk, engine.files) // from here on the engine tries again until the file is back
        const deeds = rows.map((input, n) => ({
          id: `${job} ${chunk.first + n}`,
          action,
          input,
          open: null,
        }))
        const dones = await act(ctx, engine, deeds)
        const problems = dones.flatMap((done, n) => problemsOf(done, chunk.first + n))
        return { rows: rows.length, problems, stopped: null }
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

async function problemOf(chunk: Chunk, folder: string | undefined): Promise<string | null> {
  try {
    await rowsOf(chunk, folder)
    return null
  } catch (error) {
    if (error instanceof IntercomError) return error.message
    throw error
  }
}

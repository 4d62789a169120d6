import { type ObjectContext, type ObjectSharedContext, RestatePromise } from '@restatedev/restate-sdk'
import { type ChunkResult, type ChunkService, numbersOf, type RowProblem } from './bulk-chunk.ts'
import type { Chunk, Plan } from './bulk-plan.ts'
import { terminalError } from './response.ts'

/** How far a job is. `stopped` says why it does not continue. */
export type BulkStatus = {
  action: string
  rows: number
  bad_rows: number
  succeeded: number
  failed: number
  unknown: number
  finished: boolean
  stopped: string | null
}

/** A job as its object keeps it. `page`: where a stopped one resumes. */
export type JobState = BulkStatus &
  Pick<Plan, 'sha256' | 'bad'> & { started_at: number; pages: number; page: number }
/** The handlers that the object calls itself. */
export type InternalHandlers = {
  runPage(ctx: ObjectContext, at: { page: number }): Promise<void>
  expire(ctx: ObjectContext, job: { started_at: number }): Promise<void>
}

/** Enough for a few workers, each of which limits its own concurrency. */
const maxChunksInFlight = 12

/** Runs a page of chunks. What a job that stops has not done stays for when it resumes. */
export async function runPage(ctx: ObjectContext, { page }: { page: number }): Promise<void> {
  const job = await jobOf(ctx)
  const remaining = (await ctx.get<Chunk[]>(`page ${page}`)) ?? []
  const problems = (await ctx.get<RowProblem[]>(`problems ${page}`)) ?? []
  const running = new Map<Chunk, RestatePromise<EndedChunk>>()
  const waiting = [...remaining]
  for (;;) {
    while (running.size < maxChunksInFlight && job.stopped === null) {
      const chunk = waiting.shift()
      if (chunk === undefined) break
      running.set(chunk, callChunk(ctx, job, chunk))
    }
    if (running.size === 0) break
    const { chunk, result } = await RestatePromise.race([...running.values()])
    running.delete(chunk)
    const rest = result.remaining.length === 0 ? [] : [{ ...chunk, only: result.remaining }]
    remaining.splice(remaining.indexOf(chunk), 1, ...rest)
    addCounts(job, result)
    if (result.problems.length > 0) {
      problems.push(...result.problems)
      ctx.set(`problems ${page}`, problems)
    }
    ctx.set('job', job)
  }
  ctx.set(`page ${page}`, remaining)
  if (job.stopped !== null) ctx.set('job', { ...job, page })
  else if (page + 1 < job.pages) schedulePage(ctx, page + 1)
  else ctx.set('job', { ...job, finished: true })
}

type EndedChunk = { chunk: Chunk; result: ChunkResult }

function callChunk(ctx: ObjectContext, { action }: JobState, chunk: Chunk): RestatePromise<EndedChunk> {
  const request = { job: ctx.key, action, chunk }
  const running = ctx.serviceClient<ChunkService>({ name: 'intercom_chunk' }).run(request)
  return running.map((result, failure) => ({ chunk, result: result ?? killedResult(chunk, failure) }))
}

/** An operator has ended the chunk: nobody knows what it has sent. */
function killedResult(chunk: Chunk, failure: { message: string } | undefined): ChunkResult {
  const error = `its run was ended (${failure?.message ?? 'no reason given'}) and may have sent it: check before you send it again`
  const problems = numbersOf(chunk).map((row) => ({ row, outcome: 'unknown' as const, error }))
  return { rows: problems.length, problems, remaining: [], stopped: null }
}

/** Runs a page after this call has ended. */
export function schedulePage(ctx: ObjectContext, page: number): void {
  ctx.objectSendClient<InternalHandlers>({ name: 'intercom_bulk' }, ctx.key).runPage({ page })
}

function addCounts(job: JobState, { rows, problems, stopped }: ChunkResult): void {
  const unknown = problems.filter(({ outcome }) => outcome === 'unknown').length
  job.unknown += unknown
  job.failed += problems.length - unknown
  job.succeeded += rows - problems.length
  job.stopped ??= stopped
}

/** The job of the object; a terminal error where there is none. */
export async function jobOf(ctx: ObjectSharedContext): Promise<JobState> {
  const job = await ctx.get<JobState>('job')
  if (job === null) throw terminalError('not_found', 'no such job')
  return job
}

import { type ObjectContext, type ObjectSharedContext, RestatePromise } from '@restatedev/restate-sdk'
import type { ChunkResult, ChunkService, Problem } from './bulk-chunk.ts'
import type { Chunk, Plan } from './bulk-plan.ts'
import { refusal } from './response.ts'

/** How far a job is. `stopped` says why it does not go on. */
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

/** A job as the object keeps it. `page`: where one that stopped goes on. */
export type Job = BulkStatus & Pick<Plan, 'sha256' | 'bad'> & { at: number; pages: number; page: number }
/** The object's own handlers. */
export type Worker = {
  work(ctx: ObjectContext, at: { page: number }): Promise<void>
  forget(ctx: ObjectContext, job: { at: number }): Promise<void>
}

/** Chunks under way at once: enough for a few workers, whose turns the rest would wait for. */
const window = 12

/** A page of chunks, a window of them at a time. What a job that stops has not done stays for when it goes on. */
export async function work(ctx: ObjectContext, { page }: { page: number }): Promise<void> {
  const job = await jobOf(ctx)
  const left = (await ctx.get<Chunk[]>(`page ${page}`)) ?? []
  const found = (await ctx.get<Problem[]>(`problems ${page}`)) ?? []
  const running = new Map<Chunk, RestatePromise<Ran>>()
  const waiting = [...left]
  for (;;) {
    while (running.size < window && job.stopped === null) {
      const chunk = waiting.shift()
      if (chunk === undefined) break
      running.set(chunk, run(ctx, job, chunk))
    }
    if (running.size === 0) break
    const { chunk, result } = await RestatePromise.race([...running.values()])
    running.delete(chunk)
    const { undone } = result
    left.splice(left.indexOf(chunk), 1, ...(undone.length === 0 ? [] : [{ ...chunk, only: undone }]))
    count(job, result)
    if (result.problems.length > 0) {
      found.push(...result.problems)
      ctx.set(`problems ${page}`, found)
    }
    ctx.set('job', job)
  }
  ctx.set(`page ${page}`, left)
  if (job.stopped !== null) ctx.set('job', { ...job, page })
  else if (page + 1 < job.pages) goOn(ctx, page + 1)
  else ctx.set('job', { ...job, finished: true })
}

type Ran = { chunk: Chunk; result: ChunkResult }

function run(ctx: ObjectContext, { action }: Job, chunk: Chunk): RestatePromise<Ran> {
  const request = { job: ctx.key, action, chunk }
  const running = ctx.serviceClient<ChunkService>({ name: 'intercom_chunk' }).run(request)
  return running.map((result, failure) => ({ chunk, result: result ?? lost(chunk, failure) }))
}

/** Somebody has ended the chunk: what it has sent, nobody knows. */
function lost({ first, count, only }: Chunk, failure: { message: string } | undefined): ChunkResult {
  const error = `its run was ended (${failure?.message ?? 'no reason given'}); look before you send it again`
  const rows = only ?? Array.from({ length: count }, (_, n) => first + n)
  const problems = rows.map((row) => ({ row, outcome: 'unknown' as const, error }))
  return { rows: rows.length, problems, undone: [], stopped: null }
}

/** Has a page worked on, when this call has ended. */
export function goOn(ctx: ObjectContext, page: number): void {
  ctx.objectSendClient<Worker>({ name: 'intercom_bulk' }, ctx.key).work({ page })
}

function count(job: Job, { rows, problems, stopped }: ChunkResult): void {
  const unknown = problems.filter(({ outcome }) => outcome === 'unknown').length
  job.unknown += unknown
  job.failed += problems.length - unknown
  job.succeeded += rows - problems.length
  job.stopped ??= stopped
}

/** The job of the object; a terminal error where there is none. */
export async function jobOf(ctx: ObjectSharedContext): Promise<Job> {
  const job = await ctx.get<Job>('job')
  if (job === null) throw refusal('not_found', 'there is no such job')
  return job
}

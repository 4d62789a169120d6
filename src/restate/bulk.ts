import {
  type Context,
  handlers,
  type ObjectContext,
  type ObjectSharedContext,
  object,
  rpc,
} from '@restatedev/restate-sdk'
import { z } from 'zod'
import { inOtherToolset } from '../actions/select.ts'
import { retentionMs } from '../core/journal.ts'
import { IntercomError } from '../errors.ts'
import { asksNobody, type RowProblem, writeAction } from './bulk-chunk.ts'
import { type Plan, planOfFile, planOfList } from './bulk-plan.ts'
import {
  type BulkStatus,
  type InternalHandlers,
  type JobState,
  jobOf,
  runPage,
  schedulePage,
} from './bulk-progress.ts'
import { terminalError } from './response.ts'
import { serviceOptions } from './service-options.ts'
import type { Runtime } from './write-attempt.ts'

/** A bulk job: an action that writes, and its inputs as a list or as a file of JSON Lines. */
export type BulkRequest = {
  action: string
  /** One input a row, together at most 32 MiB. */
  rows?: unknown[] | undefined
  /** A file in the workers' folder, with one input a line. */
  file?: string | undefined
  /** Send nothing if any row is bad. */
  strict?: boolean | undefined
}

/** The handlers of the object `intercom_bulk`, whose key is the job's name. */
export type IntercomBulk = {
  start(ctx: ObjectContext, request: BulkRequest): Promise<BulkStatus & Pick<Plan, 'bad'>>
  status(ctx: ObjectSharedContext): Promise<BulkStatus>
  problems(
    ctx: ObjectSharedContext,
    from?: { page?: number },
  ): Promise<{ problems: RowProblem[]; next_page: number | null }>
}

/** Chunks of one call of `runPage`: Restate replays it whole after a crash, so it must not run for hours. */
const chunksPerPage = 100

const requestSchema = z.strictObject({
  action: z.string(),
  rows: z.array(z.unknown()).optional(),
  file: z.string().min(1).optional(),
  strict: z.boolean().optional(),
})

/** Jobs of many rows, each row once. The same job with other rows is refused; a finished one does nothing. */
export function intercomBulk(runtime: Runtime) {
  return object({
    name: 'intercom_bulk',
    description: 'Bulk jobs: a write for each of many rows, each once. The key is the name of the job.',
    options: { ...serviceOptions, enableLazyState: true },
    handlers: {
      start: handlers.object.exclusive((ctx: ObjectContext, request: unknown) =>
        start(ctx, runtime, request),
      ),
      status: handlers.object.shared(async (ctx: ObjectSharedContext) => statusOf(await jobOf(ctx))),
      problems: handlers.object.shared(problems),
      runPage: handlers.object.exclusive({ ingressPrivate: true }, runPage),
      expire: handlers.object.exclusive({ ingressPrivate: true }, expire),
    },
  })
}

async function start(ctx: ObjectContext, runtime: Runtime, given: unknown) {
  const request = checkedRequest(given)
  const { action, strict } = request
  if (runtime.asking?.mayNeed(writeAction(action)) === true)
    throw terminalError('confirmation_unavailable', asksNobody.replace(/^\w+: /, ''))
  const known = await ctx.get<JobState>('job')
  const plan = await planOf(ctx, runtime, request).catch((error: unknown) => {
    if (known?.finished !== true || known.action !== action) throw error
    return null // its file may be gone
  })
  if (known !== null || plan === null) {
    const isSame = plan === null || (known?.action === action && known.sha256 === plan.sha256)
    if (known !== null && isSame) return resumed(ctx, known)
    throw terminalError(
      'job_mismatch',
      'this job was started with another action or other rows. Nothing was sent. Use a new job name.',
    )
  }
  if (plan.rows === 0) throw terminalError('invalid_input', 'there are no rows')
  if (strict === true && plan.bad_rows > 0) {
    const shown = plan.bad.map(({ row, error }) => `row ${row}: ${error}`).slice(0, 5)
    throw terminalError('bad_rows', `${plan.bad_rows} rows are bad, nothing was sent: ${shown.join('; ')}`)
  }
  const pages = Math.ceil(plan.chunks.length / chunksPerPage)
  const { rows, bad_rows, bad, sha256 } = plan
  const started_at = await ctx.date.now()
  const counts = { succeeded: 0, failed: 0, unknown: 0, finished: false, stopped: null }
  const job: JobState = { action, rows, bad_rows, bad, sha256, ...counts, started_at, pages, page: 0 }
  for (let page = 0; page < pages; page++) {
    ctx.set(`page ${page}`, plan.chunks.slice(page * chunksPerPage, (page + 1) * chunksPerPage))
  }
  ctx.set('job', job)
  schedulePage(ctx, 0)
  const self = ctx.objectSendClient<InternalHandlers>({ name: 'intercom_bulk' }, ctx.key)
  self.expire({ started_at }, rpc.sendOpts({ delay: retentionMs }))
  return { ...statusOf(job), bad }
}

/** The same job again: a stopped one resumes, any other is left alone. */
function resumed(ctx: ObjectContext, job: JobState) {
  const next = { ...job, stopped: null }
  if (job.stopped !== null) {
    ctx.set('job', next)
    schedulePage(ctx, job.page)
  }
  return { ...statusOf(next), bad: job.bad }
}

async function problems(ctx: ObjectSharedContext, from?: { page?: unknown }) {
  const job = await jobOf(ctx)
  const page = Number(from?.page ?? 0)
  if (!Number.isInteger(page) || page < 0 || page >= job.pages)
    throw terminalError('invalid_input', `page must be a whole number from 0 to ${job.pages - 1}`)
  const found = (await ctx.get<RowProblem[]>(`problems ${page}`)) ?? []
  const inOrder = found.toSorted((a, b) => a.row - b.row)
  return { problems: inOrder, next_page: page + 1 < job.pages ? page + 1 : null }
}

/** Forgets the job. One that was started later under the same name stays. */
async function expire(ctx: ObjectContext, { started_at }: { started_at: number }): Promise<void> {
  if ((await ctx.get<JobState>('job'))?.started_at === started_at) ctx.clearAll()
}

function statusOf(job: JobState): BulkStatus {
  const { action, rows, bad_rows, succeeded, failed, unknown, finished, stopped } = job
  return { action, rows, bad_rows, succeeded, failed, unknown, finished, stopped }
}

function checkedRequest(given: unknown): BulkRequest {
  const { data, error } = requestSchema.safeParse(given)
  if (error !== undefined) throw terminalError('invalid_input', z.prettifyError(error).replaceAll('\n', ' '))
  if ((data.rows === undefined) === (data.file === undefined))
    throw terminalError('invalid_input', 'give either rows or a file')
  return data
}

/** Throws a refusal for an input that is wrong: tried again it would be wrong again. */
async function planOf(
  ctx: Context,
  runtime: Runtime,
  { action: name, rows, file }: BulkRequest,
): Promise<Plan> {
  const action = writeAction(name)
  const elsewhere = inOtherToolset(name, runtime.intercom.toolsets)
  if (elsewhere !== null) throw terminalError('not_allowed', elsewhere)
  const plan =
    rows === undefined
      ? await ctx.run('plan', () => orMessage(planOfFile(action, runtime.files, file ?? '')))
      : await orMessage((async () => planOfList(action, rows))())
  if (typeof plan === 'string') throw terminalError('invalid_input', plan)
  return plan
}

async function orMessage(plan: Promise<Plan>): Promise<Plan | string> {
  try {
    return await plan
  } catch (error) {
    if (error instanceof IntercomError) return error.message
    throw error
  }
}

import {
  type Context,
  handlers,
  type ObjectContext,
  type ObjectSharedContext,
  object,
  rpc,
} from '@restatedev/restate-sdk'
import { z } from 'zod'
import { IntercomError } from '../errors.ts'
import { type Problem, writing } from './bulk-chunk.ts'
import { exactInput, type Plan, planOfFile, planOfList } from './bulk-plan.ts'
import { type BulkStatus, goOn, type Job, jobOf, type Worker, work } from './bulk-progress.ts'
import type { Engine } from './engine.ts'
import { refusal } from './response.ts'
import { keptForMs, quiet } from './service-options.ts'

/** What a bulk job is asked for: an action that writes, and its inputs as a list or as a file of JSON lines. */
export type BulkRequest = {
  action: string
  /** One input a row, together at most 32 MiB. */
  rows?: unknown[] | undefined
  /** A file in the workers' folder, with one input a line. */
  file?: string | undefined
  /** Begin nothing when a row is bad. */
  strict?: boolean | undefined
}

/** The handlers of the object `intercom_bulk`, whose key is the job's name. */
export type IntercomBulk = {
  start(ctx: ObjectContext, request: BulkRequest): Promise<BulkStatus & Pick<Plan, 'bad'>>
  status(ctx: ObjectSharedContext): Promise<BulkStatus>
  problems(
    ctx: ObjectSharedContext,
    from?: { page?: number },
  ): Promise<{ problems: Problem[]; next_page: number | null }>
}

/** Chunks that one call of `work` sees to: the engine replays it whole after a crash, so it must not go on for hours. */
const chunksOfPage = 100

const requested = z.strictObject({
  action: z.string(),
  rows: z.array(z.unknown()).optional(),
  file: z.string().min(1).optional(),
  strict: z.boolean().optional(),
})

/** Jobs of many rows, each row once. The same job with other rows is refused; a finished one does nothing. */
export function intercomBulk(engine: Engine) {
  return object({
    name: 'intercom_bulk',
    description: 'A write for each of many rows, each once. The key is the name of the job.',
    options: { ...quiet, enableLazyState: true },
    handlers: {
      start: handlers.object.exclusive({ input: exactInput }, (ctx: ObjectContext, request: unknown) =>
        start(ctx, engine, request),
      ),
      status: handlers.object.shared(async (ctx: ObjectSharedContext) => statusOf(await jobOf(ctx))),
      problems: handlers.object.shared(problems),
      work: handlers.object.exclusive({ ingressPrivate: true }, work),
      forget: handlers.object.exclusive({ ingressPrivate: true }, forget),
    },
  })
}

async function start(ctx: ObjectContext, engine: Engine, request: unknown) {
  const { action, strict, ...source } = checked(request)
  const known = await ctx.get<Job>('job')
  const plan = await planned(ctx, engine, action, source).catch((error: unknown) => {
    if (known?.finished !== true || known.action !== action) throw error
    return null // its file may be gone
  })
  if (known !== null && plan === null) return resumed(ctx, known)
  if (known !== null || plan === null) {
    if (known?.action === action && known.sha256 === plan?.sha256) return resumed(ctx, known)
    throw refusal(
      'job_mismatch',
      'this job has another action or other rows. Nothing was begun. Name a new job.',
    )
  }
  if (plan.rows === 0) throw refusal('invalid_input', 'there are no rows')
  if (strict === true && plan.bad_rows > 0) {
    const shown = plan.bad.map(({ row, error }) => `row ${row}: ${error}`).slice(0, 5)
    throw refusal('bad_rows', `${plan.bad_rows} rows are bad, nothing was begun: ${shown.join('; ')}`)
  }
  const pages = Math.ceil(plan.chunks.length / chunksOfPage)
  const { rows, bad_rows, bad, sha256 } = plan
  const at = await ctx.date.now()
  const counts = { succeeded: 0, failed: 0, unknown: 0, finished: false, stopped: null }
  const job: Job = { action, rows, bad_rows, bad, sha256, ...counts, at, pages, page: 0 }
  for (let page = 0; page < pages; page++) {
    ctx.set(`page ${page}`, plan.chunks.slice(page * chunksOfPage, (page + 1) * chunksOfPage))
  }
  ctx.set('job', job)
  goOn(ctx, 0)
  ctx
    .objectSendClient<Worker>({ name: 'intercom_bulk' }, ctx.key)
    .forget({ at }, rpc.sendOpts({ delay: keptForMs }))
  return { ...statusOf(job), bad }
}

/** The same job again: one that had stopped goes on, else nothing is begun. */
function resumed(ctx: ObjectContext, job: Job) {
  const next = { ...job, stopped: null }
  if (job.stopped !== null) {
    ctx.set('job', next)
    goOn(ctx, job.page)
  }
  return { ...statusOf(next), bad: job.bad }
}

async function problems(ctx: ObjectSharedContext, from?: { page?: unknown }) {
  const job = await jobOf(ctx)
  const page = Number(from?.page ?? 0)
  if (!Number.isInteger(page) || page < 0 || page >= job.pages) {
    throw refusal('invalid_input', `page takes a whole number from 0 to ${job.pages - 1}`)
  }
  const found = (await ctx.get<Problem[]>(`problems ${page}`)) ?? []
  const inOrder = found.toSorted((a, b) => a.row - b.row)
  return { problems: inOrder, next_page: page + 1 < job.pages ? page + 1 : null }
}

/** The ids of what was sent are forgotten with the job. */
async function forget(ctx: ObjectContext, { at }: { at: number }): Promise<void> {
  if ((await ctx.get<Job>('job'))?.at === at) ctx.clearAll()
}

function statusOf({
  action,
  rows,
  bad_rows,
  succeeded,
  failed,
  unknown,
  finished,
  stopped,
}: Job): BulkStatus {
  return { action, rows, bad_rows, succeeded, failed, unknown, finished, stopped }
}

function checked(request: unknown): z.output<typeof requested> {
  const result = requested.safeParse(request)
  if (!result.success) throw refusal('invalid_input', z.prettifyError(result.error).replaceAll('\n', ' '))
  const { rows, file } = result.data
  if ((rows === undefined) === (file === undefined)) {
    throw refusal('invalid_input', 'a job takes either rows or a file')
  }
  return result.data
}

async function planned(
  ctx: Context,
  engine: Engine,
  name: string,
  { rows, file }: { rows?: unknown[] | undefined; file?: string | undefined },
): Promise<Plan> {
  const action = writing(name)
  if (action === undefined) throw refusal('invalid_input', `${name.slice(0, 60)} is no action that writes`)
  const plan =
    rows === undefined
      ? await ctx.run('plan', () => said(planOfFile(action, engine.files, file ?? '')))
      : await said((async () => planOfList(action, rows))())
  if (typeof plan === 'string') throw refusal('invalid_input', plan)
  return plan
}

/** What is wrong with the input is the caller's matter: tried again it would be wrong again. */
async function said(plan: Promise<Plan>): Promise<Plan | string> {
  try {
    return await plan
  } catch (error) {
    if (error instanceof IntercomError) return error.message
    throw error
  }
}

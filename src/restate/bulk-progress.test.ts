import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RestatePromise } from '@restatedev/restate-sdk'
import { fakeObject } from '../../test/support/fake-object.ts'
import type { ChunkRequest, ChunkResult } from './bulk-chunk.ts'
import type { Chunk } from './bulk-plan.ts'
import { type JobState, jobOf, runPage } from './bulk-progress.ts'

const chunk = (first: number, count = 2): Chunk => ({ first, count, rows: [] })
const good: ChunkResult = { rows: 2, problems: [], remaining: [], stopped: null }

/** A job with its chunks in pages; `run` gives the result of each. */
async function opened(pages: Chunk[][], run: (request: ChunkRequest) => ChunkResult | Promise<ChunkResult>) {
  const faked = fakeObject('the job')
  const asked: ChunkRequest[] = []
  const running = { now: 0, most: 0 }
  const service = {
    run: (request: ChunkRequest) => {
      asked.push(request)
      running.most = Math.max(running.most, ++running.now)
      const result = new Promise(setImmediate).then(() => run(request)).finally(() => running.now--)
      return RestatePromise.resolve(result)
    },
  }
  const ctx = Object.assign(faked.ctx, { serviceClient: () => service })
  const none = {
    rows: 0,
    bad_rows: 0,
    succeeded: 0,
    failed: 0,
    unknown: 0,
    sha256: '',
    bad: [],
    started_at: 0,
  }
  const job: JobState = {
    ...none,
    action: 'create_note',
    finished: false,
    stopped: null,
    pages: pages.length,
    page: 0,
  }
  ctx.set('job', job)
  for (const [page, chunks] of pages.entries()) ctx.set(`page ${page}`, chunks)
  const scheduled = () => faked.sent.splice(0).map(({ handler, input }) => [handler, input])
  return { ...faked, ctx, asked, running, scheduled }
}

test('a job runs page after page, only so many chunks in flight, and is finished after the last', async () => {
  const first = Array.from({ length: 30 }, (_, n) => chunk(2 * n + 1))
  const { ctx, asked, running, scheduled, kept } = await opened([first, [chunk(61)]], () => good)
  await runPage(ctx, { page: 0 })
  assert.deepEqual([asked.length, running.most, scheduled()], [30, 12, [['runPage', { page: 1 }]]])
  assert.partialDeepStrictEqual(await jobOf(ctx), { succeeded: 60, finished: false })
  await runPage(ctx, { page: 1 })
  assert.deepEqual(asked.at(-1), { job: 'the job', action: 'create_note', chunk: chunk(61) })
  assert.partialDeepStrictEqual(await jobOf(ctx), { succeeded: 62, failed: 0, unknown: 0, finished: true })
  assert.deepEqual([scheduled(), kept()['page 0'], kept()['page 1']], [[], [], []])
})

test('failed rows and unknown ones are counted apart, and kept with their page', async () => {
  const problems = [
    { row: 1, outcome: 'failed' as const, error: 'no' },
    { row: 2, outcome: 'unknown' as const, error: 'nobody knows' },
  ]
  const { ctx, kept } = await opened([[chunk(1, 3)]], () => ({ ...good, rows: 3, problems }))
  await runPage(ctx, { page: 0 })
  assert.partialDeepStrictEqual(await jobOf(ctx), { succeeded: 1, failed: 1, unknown: 1 })
  assert.deepEqual(kept()['problems 0'], problems)
})

test('a job that stops starts no more chunks, and keeps what is not done for when it resumes', async () => {
  const chunks = Array.from({ length: 20 }, (_, n) => chunk(2 * n + 1))
  const { ctx, asked, kept, scheduled } = await opened([[], chunks, []], ({ chunk: { first } }) =>
    first === 1
      ? { rows: 1, problems: [], remaining: [2], stopped: '401 unauthorized' }
      : first === 3
        ? { rows: 0, problems: [], remaining: [3, 4], stopped: 'another reason' }
        : good,
  )
  await runPage(ctx, { page: 1 })
  assert.equal(asked.length, 12)
  const left = kept()['page 1'] as Chunk[]
  assert.deepEqual(
    left.map(({ first, only }) => [first, only]),
    [[1, [2]], [3, [3, 4]], ...chunks.slice(12).map(({ first }) => [first, undefined])],
  )
  const { stopped, page, finished, succeeded } = await jobOf(ctx)
  assert.deepEqual([stopped, page, finished, succeeded], ['401 unauthorized', 1, false, 21])
  assert.deepEqual(scheduled(), [])
})

test('a chunk that stops again keeps only what is still not done', async () => {
  const stops = { rows: 1, problems: [], remaining: [6], stopped: '401 unauthorized' }
  const { ctx, kept } = await opened([[{ ...chunk(4, 3), only: [5, 6] }]], () => stops)
  await runPage(ctx, { page: 0 })
  assert.deepEqual(kept()['page 0'], [{ ...chunk(4, 3), only: [6] }])
})

test('the rows of a chunk that an operator has ended are unknown, where they were still to be done', async () => {
  const ended = () => Promise.reject(new Error('killed'))
  const chunks = [{ ...chunk(4, 3), only: [5] }, chunk(7, 2)]
  const { ctx, kept } = await opened([chunks], ended)
  await runPage(ctx, { page: 0 })
  const problems = kept()['problems 0'] as ChunkResult['problems']
  assert.deepEqual(
    problems.map(({ row, outcome }) => [row, outcome]),
    [
      [5, 'unknown'],
      [7, 'unknown'],
      [8, 'unknown'],
    ],
  )
  assert.match(String(problems[0]?.error), /was ended \(killed\)/)
  assert.partialDeepStrictEqual(await jobOf(ctx), { succeeded: 0, failed: 0, unknown: 3, finished: true })
})

test('a job that does not exist is not found', async () => {
  await assert.rejects(jobOf(fakeObject().ctx), { code: 404 })
})

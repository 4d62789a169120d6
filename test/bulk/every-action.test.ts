// Every action as a row of a bulk job and as a durable handler, in the local Intercom: the same requests as in code.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Context, ServiceDefinition } from '@restatedev/restate-sdk'
import { catalogue } from '../../src/actions/toolsets.ts'
import { runBulk } from '../../src/bulk/index.ts'
import { createIntercom } from '../../src/index.ts'
import { AttemptJournal } from '../../src/restate/attempt-journal.ts'
import { intercomBulk } from '../../src/restate/bulk.ts'
import { chunkService } from '../../src/restate/bulk-chunk.ts'
import { planOfList } from '../../src/restate/bulk-plan.ts'
import { ConcurrencyLimit } from '../../src/restate/concurrency-limit.ts'
import { intercomOnce } from '../../src/restate/once.ts'
import { intercomService } from '../../src/restate/service.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { actionExamples } from '../support/action-examples.ts'
import { actionOf } from '../support/bulk-rows.ts'
import { fakeObject, handlersOf } from '../support/fake-object.ts'
import { type ToolsetSubjects, toolsetExamples, toolsetSubjects } from '../support/toolset-examples.ts'

const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-every-'))
const workspace = await createWorkspace({ seed: 20, rateLimit: false })
const { control } = workspace
const connection = {
  accessToken: workspace.accessToken,
  dispatcher: workspace.dispatcher,
  toolsets: ['all'] as const,
}
const intercom = createIntercom(connection)
const of = await toolsetSubjects(intercom)
control.clock.freeze()
control.snapshot('start')
after(async () => {
  await workspace.close()
  rmSync(folder, { recursive: true })
})

const examples = { ...actionExamples, ...toolsetExamples } as Record<string, (of: ToolsetSubjects) => object>
const inputOf = (name: string): object => JSON.parse(JSON.stringify(examples[name]?.(of)))

let changed = true

/** What a way of calling answers, and the writes that it sends, from the same start. */
async function tried<T>(call: () => Promise<T>): Promise<{ answer: T; writes: string[] }> {
  if (changed) control.restore('start')
  control.clearRequests()
  const answer = await call()
  const writes = control
    .requests(1000)
    .filter(({ method, path }) => method !== 'GET' && !/\/(search|list)\b/.test(path))
    .map(({ method, path }) => `${method} ${path}`)
  changed = writes.length > 0
  return { answer, writes: writes.toReversed() }
}

let jobs = 0

/** A job of one row; answers its result. */
async function bulk(name: string, format: 'jsonl' | 'csv', dryRun = false): Promise<unknown> {
  const path = join(folder, `${++jobs}.${format}`)
  const results = join(folder, `${jobs}.results`)
  const input = inputOf(name)
  const text = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value))
  const cells = Object.values(input).map((value) => `"${text(value).replaceAll('"', '""')}"`)
  const csv = `${Object.keys(input)}\n${cells}\n`
  writeFileSync(path, format === 'csv' ? csv : `${JSON.stringify(input)}\n`)
  const client = createIntercom({ ...connection, dryRun })
  await runBulk({
    action: actionOf(name),
    input: { path },
    reading: {},
    folder: join(folder, `${jobs}.job`),
    results,
    strict: false,
    concurrency: 1,
    signal: new AbortController().signal,
    connect: async () => ({
      workspace: { origin: 'http://localhost', app: 'one' },
      call: async (row) => {
        const { output, failure, trace } = await client.call(name, row)
        return { output, failure, request_id: trace.request_id ?? null }
      },
      close: () => client.close(),
    }),
  })
  return (JSON.parse(readFileSync(results, 'utf8')) as { output: unknown }).output
}

type Handler = (ctx: Context, input: unknown) => Promise<unknown>
const servicesOf = (definition: unknown) =>
  (definition as ServiceDefinition<string, unknown> as unknown as { service: Record<string, Handler> })
    .service

/** A worker's handlers, without a Restate server. */
function worker(toolsets: readonly 'all'[] = ['all']) {
  const journal = new AttemptJournal(async () => [])
  const client = createIntercom({ ...connection, toolsets, journal, settleMs: [1, 1] })
  const runtime = { intercom: client, journal, concurrency: new ConcurrencyLimit(), files: undefined }
  return {
    service: servicesOf(intercomService(runtime)),
    once: handlersOf(intercomOnce(runtime)) as unknown as Record<string, Handler>,
    chunks: servicesOf(chunkService(runtime)),
    jobs: handlersOf(intercomBulk(runtime)) as unknown as Record<string, Handler>,
  }
}

const ctxOf = (key: string) => fakeObject(key).ctx as unknown as Context

async function row(name: string): Promise<unknown> {
  const [chunk] = planOfList(actionOf(name), [inputOf(name)]).chunks
  return await worker().chunks['run']?.(ctxOf(name), { job: name, action: name, chunk })
}

for (const { name, effect } of catalogue) {
  if (effect === 'read') {
    test(`${name} as a durable handler answers as in code`, async () => {
      const reference = await tried(() => intercom.run(name, inputOf(name)))
      const { answer } = await tried(async () => await worker().service[name]?.(ctxOf(name), inputOf(name)))
      const plain = JSON.parse(JSON.stringify(reference.answer))
      assert.deepEqual(JSON.parse(JSON.stringify(answer)), { ...plain, failure: null })
    })
    continue
  }
  test(`${name} as a row and as a durable handler sends what it sends in code`, async () => {
    const reference = await tried(() => intercom.run(name, inputOf(name)))
    assert.equal(reference.answer.error, null)
    assert.ok(reference.writes.length > 0)
    for (const format of ['jsonl', 'csv'] as const) {
      const { answer, writes } = await tried(() => bulk(name, format))
      assert.deepEqual(writes, reference.writes, format)
      assert.deepEqual(answer, JSON.parse(JSON.stringify(reference.answer)), format)
    }
    const dry = await tried(() => bulk(name, 'csv', true))
    assert.deepEqual([dry.writes, (dry.answer as { error: unknown }).error], [[], null])
    const { service, once } = worker()
    for (const [way, call] of [
      ['handler', async () => await service[name]?.(ctxOf(name), inputOf(name))],
      ['once', async () => await once[name]?.(ctxOf(`key of ${name}`), inputOf(name))],
    ] as const) {
      const { answer, writes } = await tried(call)
      assert.deepEqual([writes, (answer as { success: boolean }).success], [reference.writes, true], way)
    }
    const rows = await tried(() => row(name))
    assert.deepEqual(
      [rows.writes, rows.answer],
      [reference.writes, { rows: 1, problems: [], remaining: [], stopped: null }],
    )
  })
}

test('a worker has the handlers of its toolsets, and takes no job of another', async () => {
  const plain = worker([])
  assert.equal(plain.service['close_conversation'], undefined)
  assert.equal(plain.once['close_conversation'], undefined)
  await assert.rejects(
    async () =>
      await plain.jobs['start']?.(ctxOf('a job'), {
        action: 'close_conversation',
        rows: [{ conversation_id: '1' }],
      }),
    /close_conversation is in the toolset "desk", which is not chosen/,
  )
})

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { createIntercom, type ToolsetChoice } from '../../src/index.ts'
import { conversationTasks, type DeskTask } from './desk-tasks.ts'
import { peopleTasks } from './people-tasks.ts'
import { type Call, type Json, openDesk } from './trajectory.ts'
import { overMcp, overRest, type Transport } from './transports.ts'

const tasks = [...conversationTasks, ...peopleTasks]
/** A desk that a task has been set up in, and a model's calls of its tools, counted. */
async function opened(transport: Transport, { setUp }: DeskTask, toolsets: ToolsetChoice[]) {
  const desk = await openDesk()
  const { accessToken, dispatcher, control } = desk.workspace
  const intercom = createIntercom({ accessToken, dispatcher, toolsets, settleMs: [1] })
  const { call, close } = await transport(intercom)
  const start: Json = await setUp(desk)
  control.clearRequests()
  let calls = 0
  const counted: Call = (tool, input) => {
    calls += 1
    return call(tool, input)
  }
  /** How many requests that write were taken since the last time. */
  const written = () => {
    const changed = control
      .requests(1000)
      .filter(({ method, path }) => method !== 'GET' && !/\/search/.test(path))
      .filter(({ status }) => Number(status) < 300)
    control.clearRequests()
    return changed.length
  }
  return {
    desk,
    start,
    call,
    written,
    /** The right way; how many calls it takes. */
    async play(steps: DeskTask['steps'], check: DeskTask['check']) {
      await steps(counted, start)
      await check(desk, start)
      return calls
    },
    async close() {
      await close()
      await intercom.close()
      await desk.workspace.close()
    },
  }
}

/** By task: with the thirteen alone, where they can, and with toolsets. */
const taken = new Map<string, { before: number | null; after: number }>()

for (const [protocol, transport] of [
  ['MCP', overMcp],
  ['REST', overRest],
] as const)
  for (const task of tasks) {
    const { name, toolsets, wrong, steps, check } = task
    test(`a model with toolsets ${name}, after each mistake has told it what to do, over ${protocol}`, async () => {
      const { call, start, written, play, close } = await opened(transport, task, toolsets)
      for (const { mistake, writes = 0, steps } of wrong) {
        if (writes > 0) continue
        await steps(call, start)
        assert.equal(written(), 0, mistake)
      }
      const after = await play(steps, check)
      await close()
      taken.set(name, { before: after, after })
    })
    for (const { mistake, writes = 0, steps } of wrong) {
      if (writes === 0) continue
      test(`a model that ${mistake} changes once, over ${protocol}`, async () => {
        const { call, start, written, close } = await opened(transport, task, toolsets)
        await steps(call, start)
        assert.equal(written(), writes)
        await close()
      })
    }
  }

for (const task of tasks) {
  const { name, before, check } = task
  if (before === undefined) continue
  test(`a model without toolsets ${name}: ${before ? 'it can' : 'it cannot'}`, async () => {
    const { play, close } = await opened(overMcp, task, [])
    if (before === null) await assert.rejects(play(task.steps, check), /is in the toolset/)
    const calls = before && (await play(before, check))
    await close()
    const after = taken.get(name)?.after ?? assert.fail()
    assert.ok(calls === null || after <= calls / 2)
    taken.set(name, { before: calls, after })
  })
}

const page = new URL('../../docs/trajectories.md', import.meta.url)

test('docs/trajectories.md says what each task takes', () => {
  const rows = tasks.map(({ name, toolsets, wrong }) => {
    const { before, after } = taken.get(name) ?? assert.fail(name)
    const sets = toolsets.map((set) => `\`${set}\``).join(', ')
    return `| ${name} | ${sets} | ${before ?? 'cannot'} | ${after} | ${wrong.map(({ mistake }) => mistake).join('; ')} |`
  })
  const table = `| a model … | toolsets | calls without | calls with | and is told so when it … |\n|---|---|--:|--:|---|\n${rows.join('\n')}\n`
  const text = readFileSync(page, 'utf8')
  const wanted = text.replace(/\| a model …[\s\S]*/, table)
  if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(page, wanted)
  assert.equal(text, wanted, 'run again with UPDATE_GOLDEN=1 and read the diff')
})

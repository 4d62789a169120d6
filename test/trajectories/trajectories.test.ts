import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createIntercom } from '../../src/index.ts'
import { answering } from './answering.ts'
import { changing } from './changing.ts'
import { finding } from './finding.ts'
import { openDesk } from './trajectory.ts'
import { overMcp, overRest } from './transports.ts'

const trajectories = [...finding, ...changing, ...answering]

test('there are at least 25 jobs, each with a name of its own', () => {
  assert.ok(new Set(trajectories.map(({ name }) => name)).size >= 25)
})

for (const [protocol, transport] of [
  ['MCP', overMcp],
  ['REST', overRest],
] as const) {
  for (const { name, setUp, steps, check } of trajectories) {
    test(`a model that uses the tools over ${protocol} ${name}`, async (context) => {
      const desk = await openDesk()
      context.after(() => desk.workspace.close())
      const { accessToken, dispatcher } = desk.workspace
      const intercom = createIntercom({ accessToken, dispatcher, settleMs: [20, 40], timeoutMs: 2000 })
      const { call, close } = await transport(intercom)
      const start = await setUp(desk)
      await steps(call, start)
      await check(desk, start)
      await close()
    })
  }
}

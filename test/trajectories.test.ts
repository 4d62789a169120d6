import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { mcpHttp } from '../src/adapters/mcp/index.ts'
import { createIntercom } from '../src/index.ts'
import { answering } from './trajectories/answering.ts'
import { changing } from './trajectories/changing.ts'
import { finding } from './trajectories/finding.ts'
import { type Call, openDesk } from './trajectories/trajectory.ts'

const trajectories = [...finding, ...changing, ...answering]

test('there are at least 25 jobs, each with a name of its own', () => {
  assert.ok(new Set(trajectories.map(({ name }) => name)).size >= 25)
})

for (const { name, setUp, steps, check } of trajectories) {
  test(`a model that uses the tools over MCP ${name}`, async (context) => {
    const desk = await openDesk()
    context.after(() => desk.workspace.close())
    const { url, accessToken } = await desk.workspace.listen()
    const intercom = createIntercom({ accessToken, baseUrl: url, settleMs: [20, 40], timeoutMs: 2000 })
    const { fetch } = mcpHttp(intercom)
    const client = new Client(
      { name: 'trajectories', version: '1' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    )
    await client.connect(
      new StreamableHTTPClientTransport(new URL('http://localhost/mcp'), {
        fetch: (input, init) => fetch(new Request(input, init)),
      }),
    )
    const call: Call = async (tool, input = {}) => {
      const { isError, structuredContent, content } = await client.callTool({
        name: tool,
        arguments: { ...input },
      })
      const [first] = content as { text: string }[]
      return { ok: isError === false, result: structuredContent, text: String(first?.text) }
    }
    const start = await setUp(desk)
    await steps(call, start)
    await check(desk, start)
    await client.close()
  })
}

// How long `mcp` over stdio takes from its start to the first `tools/list` answer, beside a bare Node.js and one that
// only imports the MCP SDK. Each round starts every process once; ratios are medians of those within a round.
// npm run cold-start [-- --rounds 21]
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { median, table } from './report.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '21' } } })
const root = join(import.meta.dirname, '..')
const bin = join(root, 'bin', 'modulex-intercom.js')
const env = {
  ...process.env,
  INTERCOM_ACCESS_TOKEN: 'cold-start',
  INTERCOM_API_BASE_URL: 'http://127.0.0.1:9',
}
const clientInfo = { name: 'cold-start', version: '1' }

const openings = {
  'mcp, 2025-11-25': [
    { id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } },
    { method: 'notifications/initialized' },
    { id: 2, method: 'tools/list' },
  ],
  'mcp, 2026-07-28': [
    {
      id: 2,
      method: 'tools/list',
      params: {
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientInfo': clientInfo,
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    },
  ],
}

async function firstList(messages: readonly object[]): Promise<number> {
  const from = performance.now()
  const server = spawn(process.execPath, [bin, 'mcp'], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 20_000,
  })
  for (const message of messages) server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  for await (const line of createInterface(server.stdout)) {
    const { id, result } = JSON.parse(line) as { id?: number; result?: { tools?: unknown[] } }
    if (id !== 2) continue
    if (result?.tools?.length !== 13) throw new Error(`not the thirteen tools: ${line.slice(0, 200)}`)
    const ms = performance.now() - from
    server.stdin.end()
    await once(server, 'exit')
    return ms
  }
  throw new Error('the server ended without an answer')
}

/** Until a script has printed a line. */
async function firstLine(script: string): Promise<number> {
  const from = performance.now()
  const child = spawn(process.execPath, ['--input-type=module', '-e', `${script}; console.log()`], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 20_000,
  })
  const exited = once(child, 'exit')
  await once(child.stdout, 'data')
  const ms = performance.now() - from
  await exited
  return ms
}

execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
const bare = 'bare Node.js'
const sdk = "import('@modelcontextprotocol/server')"
const rounds: Map<string, number>[] = []
for (let round = 0; round <= Number(values.rounds); round++) {
  const took = new Map([
    [bare, await firstLine('')],
    [sdk, await firstLine(`await ${sdk}`)],
  ])
  for (const [name, messages] of Object.entries(openings)) took.set(name, await firstList(messages))
  if (round > 0) rounds.push(took) // the first fills the file cache
}
const rows = [bare, sdk, ...Object.keys(openings)].map((name) => {
  const over = (of: (took: (key: string) => number) => number) =>
    median(rounds.map((took) => of((key) => took.get(key) ?? Number.NaN)))
  return [
    name,
    over((took) => took(name)).toFixed(0),
    over((took) => took(name) - took(bare)).toFixed(0),
    over((took) => took(name) / took(sdk)).toFixed(2),
  ]
})
console.log(table(['process', 'ms, median', 'above bare', 'to the SDK'], rows))

// How long `mcp` over stdio takes from its start to the first `tools/list` answer, beside a bare Node.js.
// npm run cold-start [-- --rounds 21]
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { percentile, table } from './report.ts'

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

async function bare(): Promise<number> {
  const from = performance.now()
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore', timeout: 20_000 }), 'exit')
  return performance.now() - from
}

execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
const found = new Map<string, number[]>()
for (let round = 0; round <= Number(values.rounds); round++) {
  const took: [string, number][] = [['node -e 0', await bare()]]
  for (const [name, messages] of Object.entries(openings)) took.push([name, await firstList(messages)])
  if (round === 0) continue // the first fills the file cache
  for (const [name, ms] of took) found.set(name, [...(found.get(name) ?? []), ms])
}
const median = (name: string) => percentile(found.get(name) ?? [], 0.5)
const rows = [...found.keys()].map((name) => [
  name,
  median(name).toFixed(0),
  (median(name) - median('node -e 0')).toFixed(0),
])
console.log(table(['process', 'ms, median', 'above bare'], rows))

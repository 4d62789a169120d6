// What MCP over HTTP costs: the same calls through `serve` and by intercom.run, against one workspace.
// npm run mcp [-- --calls 2000 --rounds 5 --concurrency 10]
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { createIntercom } from '../src/index.ts'
import { start } from './child.ts'
import { percentile, table } from './report.ts'

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '5' },
    concurrency: { type: 'string', default: '10' },
  },
})
const [calls, rounds, concurrency] = [values.calls, values.rounds, values.concurrency].map(Number)
const keys = { compact: 'key-of-the-compact-benchmark-01', full: 'key-of-the-full-benchmark-00002' }
const agent = new Agent({ keepAlive: true, maxSockets: Number(concurrency) })

type Call = (action: string, input: object) => Promise<boolean>

/** A process of its own that serves MCP with its log switched on and thrown away. */
async function served(baseUrl: string, accessToken: string, folder: string) {
  const config = join(folder, 'serve.json')
  const own = { access_token_env: 'BENCH_TOKEN', base_url: baseUrl, calls_per_minute: 1_000_000 }
  const entries = (['compact', 'full'] as const).map((output) => {
    const key_sha256 = createHash('sha256').update(keys[output]).digest('hex')
    return { ...own, name: output, key_sha256, output }
  })
  writeFileSync(config, JSON.stringify({ keys: entries }))
  const bin = join(import.meta.dirname, '../src/cli/bin.ts')
  const child = spawn(process.execPath, [bin, 'serve', '--port', '0', '--config', config], {
    env: { BENCH_TOKEN: accessToken },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const { url }: { url: string } = JSON.parse(line)
  return { url, cpu: () => cpuOf(Number(child.pid)), end: () => child.kill() }
}

/** Milliseconds of CPU a process has used, in steps of ten (Linux). */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

function overHttp(url: string, version: '2025-11-25' | '2026-07-28', output: 'compact' | 'full'): Call {
  const modern = version === '2026-07-28'
  return async (name, input) => {
    const params = { name, arguments: input, ...(modern ? { _meta: meta } : {}) }
    const outgoing = request(`${url}/mcp`, {
      method: 'POST',
      agent,
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        Authorization: `Bearer ${keys[output]}`,
        'MCP-Protocol-Version': version,
        ...(modern ? { 'Mcp-Method': 'tools/call', 'Mcp-Name': name } : {}),
      },
    })
    outgoing.end(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }))
    const [response] = await once(outgoing, 'response')
    return (await text(response)).includes('"isError":false')
  }
}

/** Milliseconds of each call, with as many under way as asked for. */
async function measured(call: Call, action: string, input: object, count: number): Promise<number[]> {
  const times: number[] = []
  let left = count
  await Promise.all(
    Array.from({ length: Number(concurrency) }, async () => {
      while (left-- > 0) {
        const started = performance.now()
        if (!(await call(action, input))) throw new Error(`${action} failed`)
        times.push(performance.now() - started)
      }
    }),
  )
  return times
}

/** Calls before it counts: a server that has run for a minute has compiled its code. */
const warmUp = 6000

type Way = [name: string, call: Call, cpu: () => number]

/** One action by every way, in turns; medians over the rounds, and what they are above the first way's. */
async function compared(ways: readonly Way[], action: string, input: object) {
  const seen = ways.map(() => ({ p50: [] as number[], p99: [] as number[], cpu: [] as number[] }))
  for (const [, call] of ways) await measured(call, action, input, warmUp)
  for (let round = 0; round < Number(rounds); round++) {
    for (const [index, [, call, cpu]] of ways.entries()) {
      const before = cpu()
      const times = await measured(call, action, input, Number(calls))
      seen[index]?.p50.push(percentile(times, 0.5))
      seen[index]?.p99.push(percentile(times, 0.99))
      seen[index]?.cpu.push((cpu() - before) / times.length)
    }
  }
  const medians = seen.map(({ p50, p99, cpu }) => [p50, p99, cpu].map((all) => percentile(all, 0.5)))
  return ways.map(([name], index) => {
    const shown = (medians[index] ?? []).flatMap((value, at) => [value, value - (medians[0]?.[at] ?? 0)])
    const row = [action, name, ...shown.map((ms) => ms.toFixed(2))]
    console.error(row.join(' | '))
    return row
  })
}

const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-mcp-'))
// So high that the client's own pacing, which both ways go through, never waits.
const limits = JSON.stringify({ app: 10_000_000, workspace: 10_000_000 })
const workspaceFile = join(import.meta.dirname, 'pacing-serve.ts')
const workspace = await start(process.execPath, [workspaceFile, limits, 'no-admin-calls'], /^\{/)
const { url: baseUrl, accessToken }: { url: string; accessToken: string } = JSON.parse(workspace.line)
const server = await served(baseUrl, accessToken, folder)
const intercom = createIntercom({ accessToken, baseUrl })

try {
  const { contacts } = await intercom.searchContacts({
    query_field: 'role',
    query_value: 'user',
    per_page: 1,
  })
  const { conversations } = await intercom.listConversations({ per_page: 1 })
  const work: [string, object][] = [
    ['get_contact', { contact_id: contacts[0]?.id }],
    ['get_conversation', { conversation_id: conversations[0]?.id }],
    ['search_contacts', { query_field: 'role', query_value: 'user', per_page: 10 }],
  ]
  const ways: Way[] = [
    [
      'intercom.run',
      async (action, input) => (await intercom.run(action, input)).success,
      () => cpuOf(process.pid),
    ],
    ['MCP 2026-07-28', overHttp(server.url, '2026-07-28', 'compact'), server.cpu],
    ['MCP 2026-07-28, full', overHttp(server.url, '2026-07-28', 'full'), server.cpu],
    ['MCP 2025-11-25', overHttp(server.url, '2025-11-25', 'compact'), server.cpu],
  ]
  const rows: string[][] = []
  for (const [action, input] of work) rows.push(...(await compared(ways, action, input)))
  const head = ['action', 'by', 'p50 ms', 'own', 'p99 ms', 'own', 'CPU ms a call', 'own']
  console.log(table(head, rows))
} finally {
  agent.destroy()
  server.end()
  await intercom.close()
  await workspace.end()
  rmSync(folder, { recursive: true })
}

// Drives the MCP server with the official inspector, over stdio and HTTP, in both eras of the protocol. `--strict`
// makes it exit with 6 on a tool schema that some hosts refuse.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { actions } from '../src/index.ts'
import { bin, key, served } from './served.ts'

const inspector = fileURLToPath(new URL('node_modules/.bin/mcp-inspector', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'inspector-')) // it writes a catalogue there

const checks: [what: string, args: string[], holds: (result: Answer) => boolean][] = [
  ['tools/list', ['--method', 'tools/list', '--strict'], ({ tools }) => tools?.length === actions.length],
  [
    'a call',
    ['--method', 'tools/call', '--tool-name', 'list_tags'],
    ({ isError, content }) => isError === false && content !== undefined,
  ],
  [
    'a call with an argument',
    ['--method', 'tools/call', '--tool-name', 'search_contacts', '--tool-arg', 'query_value=ada@example.com'],
    ({ isError }) => isError === false,
  ],
  [
    'templates',
    ['--method', 'resources/templates/list'],
    ({ resourceTemplates }) => resourceTemplates?.length === 2,
  ],
  ['prompts', ['--method', 'prompts/list'], ({ prompts }) => prompts?.length === 3],
]

type Answer = {
  tools?: unknown[]
  content?: unknown[]
  isError?: boolean
  resourceTemplates?: unknown[]
  prompts?: unknown[]
}

function inspect(
  target: string[],
  era: string,
  args: string[],
): { status: number | null; answer: Answer; said: string } {
  const { status, stdout, stderr } = spawnSync(
    inspector,
    ['--cli', ...target, ...args, '--protocol-era', era, '--format', 'json', '-q'],
    { env: { ...process.env, HOME: home }, encoding: 'utf8', timeout: 60_000 },
  )
  try {
    return { status, answer: (JSON.parse(stdout) as { result: Answer }).result, said: stderr }
  } catch {
    return { status, answer: {}, said: stdout + stderr }
  }
}

const server = await served([bin, 'serve', '--local', '--port', '0'], { MODULEX_INTERCOM_API_KEY: key })
let failed = 0
try {
  const targets: [string, string[]][] = [
    ['stdio', [process.execPath, bin, 'mcp', '--local']],
    ['HTTP', [`${server.url}/mcp`, '--transport', 'http', '--header', `Authorization: Bearer ${key}`]],
  ]
  for (const [transport, target] of targets) {
    for (const era of ['legacy', 'modern']) {
      for (const [what, args, holds] of checks) {
        const { status, answer, said } = inspect(target, era, args)
        const passed = status === 0 && holds(answer)
        console.log(
          `${passed ? '✓' : '✗'} ${transport}, ${era}: ${what}${passed ? '' : ` (exit ${status}) ${said}`}`,
        )
        failed += passed ? 0 : 1
      }
    }
  }
} finally {
  await server.stop()
  rmSync(home, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1

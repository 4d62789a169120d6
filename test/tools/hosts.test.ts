import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { actions } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { bareEnv } from '../openapi-validator/child-env.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))
const page = readFileSync(new URL('../../docs/hosts.md', import.meta.url), 'utf8')
const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { url, accessToken } = await workspace.listen()
after(() => workspace.close())

type Started = { command: string; args: string[]; env?: Record<string, string> }
type Reached = { url: string; headers: Record<string, string> }

/** The blocks of a host's section, by language. */
function blocks(host: string): { sh: string[]; json: string[] } {
  const [, section = ''] = page.split(`## ${host}\n`)
  const found = [...(section.split('\n## ')[0] ?? '').matchAll(/```(sh|json)\n([\s\S]*?)```/g)]
  const of = (language: string) => found.filter((one) => one[1] === language).map((one) => String(one[2]))
  return { sh: of('sh'), json: of('json') }
}

/** What `modulex-intercom` runs, from this checkout. */
function ours({ command, args, env = {} }: Started): Started {
  assert.equal(command, 'modulex-intercom')
  assert.deepEqual(Object.keys(env), ['INTERCOM_ACCESS_TOKEN'])
  const real = { ...bareEnv(), INTERCOM_ACCESS_TOKEN: accessToken, INTERCOM_API_BASE_URL: url }
  return { command: process.execPath, args: [bin, ...args], env: real }
}

async function works(transport: Transport): Promise<void> {
  const client = new Client({ name: 'host', version: '1' }, { versionNegotiation: { mode: 'auto' } })
  await client.connect(transport)
  const { tools } = await client.listTools()
  assert.equal(tools.length, actions.length)
  const { isError } = await client.callTool({ name: 'list_tags', arguments: {} })
  assert.equal(isError, false)
  await client.close()
}

for (const [host, key] of [
  ['Claude', 'mcpServers'],
  ['Cursor', 'mcpServers'],
  ['VS Code', 'servers'],
] as const) {
  test(`the configuration for ${host} starts a server that works`, async () => {
    const [block = ''] = blocks(host).json
    const config = JSON.parse(block) as Record<string, { intercom: Started }>
    await works(new StdioClientTransport(ours(config[key]?.intercom as Started)))
  })
}

test('the command for Claude Code starts a server that works', async () => {
  const words = String(blocks('Claude').sh[0]).trim().split(/\s+/)
  assert.deepEqual(words.slice(0, 4), ['claude', 'mcp', 'add', 'intercom'])
  const [command = '', ...args] = words.slice(words.indexOf('--') + 1)
  const env = { INTERCOM_ACCESS_TOKEN: String(words[words.indexOf('--env') + 1]) }
  await works(new StdioClientTransport(ours({ command, args, env })))
})

test('the command and the credential for ModuleX reach a server that works', async () => {
  const { sh, json } = blocks('ModuleX')
  const words = String(sh[0]).trim().split(/\s+/)
  const variables = words.filter((word) => word.includes('=')).map((word) => word.split('=')[0])
  assert.deepEqual(variables, ['MODULEX_INTERCOM_API_KEY', 'INTERCOM_ACCESS_TOKEN'])
  const [command = '', ...args] = words.slice(variables.length)
  const port = args[args.indexOf('--port') + 1]
  const credential = JSON.parse(String(json[0])) as Reached
  assert.equal(new URL(credential.url).port, port)

  const started = ours({ command, args, env: { INTERCOM_ACCESS_TOKEN: '' } })
  const key = 'a-key-of-the-test-0123456789abcdef'
  const free = started.args.map((word) => (word === port ? '0' : word))
  const server = spawn(started.command, free, {
    env: { ...process.env, ...started.env, MODULEX_INTERCOM_API_KEY: key },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  try {
    const base = (await firstLine(server)).url
    const { pathname } = new URL(credential.url)
    const authorization = String(credential.headers['Authorization']).replace(
      /\$\{MODULEX_INTERCOM_API_KEY\}/,
      key,
    )
    await works(
      new StreamableHTTPClientTransport(new URL(pathname, base), {
        requestInit: { headers: { authorization } },
      }),
    )
  } finally {
    server.kill()
    await once(server, 'exit')
  }
})

async function firstLine(server: ChildProcess): Promise<{ url: string }> {
  let text = ''
  for await (const chunk of server.stdout ?? []) {
    text += String(chunk)
    if (text.includes('\n')) break
  }
  return JSON.parse(text.split('\n')[0] ?? '') as { url: string }
}

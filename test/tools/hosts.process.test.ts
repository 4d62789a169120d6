import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { parse } from 'yaml'
import { actions, createIntercom } from '../../src/index.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { bareEnv } from '../openapi-validator/child-env.ts'
import { commandLine } from '../support/command-line.ts'
import { correspondence } from '../support/correspondence.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))
const page = readFileSync(new URL('../../docs/hosts.md', import.meta.url), 'utf8')
const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { url, accessToken } = await workspace.listen()
const state = mkdtempSync(join(tmpdir(), 'modulex-intercom-hosts-'))
after(async () => {
  await workspace.close()
  rmSync(state, { recursive: true })
})
const plain = createIntercom({ accessToken, baseUrl: url })
const { conversation, bodies, reply } = await correspondence(plain)

type Started = { command: string; args: string[]; env?: Record<string, string> }
type Reached = { url: string; headers: Record<string, string> }

/** The blocks of a host's section, by language. */
function blocks(host: string): Record<string, string[]> {
  const [, section = ''] = page.split(`## ${host}\n`)
  const found = (section.split('\n## ')[0] ?? '').matchAll(/```(\w+)\n([\s\S]*?)```/g)
  const named = [...found].map(([, language = '', block = '']) => ({ language, block }))
  return Object.fromEntries(
    Object.entries(Object.groupBy(named, ({ language }) => language)).map(([language, all = []]) => [
      language,
      all.map(({ block }) => block),
    ]),
  )
}

/** The server that a host's first block of JSON names. */
function jsonServer(host: string, key: string): Started {
  const config = JSON.parse(blocks(host)['json']?.[0] ?? '') as Record<string, { intercom: Started }>
  return config[key]?.intercom as Started
}

/** A table of TOML, of the forms that our block has: texts, a list of texts, an inline table of texts. */
function tomlServer(host: string): Started {
  const [first = '', ...rest] = (blocks(host)['toml']?.[0] ?? '').trim().split('\n')
  assert.equal(first, '[mcp_servers.intercom]')
  const entries = rest.map((line) => {
    const [, name = '', value = ''] = /^(\w+) = (.+)$/.exec(line) ?? []
    return [name, JSON.parse(value.replaceAll(/"(\w+)" = /g, '"$1": ')) as unknown]
  })
  return Object.fromEntries(entries) as Started
}

function gooseServer(): Started {
  const { extensions } = parse(blocks('Goose')['yaml']?.[0] ?? '')
  const { cmd: command, args, envs: env, type, enabled } = extensions.intercom
  assert.deepEqual([type, enabled], ['stdio', true])
  return { command, args, env }
}

/** The command line that Claude Code is given. */
function claudeCodeServer(): Started {
  const words = String(blocks('Claude')['sh']?.[0]).trim().split(/\s+/)
  assert.deepEqual(words.slice(0, 4), ['claude', 'mcp', 'add', 'intercom'])
  const [command = '', ...args] = words.slice(words.indexOf('--') + 1)
  const [name = '', value = ''] = String(words[words.indexOf('--env') + 1]).split('=')
  return { command, args, env: { [name]: value } }
}

/** What `modulex-intercom` runs, from this checkout. */
function ours({ command, args, env = {} }: Started): Started {
  assert.equal(command, 'modulex-intercom')
  assert.deepEqual(Object.keys(env), ['INTERCOM_ACCESS_TOKEN'])
  const real = {
    ...bareEnv(),
    INTERCOM_ACCESS_TOKEN: accessToken,
    INTERCOM_API_BASE_URL: url,
    XDG_STATE_HOME: state,
  }
  return { command: process.execPath, args: [bin, ...args], env: real }
}

/** What a host's client can do beside tools. */
type Declared = { form?: (message: string) => 'accept' | 'decline' }

async function connected(transport: Transport, { form }: Declared = {}): Promise<Client> {
  const capabilities = form === undefined ? {} : { elicitation: {} }
  const client = new Client(
    { name: 'host', version: '1' },
    { versionNegotiation: { mode: 'auto' }, capabilities },
  )
  if (form !== undefined)
    client.setRequestHandler('elicitation/create', ({ params }) => {
      const action = form(params.message)
      return { action, ...(action === 'accept' ? { content: { confirm: true } } : {}) }
    })
  await client.connect(transport)
  const { tools } = await client.listTools()
  assert.equal(tools.length, actions.length)
  const { isError } = await client.callTool({ name: 'list_tags', arguments: {} })
  assert.equal(isError, false)
  return client
}

/** Calls a tool; answers the envelope. */
async function called(client: Client, input: Record<string, unknown>) {
  const { structuredContent } = await client.callTool({ name: 'reply_to_conversation', arguments: input })
  return structuredContent as { success: boolean; error: string | null }
}

/** What the operator of this machine does. */
async function operator(...args: string[]) {
  const { code, stdout } = await commandLine(['approvals', ...args], { env: { XDG_STATE_HOME: state } })
  assert.equal(code, 0)
  return JSON.parse(stdout)
}

const servers: [host: string, server: () => Started][] = [
  ['Claude Desktop', () => jsonServer('Claude', 'mcpServers')],
  ['Claude Code', claudeCodeServer],
  ['Cursor', () => jsonServer('Cursor', 'mcpServers')],
  ['VS Code', () => jsonServer('VS Code', 'servers')],
  ['Codex', () => tomlServer('Codex')],
  ['Copilot CLI', () => jsonServer('Copilot CLI', 'mcpServers')],
  ['Goose', gooseServer],
  ['Gemini CLI', () => jsonServer('Gemini CLI', 'mcpServers')],
]
const commandLineOf = ({ command, args }: Started) => [command, ...args].join(' ')
/** What hosts start, each once: a process for each host would say the same again. */
const started = new Map(servers.map(([, server]) => [commandLineOf(server()), server()]))

for (const [host, server] of servers) {
  test(`the configuration for ${host} asks a person, and has the token alone in its environment`, () => {
    assert.match(commandLineOf(server()), /^modulex-intercom mcp .*--sends confirm\b/)
    assert.ok(ours(server()))
  })
}

for (const [commandLine, server] of started) {
  const sent = async (conversation_id: string) =>
    (await bodies(conversation_id)).filter((body) => body.includes('Written in a host')).length

  test(`${commandLine} holds what a host without forms would send, until the operator has approved it`, async (t) => {
    const input = reply(await conversation(), 'Written in a host')
    const client = await connected(new StdioClientTransport(ours(server)))
    t.after(() => client.close())
    const { error } = await called(client, input)
    const [id = ''] = /apr_[\w-]{22}/.exec(String(error)) ?? []
    assert.match(String(error), /^reply_to_conversation: held: .*`modulex-intercom approvals`/)
    assert.deepEqual([(await called(client, input)).error, await sent(input.conversation_id)], [error, 0])
    const { fingerprint } = await operator('show', id)
    await operator('approve', id, '--fingerprint', fingerprint, '--wait', '30')
    assert.equal((await called(client, input)).success, true)
    assert.equal(await sent(input.conversation_id), 1)
  })

  test(`${commandLine} asks by form where the host shows forms`, async (t) => {
    const shown: string[] = []
    const form = (message: string) => (shown.push(message) === 1 ? 'accept' : 'decline')
    const client = await connected(new StdioClientTransport(ours(server)), { form })
    t.after(() => client.close())
    const [yes, no] = [await conversation(), await conversation()]
    assert.equal((await called(client, reply(yes, 'Written in a host'))).success, true)
    assert.match(String((await called(client, reply(no, 'Written in a host'))).error), /not_confirmed/)
    assert.deepEqual([await sent(yes), await sent(no), shown.length], [1, 0, 2])
    assert.match(String(shown[0]), /Written in a host/)
  })
}

test('the command and the credential for ModuleX reach a server that sends what its operator has approved', async () => {
  const { sh = [], json = [] } = blocks('ModuleX')
  const words = String(sh[0]).trim().split(/\s+/)
  const variables = words.filter((word) => word.includes('=')).map((word) => word.split('=')[0])
  const named = ['MODULEX_INTERCOM_API_KEY', 'MODULEX_INTERCOM_OPERATOR_KEY', 'INTERCOM_ACCESS_TOKEN']
  assert.deepEqual(variables, named)
  const [command = '', ...args] = words.slice(variables.length)
  const port = args[args.indexOf('--port') + 1]
  const credential = JSON.parse(String(json[0])) as Reached
  assert.equal(new URL(credential.url).port, port)

  const started = ours({ command, args, env: { INTERCOM_ACCESS_TOKEN: '' } })
  const key = 'a-key-of-the-test-0123456789abcdef'
  const operatorKey = 'an-operators-key-of-the-test-0123456789'
  const free = started.args.map((word) => (word === port ? '0' : word))
  const server = spawn(started.command, free, {
    env: {
      ...process.env,
      ...started.env,
      MODULEX_INTERCOM_API_KEY: key,
      MODULEX_INTERCOM_OPERATOR_KEY: operatorKey,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  try {
    const base = (await firstLine(server)).url
    const { pathname } = new URL(credential.url)
    const authorization = String(credential.headers['Authorization']).replace(
      /\$\{MODULEX_INTERCOM_API_KEY\}/,
      key,
    )
    const client = await connected(
      new StreamableHTTPClientTransport(new URL(pathname, base), {
        requestInit: { headers: { authorization } },
      }),
    )
    const input = reply(await conversation(), 'Written in ModuleX')
    const [id = ''] = /apr_[\w-]{22}/.exec(String((await called(client, input)).error)) ?? []
    const decide = (bearer: string) =>
      fetch(new URL(`/approvals/${id}/decision`, base), {
        method: 'POST',
        headers: { authorization: bearer, 'content-type': 'application/json' },
        body: '{"decision":"approve"}',
      })
    assert.deepEqual(
      [(await decide(authorization)).status, (await decide(`Bearer ${operatorKey}`)).status],
      [403, 200],
    )
    assert.equal((await called(client, input)).success, true)
    await client.close()
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

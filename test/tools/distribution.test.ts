import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import manifest from '../../package.json' with { type: 'json' }
import { parseFlags } from '../../src/cli/flags.ts'
import { commands } from '../../src/cli/main.ts'

const read = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'))
const page = readFileSync(new URL('../../docs/hosts.md', import.meta.url), 'utf8')
const ajv = new Ajv({ allErrors: true })

type Started = {
  command: string
  args: string[]
  env?: Record<string, string>
  env_vars?: string[]
  type?: string
}

/** Every server that a file of ours names, by where it stands. */
const servers: Record<string, Started> = {
  'plugin/mcp.json': read('plugin/mcp.json').mcpServers.intercom,
  'plugin/codex-mcp.json': read('plugin/codex-mcp.json').mcpServers.intercom,
  ...Object.fromEntries(
    ['.claude-plugin/plugin.json', '.cursor-plugin/plugin.json', 'gemini-extension.json'].map((path) => [
      `plugin/${path}`,
      read(`plugin/${path}`).mcpServers.intercom,
    ]),
  ),
  ...linked(),
}

/** The servers of the links, as a host decodes them. */
function linked(): Record<string, Started> {
  const urls = [...page.matchAll(/\]\((https:[^)]*install[^)]*)\)|`((?:cursor|vscode):[^`]*)`/g)]
  const found = urls.map(([, address, own]): [string, Started] => {
    const url = new URL(String(address ?? own))
    const json = url.protocol === 'vscode:' ? decodeURIComponent(url.search.slice(1)) : null
    if (json !== null) return [url.protocol, JSON.parse(json)]
    const config = String(url.searchParams.get('config'))
    const isCursor = url.protocol === 'cursor:' || url.hostname === 'cursor.com'
    assert.equal(url.searchParams.get('name'), 'intercom')
    return [url.origin === 'null' ? url.protocol : url.origin, JSON.parse(isCursor ? atob(config) : config)]
  })
  assert.deepEqual(found.map(([name]) => name).toSorted(), [
    'cursor:',
    'https://cursor.com',
    'https://insiders.vscode.dev',
    'vscode:',
  ])
  return Object.fromEntries(found)
}

for (const [place, { command, args, env = {} }] of Object.entries(servers)) {
  test(`${place} starts the command line of all, and holds no token`, async () => {
    const [yes, name, sub = '', ...flags] = args
    assert.deepEqual([command, yes, name], ['npx', '-y', manifest.name])
    const { values, positionals } = parseFlags(flags, (await commands[sub]?.load())?.flags ?? {})
    assert.deepEqual([sub, values, positionals], ['mcp', { sends: 'confirm' }, []])
    for (const [variable, value] of Object.entries(env))
      assert.match(`${variable}=${value}`, /^INTERCOM_(ACCESS_TOKEN|API_BASE_URL)=\$\{[\w.:-]+\}$/)
  })
}

test('server.json is what the MCP registry takes', () => {
  const server = read('server.json')
  // Its rules: https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json
  const text = { type: 'string', minLength: 1 }
  const argument = {
    oneOf: [
      { properties: { type: { const: 'positional' } }, required: ['value'] },
      {
        properties: { type: { const: 'named' }, name: { ...text, pattern: '^--' } },
        required: ['name', 'value'],
      },
    ],
  }
  const valid = ajv.compile({
    type: 'object',
    additionalProperties: false,
    required: ['$schema', 'name', 'description', 'version', 'packages'],
    properties: {
      $schema: {
        pattern:
          '^https://static\\.modelcontextprotocol\\.io/schemas/\\d{4}-\\d\\d-\\d\\d/server\\.schema\\.json$',
      },
      name: { ...text, pattern: '^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$', maxLength: 200 },
      title: { ...text, maxLength: 100 },
      description: { ...text, maxLength: 100 },
      version: { ...text, pattern: '^\\d+\\.\\d+\\.\\d+(-[\\w.]+)?$' },
      packages: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['registryType', 'identifier', 'version', 'transport'],
          properties: {
            registryType: { const: 'npm' },
            identifier: text,
            version: text,
            runtimeHint: { const: 'npx' },
            transport: { type: 'object', properties: { type: { const: 'stdio' } }, required: ['type'] },
            packageArguments: { type: 'array', items: argument },
            environmentVariables: {
              type: 'array',
              items: {
                type: 'object',
                additionalProperties: false,
                required: ['name', 'description'],
                properties: {
                  name: { ...text, pattern: '^[A-Z_]+$' },
                  description: text,
                  default: text,
                  isRequired: { type: 'boolean' },
                  isSecret: { type: 'boolean' },
                },
              },
            },
          },
        },
      },
    },
  })
  assert.ok(valid(server), ajv.errorsText(valid.errors))
  const [{ identifier, version, packageArguments, environmentVariables }] = server.packages
  assert.deepEqual([server.name, identifier], [manifest.mcpName, manifest.name])
  assert.deepEqual([server.version, version], [manifest.version, manifest.version])
  const words = packageArguments.flatMap(({ name, value }: { name?: string; value: string }) =>
    name === undefined ? [value] : [name, value],
  )
  assert.deepEqual(words, servers['plugin/mcp.json']?.args.slice(2))
  const secret = environmentVariables.find(({ name }: { name: string }) => name === 'INTERCOM_ACCESS_TOKEN')
  assert.deepEqual([secret.isRequired, secret.isSecret, 'default' in secret], [true, true, false])
})

test('the plugin is of the open format, and hosts that have their own find the same', () => {
  // https://agent-plugins.org, specification 1.0.0: closed objects, and no other place for a server
  const open = read('plugin/plugin.json')
  const allowed = 'name version description author homepage repository license keywords extensions'.split(' ')
  assert.equal(open.$schema, 'https://agent-plugins.org/schemas/1.0.0/plugin.schema.json')
  assert.match(open.name, /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/)
  assert.deepEqual(
    Object.keys(open).filter((key) => key !== '$schema' && !allowed.includes(key)),
    [],
  )
  const mcp = read('plugin/mcp.json')
  assert.deepEqual(Object.keys(mcp), ['$schema', 'mcpServers'])
  assert.equal(mcp.$schema, 'https://agent-plugins.org/schemas/1.0.0/mcp.schema.json')
  assert.deepEqual(Object.keys(mcp.mcpServers.intercom), ['type', 'command', 'args'])
  for (const path of ['.claude-plugin', '.cursor-plugin', '.codex-plugin']) {
    const own = read(`plugin/${path}/plugin.json`)
    for (const key of ['name', 'version', 'description', 'license']) assert.equal(own[key], open[key], path)
    if (own.skills !== undefined) assert.equal(own.skills, './skills/')
  }
  const { version, name, settings } = read('plugin/gemini-extension.json')
  assert.deepEqual([name, version], [open.name, manifest.version])
  assert.ok(
    settings.some(
      (one: { envVar: string; sensitive?: boolean }) =>
        one.envVar === 'INTERCOM_ACCESS_TOKEN' && one.sensitive,
    ),
  )
  const { userConfig, mcpServers } = read('plugin/.claude-plugin/plugin.json')
  assert.ok(userConfig.access_token.sensitive)
  for (const value of Object.values<string>(mcpServers.intercom.env))
    assert.ok(String(/^\$\{user_config\.(\w+)\}$/.exec(value)?.[1]) in userConfig, value)
  for (const host of ['.claude-plugin', '.cursor-plugin'])
    for (const { source } of read(`${host}/marketplace.json`).plugins)
      assert.equal(read(`${source.slice(2)}/plugin.json`).name, open.name)
  for (const { source, ...entry } of read('.agents/plugins/marketplace.json').plugins) {
    assert.equal(read(`${source.path.slice(2)}/.codex-plugin/plugin.json`).name, entry.name)
    assert.deepEqual([source.source, Object.keys(entry)], ['local', ['name', 'policy', 'category']])
  }
})

test('VS Code asks for the token of its links', () => {
  const links = [...page.matchAll(/\]\((https:\/\/insiders\.vscode\.dev[^)]*)\)/g)].map(
    ([, url]) => new URL(String(url)),
  )
  const inputs = JSON.parse(String(links[0]?.searchParams.get('inputs')))
  const asked = servers['https://insiders.vscode.dev']?.env?.['INTERCOM_ACCESS_TOKEN']
  assert.deepEqual([inputs[0].password, asked], [true, `\${input:${inputs[0].id}}`])
})

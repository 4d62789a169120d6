// Makes the bundle for Claude Desktop, has the official tool check and unpack it, and runs it as a host does: by the
// command of its own manifest, with what its form gave, on the newest and the oldest Node.js, and with no environment else.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { actions } from '../src/index.ts'
import { createWorkspace } from '../src/workspace/index.ts'
import { nodes } from './nodes.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const mcpb = fileURLToPath(new URL('node_modules/.bin/mcpb', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'bundle-'))
const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { url, accessToken } = await workspace.listen()

function ran(command: string, args: string[], cwd = home): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 200_000 })
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${stdout}${stderr}`)
  return stdout
}

type Form = Record<string, { type: string; required?: boolean; default?: unknown; sensitive?: boolean }>

/** What a host puts in place of `${…}`: its folder, and what somebody entered, or else the form's default. */
function filled(text: string, form: Form, entered: Record<string, unknown>): string {
  return text
    .replaceAll(/\$\{__dirname\}/g, join(home, 'unpacked'))
    .replaceAll(/\$\{user_config\.(\w+)\}/g, (_, key) => String(entered[key] ?? form[key]?.default ?? ''))
}

try {
  ran('npm', ['run', '--silent', 'build'], root)
  ran(process.execPath, [join(root, 'scripts/mcpb.ts'), home], root)
  const bundle = join(home, String(readdirSync(home).find((name) => name.endsWith('.mcpb'))))
  const folder = join(home, 'unpacked')
  ran(mcpb, ['unpack', bundle, folder])
  ran(mcpb, ['validate', join(folder, 'manifest.json')])
  console.log('✓ the official tool takes the bundle and its manifest')

  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  const { user_config: form, server, tools, icon } = manifest
  assert.ok(existsSync(join(folder, icon)) && existsSync(join(folder, server.entry_point)))
  assert.deepEqual([form.access_token.sensitive, form.access_token.required], [true, true])
  assert.deepEqual(
    tools.map(({ name }: { name: string }) => name),
    actions.map(({ name }) => name),
  )
  const stray = ran('find', [folder, '-name', '*.ts', '-o', '-type', 'l'])
  assert.equal(stray, '')

  for (const [which, node] of nodes) {
    const connected = async (entered: Record<string, unknown>): Promise<Client> => {
      const { command, args, env } = server.mcp_config
      assert.equal(command, 'node')
      const client = new Client({ name: 'claude-desktop', version: '1' })
      await client.connect(
        new StdioClientTransport({
          command: node,
          args: args.map((one: string) => filled(one, form, entered)),
          env: Object.fromEntries(
            Object.entries<string>(env).map(([name, value]) => [name, filled(value, form, entered)]),
          ),
          cwd: home,
          stderr: 'ignore',
        }),
      )
      return client
    }
    const usual = await connected({ access_token: accessToken, api_base_url: url })
    assert.equal((await usual.listTools()).tools.length, actions.length)
    assert.equal((await usual.callTool({ name: 'list_tags', arguments: {} })).isError, false)
    await usual.close()

    const reading = await connected({ access_token: accessToken, api_base_url: url, read_only: true })
    const offered = (await reading.listTools()).tools
    assert.ok(offered.length > 0 && offered.every(({ annotations }) => annotations?.readOnlyHint))
    await reading.close()

    const empty = await connected({})
    const { isError, content } = await empty.callTool({ name: 'list_tags', arguments: {} })
    assert.equal(isError, true)
    assert.match(JSON.stringify(content), /INTERCOM_ACCESS_TOKEN/)
    await empty.close()
    console.log(`✓ the bundle runs on ${which}, as its form says`)
  }
} finally {
  await workspace.close()
  rmSync(home, { recursive: true, force: true })
}

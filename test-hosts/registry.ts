// Publishes the package to a registry on this machine, and installs it from there as a user does: `npx -y
// modulex-intercom` on the newest and the oldest Node.js, in an empty folder, with the blocks of docs/hosts.md and the
// servers of the plugin and the links as they stand.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import manifest from '../package.json' with { type: 'json' }
import { dependencies } from '../scripts/dependencies.ts'
import { actions } from '../src/index.ts'
import { createWorkspace } from '../src/workspace/index.ts'
import { nodes } from './nodes.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'registry-'))
const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { url, accessToken } = await workspace.listen()
const port = await freePort()
const registry = `http://127.0.0.1:${port}/`

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** npm of this machine, with the registry and a token that only the registry here takes. */
const npmEnv = {
  ...bareEnv(),
  npm_config_userconfig: join(home, 'npmrc'),
  npm_config_cache: join(home, 'cache'),
}

function bareEnv(): Record<string, string> {
  const { PATH = '', LANG = 'C.UTF-8' } = process.env
  return { PATH, LANG, HOME: home }
}

function ran(command: string, args: string[], cwd = root): { stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: npmEnv,
    encoding: 'utf8',
    timeout: 280_000,
  })
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${stdout}${stderr}`)
  return { stdout, stderr }
}

writeFileSync(
  join(home, 'npmrc'),
  `registry=${registry}\n//127.0.0.1:${port}/:_authToken=nobody\naudit=false\nfund=false\nupdate-notifier=false\n`,
)
writeFileSync(join(home, 'package.json'), '{ "private": true }') // npx looks no further up than this
writeFileSync(
  join(home, 'verdaccio.yaml'),
  JSON.stringify({
    storage: join(home, 'storage'),
    auth: {},
    uplinks: {},
    packages: { '**': { access: '$anonymous', publish: '$anonymous' } },
    log: { type: 'stdout', level: 'fatal' },
    security: { api: { legacy: true } },
    max_body_size: '100mb',
  }),
)
const verdaccio = fileURLToPath(new URL('node_modules/verdaccio/bin/verdaccio', import.meta.url))
const server = spawn(
  process.execPath,
  [verdaccio, '--config', join(home, 'verdaccio.yaml'), '--listen', `127.0.0.1:${port}`],
  {
    cwd: home,
    env: bareEnv(),
    stdio: ['ignore', 'ignore', 'inherit'],
  },
)

async function whenUp(): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    const isUp = await fetch(`${registry}-/ping`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isUp) return
    await pause(500)
  }
  throw new Error('the registry did not start')
}

/** Publishes a folder here, and nowhere else, whatever it says of itself. */
function publish(folder: string): void {
  ran('npm', ['publish', '--ignore-scripts', '--registry', registry, '--tag', 'latest', folder], home)
}

/** A dependency as it is installed, so that nothing comes from elsewhere, without where its own authors publish it. */
function publishDependency(name: string): void {
  const copy = mkdtempSync(join(home, 'dependency-'))
  const source = join(root, 'node_modules', name)
  cpSync(source, copy, {
    recursive: true,
    dereference: true,
    filter: (path) => !path.slice(source.length).includes('/node_modules'),
  })
  const { publishConfig, scripts, devDependencies, ...own } = JSON.parse(
    readFileSync(join(copy, 'package.json'), 'utf8'),
  )
  writeFileSync(join(copy, 'package.json'), JSON.stringify(own))
  publish(copy)
  rmSync(copy, { recursive: true })
}

/** A folder whose `node` is the given one, first in PATH, beside npm of this machine. */
function pathWith(node: string): string {
  const bin = join(home, `bin-${nodes.findIndex(([, path]) => path === node)}`)
  mkdirSync(bin, { recursive: true })
  symlinkSync(node, join(bin, 'node'))
  const npm = ran('sh', ['-c', 'command -v npx']).stdout.trim()
  for (const name of ['npm', 'npx']) {
    const script = join(dirname(npm), name)
    writeFileSync(
      join(bin, name),
      `#!/bin/sh\nexec "${join(bin, 'node')}" "$(readlink -f "${script}")" "$@"\n`,
    )
    chmodSync(join(bin, name), 0o755)
  }
  return [bin, process.env['PATH'] ?? ''].join(delimiter)
}

type Started = { command: string; args: string[] }

/** Every command that docs/hosts.md, the plugin and the links start, as it stands there. */
function started(): Started[] {
  const page = readFileSync(join(root, 'docs/hosts.md'), 'utf8')
  const blocks = [...page.matchAll(/"command": "([^"]+)",\s+"args": (\[[^\]]+\])/g)].map(
    ([, command = '', args = '[]']) => ({
      command,
      args: JSON.parse(args) as string[],
    }),
  )
  const own = JSON.parse(readFileSync(join(root, 'plugin/mcp.json'), 'utf8')).mcpServers.intercom as Started
  const all = [...blocks, { command: own.command, args: own.args }]
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
}

async function answers({ command, args }: Started, path: string, cwd: string): Promise<void> {
  const client = new Client({ name: 'host', version: '1' })
  await client.connect(
    new StdioClientTransport({
      command,
      args,
      cwd,
      env: {
        ...npmEnv,
        PATH: path,
        INTERCOM_ACCESS_TOKEN: accessToken,
        INTERCOM_API_BASE_URL: url,
        XDG_STATE_HOME: home,
      },
      stderr: 'inherit',
    }),
    { timeout: 120_000 },
  )
  assert.equal((await client.listTools()).tools.length, actions.length)
  assert.equal((await client.callTool({ name: 'list_tags', arguments: {} })).isError, false)
  await client.close()
}

try {
  await whenUp()
  const dry = ran('npm', ['publish', '--dry-run', '--access', 'public'])
  assert.deepEqual(dry.stderr.match(/^npm (warn|error).*/gim) ?? [], [])
  console.log('✓ npm publish --dry-run says nothing that would have to be mended')

  for (const { name } of dependencies(root)) publishDependency(name)
  publish(root)
  console.log(`✓ ${manifest.name} ${manifest.version} is published to a registry on this machine`)

  for (const [which, node] of nodes) {
    const path = pathWith(node)
    const empty = mkdtempSync(join(home, 'empty-'))
    const npx = (...args: string[]) =>
      spawnSync('npx', ['-y', manifest.name, ...args], {
        cwd: empty,
        env: { ...npmEnv, PATH: path },
        encoding: 'utf8',
        timeout: 180_000,
      })
    const version = npx('--version')
    assert.equal(version.stdout.trim(), manifest.version, version.stderr)
    const demo = npx('run', 'list_tags', '--local')
    assert.equal(JSON.parse(demo.stdout).success, true, demo.stderr)
    assert.deepEqual(readdirSync(empty), [])

    const prefix = mkdtempSync(join(home, 'global-'))
    ran('npm', ['install', '--global', '--prefix', prefix, manifest.name], empty)
    for (const one of started()) await answers(one, [join(prefix, 'bin'), path].join(delimiter), empty)
    console.log(`✓ npx -y ${manifest.name}, and ${started().length} commands of hosts, on ${which}`)
  }
} finally {
  server.kill()
  await workspace.close()
  rmSync(home, { recursive: true, force: true })
}

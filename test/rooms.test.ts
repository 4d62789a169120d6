import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { init, parse } from 'es-module-lexer'

/** What a room may import: other rooms, packages, `node:`. `types: x` allows type-only imports of x. */
const rooms: Record<string, string[]> = {
  errors: [],
  schemas: ['zod'],
  client: ['errors', 'sqlite/make-private', 'undici', 'node:', '@opentelemetry/api'],
  core: ['types: client', 'errors', 'zod'],
  actions: ['core', 'client/path', 'types: client', 'types: errors', 'schemas', 'zod'],
  sqlite: ['node:'],
  journal: ['types: core', 'errors', 'sqlite', 'node:'],
  adapters: ['core', 'actions/index', 'errors', 'types: zod'],
  'adapters/functions': [
    'core',
    'actions/index',
    'errors',
    'types: zod',
    'client',
    'journal',
    'adapters/options',
  ],
  'adapters/tools': ['core', 'actions/index', 'errors', 'reading', 'types: adapters/functions'],
  'adapters/function-tools': ['core', 'actions/index', 'adapters/tools', 'types: adapters/functions'],
  'adapters/ai-sdk': ['types: core', 'reading', 'adapters/tools', 'types: adapters/functions', 'ai'],
  'adapters/langchain': ['adapters/tools', 'types: adapters/functions', '@langchain/core'],
  'adapters/openai-agents': ['adapters/tools', 'types: adapters/functions', '@openai/agents'],
  reading: ['core', 'errors', 'types: schemas', 'zod'],
  'adapters/mcp': [
    'core',
    'actions/index',
    'actions/jobs',
    'errors',
    'reading',
    'types: adapters/functions',
    'types: adapters/tools',
    '@modelcontextprotocol/server',
    'package.json',
  ],
  'adapters/http': [
    'core',
    'actions/index',
    'errors',
    'manifest',
    'reading',
    'types: adapters/functions',
    'types: client',
    'package.json',
  ],
  manifest: ['actions/index', 'core', 'client/client', 'client/credentials', 'package.json'],
  workspace: ['node:', 'hono', 'zod'],
  webhooks: ['errors', 'sqlite', 'types: schemas', 'types: adapters/functions', 'node:'],
  server: ['adapters', 'core', 'errors', 'journal', 'reading', 'node:', 'zod'],
  // It makes the client of its handlers, and the grants of all workers are the pacing's own work.
  restate: [
    'actions/index',
    'adapters/functions',
    'client/credentials',
    'client/who-is',
    'client/pace/grant',
    'types: client',
    'core',
    'errors',
    'server/guard',
    'node:',
    'zod',
    '@restatedev/restate-sdk',
  ],
  bulk: ['core', 'errors', 'sqlite/make-private', 'node:', 'csv-parse'],
  cli: [
    'adapters',
    'bulk',
    'reading',
    'restate',
    'server',
    'webhooks',
    'workspace',
    'core',
    'client',
    'actions',
    'schemas',
    'errors',
    'manifest',
    'node:',
    'package.json',
  ],
  index: ['adapters', 'actions', 'core', 'client', 'errors', 'schemas'],
}

/** What tests beside the code of a room may import on top of it: never the other witness. */
const beside: Record<string, string[]> = { workspace: ['fast-check', 'test/referee', 'test/support'] }

/** What only `import()` may reach, so that it costs nothing until it is used. */
const lazy: Record<string, string[]> = {
  cli: ['workspace', 'server', 'restate', 'bulk', 'webhooks'],
  client: ['undici', '@opentelemetry/api'],
}

const src = fileURLToPath(new URL('../src', import.meta.url))

type Import = { file: string; room: string; target: string; typesOnly: boolean; dynamic: boolean }

async function imports({ ofTests = false } = {}): Promise<Import[]> {
  await init
  const found: Import[] = []
  for await (const path of glob('**/*.ts', { cwd: src })) {
    if (path.endsWith('.test.ts') !== ofTests) continue
    const file = path.split(sep).join('/')
    const source = readFileSync(join(src, path), 'utf8')
    for (const one of parse(source)[0]) {
      if (one.type === 'import-meta') continue
      assert.ok(one.specifier !== undefined, `${file} imports something that is not a plain string`)
      const dynamic = one.type === 'dynamic'
      const typesOnly = one.type === 'static' && one.typeOnly
      found.push({ file, room: roomOf(file), target: targetOf(file, one.specifier), typesOnly, dynamic })
    }
  }
  return found
}

function roomOf(file: string): string {
  const parts = file.replace(/\.ts$/, '').split('/')
  const names = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'))
  return names.find((name) => rooms[name] !== undefined) ?? ''
}

/** `client/path` for a file of ours, the package's name for a package. */
function targetOf(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier
  const path = relative(src, join(src, dirname(file), specifier))
    .split(sep)
    .join('/')
  return path.replace(/^(\.\.\/)+/, '').replace(/\.ts$/, '')
}

function allows(entries: string[], target: string): boolean {
  return entries.some(
    (entry) => target === entry || target.startsWith(entry.endsWith(':') ? entry : `${entry}/`),
  )
}

test('every import stays within what its room may import', async () => {
  const all = await imports()
  assert.ok(all.length > 100, `only ${all.length} imports found`)
  const wrong = all.filter(({ room, target, typesOnly }) => {
    if (allows([room], target) && room !== 'adapters') return false
    const entries = rooms[room] ?? []
    const types = entries.filter((entry) => entry.startsWith('types: ')).map((entry) => entry.slice(7))
    return !(allows(entries, target) || (typesOnly && allows(types, target)))
  })
  assert.deepEqual(
    wrong.map(({ file, target }) => `${file} imports ${target}`),
    [],
  )
})

test('tests beside the workspace import nothing of the client, which is the other witness', async () => {
  const wrong = (await imports({ ofTests: true })).filter(({ room, target }) => {
    const allowed = beside[room]
    return allowed && !allows([room, ...(rooms[room] ?? []), ...allowed], target)
  })
  assert.deepEqual(
    wrong.map(({ file, target }) => `${file} imports ${target}`),
    [],
  )
})

test('what is loaded lazily is imported by import() or for its types only', async () => {
  const eager = (await imports()).filter(
    ({ room, target, typesOnly, dynamic }) => allows(lazy[room] ?? [], target) && !typesOnly && !dynamic,
  )
  assert.deepEqual(
    eager.map(({ file, target }) => `${file} imports ${target}`),
    [],
  )
})

test('the environment is read by the command line and createIntercom only, the console by the command line only', async () => {
  const wrong: string[] = []
  for await (const path of glob('**/*.ts', { cwd: src })) {
    const file = path.split(sep).join('/')
    const source = readFileSync(join(src, path), 'utf8')
    if (file.startsWith('cli/') || file.endsWith('.test.ts')) continue
    if (/\bconsole\./.test(source)) wrong.push(`${file} uses console`)
    if (/\bprocess\.env\b/.test(source) && file !== 'adapters/functions.ts')
      wrong.push(`${file} uses process.env`)
  }
  assert.deepEqual(wrong, [])
})

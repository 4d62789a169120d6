import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { commonVariables, variables } from '../../src/cli/environment.ts'
import { parseFlags } from '../../src/cli/flags.ts'
import { commands } from '../../src/cli/main.ts'
import { commandLine } from '../support/command-line.ts'

const begin = '\u001b['

test('help is no wider than the terminal, but for what is typed as it stands', async () => {
  for (const width of [60, 90])
    for (const args of [['--help'], ...Object.keys(commands).map((name) => [...name.split(' '), '--help'])]) {
      const { code, stdout } = await commandLine(args, { env: { COLUMNS: String(width) } })
      const wide = stdout
        .split('\n')
        .filter(
          (one) => one.length > width && one.trim().includes(' ') && !/^ {2}\S|^Usage:|https?:/.test(one),
        )
      assert.deepEqual([args, code, wide], [args, 0, []])
    }
})

test('the columns of help are aligned', async () => {
  const { stdout } = await commandLine(['serve', '--help'])
  const [, flags = ''] = /^Flags:\n([\s\S]*?)\n\n/m.exec(stdout) ?? []
  const columns = flags.split('\n').map((one) => /^ {2}--.*? {2,}(?=\S)|^ {4,}/.exec(one)?.[0].length)
  assert.equal(new Set(columns).size, 1, flags)
})

test('every command has examples, and each is a command line that it takes', async () => {
  for (const [name, { load }] of Object.entries(commands)) {
    const { examples = [], flags, positionals = 0 } = await load()
    assert.ok(examples.length > 0, name)
    for (const example of examples) {
      assert.ok(example === name || example.startsWith(`${name} `), example)
      const words = (example.slice(name.length).split(' > ')[0] ?? '')
        .split(' ')
        .filter((word) => word !== '')
      assert.ok(parseFlags(words, flags).positionals.length <= positionals, example)
    }
  }
})

test('every variable that is read by its name is in help', async () => {
  const src = fileURLToPath(new URL('../../src', import.meta.url))
  const files = globSync('**/*.ts', { cwd: src }).filter((file) => !/\.test\.ts$/.test(file))
  const read = files.flatMap((file) =>
    [...readFileSync(`${src}/${file}`, 'utf8').matchAll(/\benv(?:ironment)?\[['"]([A-Z_]+)['"]\]/g)].map(
      ([, name = '']) => name,
    ),
  )
  assert.ok(read.includes('INTERCOM_ACCESS_TOKEN'))
  const { stdout } = await commandLine(['--help'])
  const shown = (name: string) => new RegExp(`^  ${name}\\b`, 'm').test(stdout)
  const unlisted = new Set(read.filter((name) => name !== 'COLUMNS' && !shown(name)))
  assert.deepEqual([...unlisted], [], 'src/cli/environment.ts lists the variables')
  const all = Object.keys({ ...variables, ...commonVariables })
  assert.deepEqual(
    all.filter((name) => !shown(name)),
    [],
  )
})

test('a command names the variables that it reads, and no others', async () => {
  const { stdout } = await commandLine(['check', '--help'])
  assert.match(stdout, /Environment:\n {2}INTERCOM_ACCESS_TOKEN/)
  assert.doesNotMatch(stdout, /MODULEX_INTERCOM_API_KEY/)
  assert.doesNotMatch(stdout, /ADMIN_KEY/, 'a flag --workspace is not the command workspace')
  assert.match((await commandLine(['serve', '--help'])).stdout, /MODULEX_INTERCOM_API_KEY/)
  assert.match((await commandLine(['connect', '--help'])).stdout, /HTTPS_PROXY[\s\S]*XDG_STATE_HOME/)
})

test('colour is for terminals, or as FORCE_COLOR and NO_COLOR say; JSON has none', async () => {
  const coloured = async (args: string[], env: Record<string, string>) => {
    const { stdout, stderr } = await commandLine(args, { env })
    return [stdout.includes(begin), stderr.includes(begin)]
  }
  const forced = { FORCE_COLOR: '1' }
  assert.deepEqual(await coloured(['--help'], {}), [false, false])
  assert.deepEqual(await coloured(['--help'], forced), [true, false])
  assert.deepEqual(await coloured(['--help'], { NO_COLOR: '1' }), [false, false])
  assert.deepEqual(await coloured(['serv'], forced), [false, true])
  assert.deepEqual(await coloured(['serv'], {}), [false, false])
  assert.deepEqual(await coloured([], forced), [false, true], 'the error, and not the help below it')
  assert.deepEqual(await coloured(['actions'], forced), [false, false])
  JSON.parse((await commandLine(['run', 'list_tags', '--local'], { env: forced })).stdout)
})

test('help of a command is also help COMMAND', async () => {
  assert.equal((await commandLine(['help', 'check'])).stdout, (await commandLine(['check', '--help'])).stdout)
})

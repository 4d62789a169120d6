import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogue } from '../../src/actions/toolsets.ts'
import { kebab } from '../../src/cli/flags.ts'
import { commands } from '../../src/cli/main.ts'
import { commandLine } from '../support/command-line.ts'

test('the script for bash names every command, flag and action', async () => {
  const { stdout } = await commandLine(['completion', 'bash'])
  for (const [name, { load }] of Object.entries(commands)) {
    const [, flags = ''] = new RegExp(`'${name}'\\) .* flags='([^']*)'`).exec(stdout) ?? []
    const wanted = Object.keys((await load()).flags).map((flag) => `--${kebab(flag)}`)
    assert.deepEqual(
      wanted.filter((flag) => !flags.split(' ').includes(flag)),
      [],
      name,
    )
  }
  for (const { name } of catalogue) assert.ok(stdout.includes(`'run ${name}')`), name)
})

test('completion takes the name of a shell', async () => {
  const { code, stderr } = await commandLine(['completion', 'bsh'])
  assert.deepEqual([code, /bash, zsh, fish.*bash/.test(stderr)], [2, true])
})

// Each example as a reader would run it, by its two commands, with the model that needs no key.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const home = fileURLToPath(new URL('../examples', import.meta.url))
const tsc = fileURLToPath(new URL('../node_modules/.bin/tsc', import.meta.url))
const { OPENAI_API_KEY: _, ...env } = process.env

/** What the command printed; `null` when it failed. */
function run(folder: string, command: string, ...args: string[]): string | null {
  const cwd = join(home, folder)
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 120_000,
  })
  if (status !== 0) console.log(stdout, stderr)
  return status === 0 ? stdout : null
}

let failed = 0
// The workflow needs a server of its own: test:durable runs it.
const folders = readdirSync(home, { withFileTypes: true }).filter(
  (entry) => entry.isDirectory() && entry.name !== 'support-workflow',
)
for (const { name } of folders) {
  const installed = run(name, 'npm', 'ci', '--no-audit', '--no-fund') !== null
  const told = run(name, 'npm', 'start') ?? ''
  const types = run(name, tsc, '-p', '.') !== null
  const answered = /What the customer received:.*looking into the second charge/s.test(told)
  const passed = installed && types && answered
  console.log(`${passed ? '✓' : '✗'} ${name}${answered ? '' : `: the customer got no answer\n${told}`}`)
  failed += passed ? 0 : 1
}
process.exitCode = failed === 0 ? 0 : 1

// Generates clients from /openapi.json with two generators, checks their types, and does the same job with each: all
// thirteen actions, an Idempotency-Key, a failure.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bin, key, served } from './served.ts'

const home = fileURLToPath(new URL('clients', import.meta.url))
const tool = (name: string) => fileURLToPath(new URL(`node_modules/.bin/${name}`, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'clients-'))
const journal = join(folder, 'journal.db')
const server = await served([bin, 'serve', '--local', '--port', '0', '--journal', journal], {
  MODULEX_INTERCOM_API_KEY: key,
})

function holds(what: string, command: string, args: string[]): boolean {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: home,
    encoding: 'utf8',
    timeout: 120_000,
  })
  console.log(`${status === 0 ? '✓' : '✗'} ${what}${status === 0 ? '' : `\n${stdout}${stderr}`}`)
  return status === 0
}

try {
  const document = await fetch(`${server.url}/openapi.json`, { headers: { Authorization: `Bearer ${key}` } })
  rmSync(join(home, 'generated'), { recursive: true, force: true })
  mkdirSync(join(home, 'generated'))
  writeFileSync(join(home, 'generated/openapi.json'), await document.text())
  const called = [server.url, key]
  const passed = [
    holds('openapi-typescript generates', tool('openapi-typescript'), [
      ...['generated/openapi.json', '-o', 'generated/api.ts', '--default-non-nullable', 'false'],
    ]),
    holds('@hey-api/openapi-ts generates', process.execPath, ['generate.ts']),
    holds('the types of both fit the job', tool('tsc'), ['-p', '.']),
    holds('openapi-fetch calls all actions', process.execPath, ['openapi-fetch.ts', ...called]),
    holds('@hey-api/openapi-ts calls all actions', process.execPath, ['hey-api.ts', ...called]),
  ]
  process.exitCode = passed.every(Boolean) ? 0 : 1
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}

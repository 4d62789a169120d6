// Runs what needs the heavy packages of this folder, one after the other: each file exits with 0 when it holds.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const runs = [
  'prism-proxy.ts',
  'inspector.ts',
  'conformance.ts',
  'frameworks.ts',
  'clients.ts',
  'matrix.ts',
  'examples.ts',
  'bundle.ts',
  'registry.ts',
  'container.ts',
  'foreign/main.ts',
  'oauth.ts',
]

const failed = runs.filter((file) => {
  console.log(`\n# ${file}`)
  const path = fileURLToPath(new URL(file, import.meta.url))
  const { status } = spawnSync(process.execPath, [path], { stdio: 'inherit', timeout: 600_000 })
  return status !== 0
})
console.log(`\n${runs.length - failed.length} passed, ${failed.length} failed`)
if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1

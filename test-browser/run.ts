// Tests in Chromium: the composer (the MCP App on a host that follows the specification, and the approvals page), or the
// folder that is named, such as `studio`.
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))
const tests = globSync(`${process.argv[2] ?? '.'}/*.test.ts`, { cwd: folder }).map(
  (file) => `${folder}${file}`,
)
const types = spawnSync('tsc', ['--noEmit', '--project', folder], { stdio: 'inherit' })
const { status } = spawnSync(
  process.execPath,
  ['--test', '--test-concurrency=2', '--test-timeout=600000', ...tests],
  {
    stdio: 'inherit',
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'modulex-intercom-test-browser') },
  },
)
process.exitCode = types.status === 0 && status === 0 ? 0 : 1

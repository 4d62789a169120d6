// Builds the package that the examples install by `file:../..`, where that has not been done yet.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const cwd = fileURLToPath(new URL('..', import.meta.url))
const npm = (...args) => {
  const { status } = spawnSync('npm', args, { cwd, stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}

if (!existsSync(`${cwd}dist/index.js`)) {
  if (!existsSync(`${cwd}node_modules`)) npm('ci')
  npm('run', 'build')
}

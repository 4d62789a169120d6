// Tests the packed package with the frameworks its adapters are for, in the lowest and in the newest versions that it
// promises to work with: types first, then each framework's own loop.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import manifest from '../package.json' with { type: 'json' }
import newest from './frameworks/newest/package.json' with { type: 'json' }
import oldest from './frameworks/oldest/package.json' with { type: 'json' }

const root = fileURLToPath(new URL('..', import.meta.url))
const home = fileURLToPath(new URL('frameworks', import.meta.url))

function run(what: string, command: string, args: string[], cwd: string): boolean {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', timeout: 200_000 })
  console.log(`${status === 0 ? '✓' : '✗'} ${what}`)
  return status === 0
}

/** Installs the package as it would be published, next to the frameworks of one folder. */
function install(tarball: string, modules: string): void {
  const target = join(modules, manifest.name)
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  spawnSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', target])
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(target, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), link)
  }
}

const packed = mkdtempSync(join(tmpdir(), 'frameworks-'))
let passed = run('pack', 'npm', ['pack', '--silent', '--pack-destination', packed], root)
const [file = ''] = readdirSync(packed)
for (const era of ['oldest', 'newest']) {
  const folder = join(home, era)
  if (!existsSync(join(folder, 'node_modules')))
    passed = run(`npm ci, ${era}`, 'npm', ['ci'], folder) && passed
  install(join(packed, file), join(folder, 'node_modules'))
  rmSync(join(folder, 'suite'), { recursive: true, force: true })
  cpSync(join(home, 'suite'), join(folder, 'suite'), { recursive: true })
  const tsc = join(root, 'node_modules/.bin/tsc')
  const lenient = era === 'oldest' ? ['--skipLibCheck'] : [] // their own declarations had errors then
  passed = run(`types, ${era}`, tsc, ['-p', join(folder, 'suite'), ...lenient], folder) && passed
  const tests = ['--test', '--test-timeout=60000', 'suite/*.test.ts']
  passed = run(`loops, ${era}`, process.execPath, tests, folder) && passed
}
rmSync(packed, { recursive: true })

const docs = readFileSync(join(root, 'docs/frameworks.md'), 'utf8')
for (const { devDependencies } of [oldest, newest]) {
  for (const [name, version] of Object.entries(devDependencies)) {
    if (name === 'zod' || docs.includes(version)) continue
    console.log(`✗ docs/frameworks.md does not name ${name} ${version}`)
    passed = false
  }
}
process.exitCode = passed ? 0 : 1

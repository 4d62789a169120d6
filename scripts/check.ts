// What can be said about the code without running it, and tests of what is built from it. Each line is one tool; all run, all must pass.
import { spawnSync } from 'node:child_process'

const checks: [what: string, ...command: string[]][] = [
  ['format and lint', 'biome', 'check', '--error-on-warnings', '.'],
  ['types', 'tsc', '--noEmit'],
  // The browser tests compile `src` with the types of a page, which are stricter here and there.
  [
    'types beside those of a page',
    'tsc',
    '--noEmit',
    '--project',
    'tsconfig.build.json',
    '--lib',
    'esnext,dom,dom.iterable',
  ],
  ['types of the composer', 'tsc', '--noEmit', '--project', 'src/composer'],
  ['types of the studio', 'tsc', '--noEmit', '--project', 'src/studio'],
  ['generated files', 'node', 'scripts/generate.ts', '--check'],
  ['lockfile', 'node', 'scripts/complete-lockfile.ts', '--check'],
  ['unused code', 'knip'],
  ['mistakes of the campaign', 'node', 'campaigns/mistakes.ts', '--check'],
  ['a fourteenth action', 'node', '--test', 'scripts/fourteenth-action.test.ts'],
  ['build', 'npm', 'run', '--silent', 'build'],
  ['package', 'publint', '--strict'],
  [
    'tarball',
    'node',
    '--import',
    './test/openapi-validator/everywhere.ts',
    '--test',
    'scripts/package.test.ts',
  ],
]

let failed = 0
for (const [what, command = '', ...args] of checks) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  console.log(`${status === 0 ? '✓' : '✗'} ${what}`)
  if (status !== 0) console.log(`${stdout}${stderr}`)
  failed += status === 0 ? 0 : 1
}
process.exitCode = failed === 0 ? 0 : 1

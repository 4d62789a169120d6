// npm leaves a platform package out of package-lock.json when the registry at hand does not have it, and then
// `npm ci` refuses the lockfile everywhere. This puts those entries back, as a full registry would have written
// them but for the integrity. Run it after `npm install`; with --check it only looks.
import { readFileSync, writeFileSync } from 'node:fs'

type Entry = {
  version?: string
  optionalDependencies?: Record<string, string>
  [key: string]: unknown
}

const words: Record<'os' | 'cpu' | 'libc', Record<string, string>> = {
  os: {
    aix: 'aix',
    android: 'android',
    darwin: 'darwin',
    freebsd: 'freebsd',
    linux: 'linux',
    openharmony: 'openharmony',
    win32: 'win32',
  },
  cpu: {
    arm: 'arm',
    arm64: 'arm64',
    ia32: 'ia32',
    ppc64: 'ppc64',
    riscv64: 'riscv64',
    s390x: 's390x',
    x64: 'x64',
  },
  libc: { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' },
}

const checking = process.argv.includes('--check')
const paths = process.argv.slice(2).filter((word) => !word.startsWith('--'))

for (const path of paths.length === 0 ? ['package-lock.json'] : paths) {
  const lock: { packages: Record<string, Entry> } = JSON.parse(readFileSync(path, 'utf8'))
  const missing = missingEntries(lock.packages)
  if (missing.length === 0) continue
  if (checking) {
    console.error(
      `${path} lacks ${missing.map(([name]) => name).join(', ')}. Run: node scripts/complete-lockfile.ts`,
    )
    process.exitCode = 1
    continue
  }
  for (const [name, entry] of missing) lock.packages[name] = entry
  const [root, ...rest] = Object.entries(lock.packages)
  const sorted = rest.sort(([a], [b]) => a.localeCompare(b, 'en'))
  lock.packages = Object.fromEntries(root === undefined ? sorted : [root, ...sorted])
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
  console.error(`${path}: ${missing.length} platform packages added`)
}

function missingEntries(packages: Record<string, Entry>): [string, Entry][] {
  const found: [string, Entry][] = []
  for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (`node_modules/${name}` in packages || `${parent}/node_modules/${name}` in packages) continue
      found.push([
        `node_modules/${name}`,
        { version, ...platform(name), ...(dev ? { dev } : {}), optional: true },
      ])
    }
  }
  return found
}

/** What `@biomejs/cli-linux-x64-musl` says of itself. */
function platform(name: string): Record<string, string[]> {
  const parts = name.split(/[/-]/)
  const fields = Object.entries(words).map(([field, table]) => [
    field,
    parts.flatMap((part) => table[part] ?? []).slice(0, 1),
  ])
  return Object.fromEntries(fields.filter(([, values]) => values?.length))
}

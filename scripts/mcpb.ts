// npm run mcpb: the bundle for Claude Desktop, with the built package, what it depends on, and a form for the token.
// Another folder than this one may be given.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import manifest from '../package.json' with { type: 'json' }
import { dependencies } from './dependencies.ts'
import { bundleManifest } from './distribution.ts'
import { type Zipped, zip } from './zip.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = join(resolve(process.argv[2] ?? root), `${manifest.name}-${manifest.version}.mcpb`)

const own = ['package.json', 'LICENSE', 'README.md', 'bin', 'dist']
const packages = dependencies(root).map(({ name }) => join('node_modules', name))
const files: Zipped[] = [
  { path: 'manifest.json', content: Buffer.from(JSON.stringify(bundleManifest(), null, 2)) },
  { path: 'icon.png', content: readFileSync(join(root, 'docs/images/icon.png')) },
  ...[...own, ...packages].flatMap((path) => filesIn(join(root, path))),
]
writeFileSync(out, zip(files))
console.error(`${out}: ${files.length} files, ${Math.round(statSync(out).size / 1024)} KiB`)

/** What is run: neither types and source maps nor packages of packages, which stand for themselves. */
function filesIn(path: string): Zipped[] {
  if (statSync(path).isDirectory())
    return readdirSync(path)
      .toSorted()
      .flatMap((name) => (name === 'node_modules' ? [] : filesIn(join(path, name))))
  if (/\.(map|[cm]?tsx?)$/.test(path)) return []
  const inArchive = relative(root, path).split(sep).join('/')
  return [{ path: inArchive, content: readFileSync(path), isExecutable: inArchive.startsWith('bin/') }]
}

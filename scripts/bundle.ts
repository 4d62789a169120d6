// Puts what the package exports into few files: finding and reading a hundred files takes longer than running them.
// What entries share stays one module, so that there is one error class and one pool, whichever subpath asks.
import { glob, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import manifest from '../package.json' with { type: 'json' }

const root = fileURLToPath(new URL('..', import.meta.url))
const exported = Object.values(manifest.exports).flatMap((entry) =>
  typeof entry === 'string' ? [] : [entry.default],
)
const entries = [...exported, './dist/cli/bin.js'].map((path) => path.replace('./dist/', ''))

const { output } = await build({
  cwd: root,
  input: Object.fromEntries(entries.map((path) => [path.replace(/\.js$/, ''), join('dist', path)])),
  platform: 'node',
  external: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).map(
    (name) => new RegExp(`^${name}(/|$)`),
  ),
  output: { dir: 'dist', chunkFileNames: 'shared/[name]-[hash].js' },
  logLevel: 'warn',
})

// What the compiler left besides the types is in the bundle now.
const kept = new Set(output.map(({ fileName }) => fileName))
for await (const path of glob('**/*.js', { cwd: join(root, 'dist') })) {
  if (!kept.has(path)) await rm(join(root, 'dist', path))
}

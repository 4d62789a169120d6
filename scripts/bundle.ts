// Puts what the package exports into few files: finding and reading a hundred files takes longer than running them,
// and a declaration of something internal is nobody's. What entries share stays one module, so that there is one
// error class and one pool, whichever subpath asks; what every client needs is one file, without what is loaded on first use
// or by those who make no client.
import { glob, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import { dts } from 'rolldown-plugin-dts'
import manifest from '../package.json' with { type: 'json' }
import { studioFiles } from './studio.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const entries = Object.values(manifest.exports).filter((entry) => typeof entry !== 'string')
const common = {
  cwd: root,
  platform: 'node' as const,
  external: [
    /^node:/,
    ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).map(
      (name) => new RegExp(`^${name}(/|$)`),
    ),
  ],
  logLevel: 'warn' as const,
}

const code = await build({
  ...common,
  preserveEntrySignatures: 'allow-extension', // as the group needs it
  input: named([...entries.map((entry) => entry.default), './dist/cli/bin.js'], '.js'),
  output: {
    dir: 'dist',
    chunkFileNames: 'shared/[name]-[hash].js',
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        {
          name: 'client',
          test: /\/dist\/(actions\/|client\/(?!redact|tunnel)|core\/(?!html|nearest|exact-json)|intercom)/,
        },
      ],
    },
  },
})
const types = await build({
  ...common,
  input: named(
    entries.map((entry) => entry.types),
    '.d.ts',
  ),
  // What the compiler wrote is read as it is: the generator, which the plugin wants named, has nothing to do.
  plugins: [dts({ dtsOnly: true, generator: 'oxc', tsconfig: false })],
  output: { dir: 'dist', chunkFileNames: 'shared/[name].ts' },
})

// What the compiler left is in the bundles now.
const kept = new Set([...code.output, ...types.output].map(({ fileName }) => fileName))
for await (const path of glob('**/*.{js,d.ts,json}', { cwd: join(root, 'dist') })) {
  if (!kept.has(path)) await rm(join(root, 'dist', path))
}

// The page of the studio, which the server reads as it is.
const page = join(root, 'dist/studio')
await mkdir(page, { recursive: true })
for (const [name, text] of Object.entries(await studioFiles())) await writeFile(join(page, name), text)

/** Entries by their paths in `dist`, without the extension. */
function named(paths: string[], extension: string): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path.slice('./dist/'.length, -extension.length), path]))
}

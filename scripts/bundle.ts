// Puts the package root into one file: finding and reading its sixty files takes longer than running them. Types, the
// workspace and the command line stay as the compiler left them.
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import manifest from '../package.json' with { type: 'json' }

await build({
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  input: './dist/index.js',
  platform: 'node',
  external: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
  output: { dir: 'dist' },
  logLevel: 'warn',
})

import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'rolldown'

const root = fileURLToPath(new URL('../src/studio/', import.meta.url))

/** What browsers get, by name: `main.js`, a chunk for each view, and all styles as one. */
export async function studioFiles(): Promise<Record<string, string>> {
  const { output } = await build({
    cwd: root,
    input: 'main.tsx',
    platform: 'browser',
    write: false,
    transform: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    output: { format: 'esm', minify: true, entryFileNames: '[name].js', chunkFileNames: '[name].js' },
    tsconfig: false,
    logLevel: 'warn',
  })
  const scripts = output.flatMap((one) => (one.type === 'chunk' ? [[one.fileName, one.code]] : []))
  return { ...Object.fromEntries(scripts), 'studio.css': styles() }
}

/** Gzipped bytes of all files, and of those without which the first view does not show. */
export function gzippedSizes(files: Record<string, string>): { all: number; first: number } {
  const first = new Set(['studio.css', 'main.js', 'desk.js'])
  for (const name of first) {
    const imports = files[name]?.matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g) ?? []
    for (const [, imported = ''] of imports) first.add(imported) // visited in its turn
  }
  const sizeOf = (names: Iterable<string>) =>
    [...names].reduce((sum, name) => sum + gzipSync(files[name] ?? '').length, 0)
  return { all: sizeOf(Object.keys(files)), first: sizeOf(first) }
}

/** The composer's, which Sends shows, then the shell's, then the views'; without comments and needless blanks. */
function styles(): string {
  const paths = globSync('**/*.css', { cwd: root }).sort()
  const inOrder = [
    '../composer/composer.css',
    ...paths.filter((path) => path.startsWith('shell/')),
    ...paths.filter((path) => !path.startsWith('shell/')),
  ]
  return inOrder
    .map((path) => readFileSync(`${root}${path}`, 'utf8'))
    .join('\n')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .trim()
}

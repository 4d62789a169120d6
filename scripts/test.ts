// Runs the tests, those of a folder in one process, since to start a process and import the sources in it costs more than
// most files' tests. Given `processes` it runs those that start processes, `NAME.process.test.ts`, and otherwise the rest;
// `npm test -- FILE…` runs single files, each in its own process.
import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { pathToFileURL } from 'node:url'

/** They load a module of their own in place of another, for the whole process. */
const alone = ['test/telemetry/telemetry-absent.test.ts']
/** What takes longest: started first. */
const first = [
  'test/idempotency',
  'test/actions',
  'test/rest',
  'src/workspace',
  'test/workspace',
  'test/server',
  'test/tools',
  'test/trajectories',
  'test/approvals',
  'test/bulk',
  'test/compact',
  'test/input',
]

const given = process.argv.slice(2)
const isOfProcesses = given[0] === 'processes'
run({
  files: given.length > 0 && !isOfProcesses ? given.map((file) => resolve(file)) : grouped(),
  concurrency: 4,
  timeout: 300_000, // of a whole process, beside a busy machine
})
  .on('test:fail', () => {
    process.exitCode = 1
  })
  .compose(new spec())
  .pipe(process.stdout)

/** One file for each process, which imports its tests. */
function grouped(): string[] {
  const files = globSync('{src,test}/**/*.test.ts')
    .filter((file) => file.endsWith('.process.test.ts') === isOfProcesses)
    .sort()
  const folders = Map.groupBy(files, (file) => (alone.includes(file) ? file : folderOf(file)))
  const rank = (folder: string) => first.indexOf(folder) + 1 || first.length + 1
  const groups = `node_modules/.cache/tests${isOfProcesses ? '-of-processes' : ''}`
  rmSync(groups, { recursive: true, force: true })
  mkdirSync(groups, { recursive: true })
  return [...folders]
    .sort(([one], [other]) => rank(one) - rank(other))
    .map(([folder, files]) => {
      const group = resolve(groups, `${folder.replaceAll('/', '-')}.mjs`)
      writeFileSync(group, groupOf(files.map((file) => pathToFileURL(file).href)))
      return group
    })
}

/** The many small folders of the local Intercom count as one. */
function folderOf(file: string): string {
  return file.startsWith('src/workspace/') ? 'src/workspace' : dirname(file)
}

/**
 * Imports test files one after another, and holds their tests until all are imported: what a file awaits while it is
 * imported, such as an answer, would time out beside the tests of another that keep the process busy.
 */
function groupOf(urls: string[]): string {
  return `import { before } from 'node:test'

async function importAll() {
  for (const url of ${JSON.stringify(urls)}) await import(url)
}

const imported = importAll().catch((error) => {
  console.error(error)
  process.exit(1)
})
before(() => imported)
await imported
`
}

// Writes what is derived from the actions: contracts/*.json, the table in README.md, docs/actions.md, src/methods.ts and
// src/server/rest/answer-schemas.json; server.json, the plugin's manifests and the links of docs/hosts.md; src/composer/assets.json; the pictures in docs/images; docs/dependencies.md; docs/fixtures.schema.json; and, when INTERCOM_OPENAPI names Intercom's
// description, docs/workspace-coverage.md and src/compare/vocabulary.json.
// With --check it writes nothing and fails when something on disk differs.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { catalogue, toolsetNames, withToolsets } from '../src/actions/toolsets.ts'
import { actions, type Description, describe } from '../src/index.ts'
import { svg } from '../src/tools/mcp/icon.ts'
import { fixtureSchema } from '../src/workspace/fixtures/schema.ts'
import { actionsPage, firstSentence, parametersIn } from './actions-page.ts'
import { answerSchemas } from './answer-schemas.ts'
import { composerAssets } from './composer.ts'
import { copiesPlot } from './copies-plot.ts'
import { coveragePage } from './coverage.ts'
import { demoPicture } from './demo-picture.ts'
import { dependencies, dependenciesPage } from './dependencies.ts'
import { distributionFiles, installLinks } from './distribution.ts'
import { methodsFile } from './methods.ts'
import { withActionTypes } from './types-of.ts'
import { vocabulary } from './vocabulary.ts'

const root = new URL('../', import.meta.url)
const checking = process.argv.includes('--check')
const descriptions = catalogue.map(describe)
const byToolset = Object.fromEntries(
  toolsetNames.map((set) => [
    set,
    withToolsets([set]).flatMap(({ name }) => (actions.some((one) => one.name === name) ? [] : [name])),
  ]),
)

const wanted = new Map<string, string>()
for (const description of descriptions) {
  wanted.set(`contracts/${description.name}.json`, `${JSON.stringify(description, null, 2)}\n`)
}
wanted.set('README.md', withPart('README.md', 'actions', actionsTable(actions.map(describe))))
wanted.set('docs/hosts.md', withPart('docs/hosts.md', 'links', installLinks()))
for (const [path, content] of distributionFiles()) wanted.set(path, formatted(path, JSON.stringify(content)))
withActionTypes((types) => {
  for (const [path, text] of [
    ['src/methods.ts', methodsFile(descriptions, types, byToolset)],
    ['src/server/rest/answer-schemas.json', JSON.stringify(answerSchemas(descriptions, types))],
  ] as const)
    wanted.set(path, formatted(path, text))
})
wanted.set('docs/images/copies.svg', copiesPlot(readFileSync(new URL('docs/reliability.md', root), 'utf8')))
wanted.set('docs/images/demo.svg', demoPicture())
wanted.set('docs/images/icon.svg', `${svg.replace('>', '><title>modulex-intercom</title>')}\n`)
wanted.set('docs/actions.md', actionsPage(descriptions))
wanted.set('docs/dependencies.md', dependenciesPage(dependencies(fileURLToPath(root))))
wanted.set(
  'docs/fixtures.schema.json',
  formatted('docs/fixtures.schema.json', JSON.stringify(fixtureSchema())),
)
const assets = 'src/composer/assets.json'
wanted.set(assets, formatted(assets, JSON.stringify(await composerAssets())))
const openApi = process.env['INTERCOM_OPENAPI']
if (openApi) {
  const words = 'src/compare/vocabulary.json'
  wanted.set('docs/workspace-coverage.md', await coveragePage(openApi))
  wanted.set(words, formatted(words, JSON.stringify(await vocabulary(openApi))))
} else console.error('What is made from INTERCOM_OPENAPI is left as it is: it names no description')

for (const path of wanted.keys()) mkdirSync(new URL('./', new URL(path, root)), { recursive: true })
const left = readdirSync(new URL('contracts/', root))
  .map((name) => `contracts/${name}`)
  .filter((path) => !wanted.has(path))
const stale = [...wanted].filter(([path, text]) => onDisk(path) !== text).map(([path]) => path)

if (checking) {
  const wrong = [...stale, ...left]
  if (wrong.length > 0) {
    console.error(`Not up to date: ${wrong.join(', ')}. Run: npm run generate`)
    process.exitCode = 1
  }
} else {
  for (const path of stale) writeFileSync(new URL(path, root), wanted.get(path) ?? '')
  for (const path of left) rmSync(new URL(path, root))
  console.error(`${stale.length} written, ${left.length} removed, ${wanted.size - stale.length} unchanged`)
}

/** As `npm run format` would leave it. */
function formatted(path: string, text: string): string {
  const args = ['format', `--stdin-file-path=${path}`]
  const { status, stdout, stderr } = spawnSync('biome', args, { input: text, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${path} cannot be formatted: ${stderr}`)
  return stdout
}

function onDisk(path: string): string | null {
  try {
    return readFileSync(new URL(path, root), 'utf8')
  } catch {
    return null
  }
}

function actionsTable(all: Description[]): string {
  const rows = all.map(
    (one) => `| \`${one.name}\` | ${one.effect} | ${parametersIn(one)} | ${firstSentence(one)} |`,
  )
  return [
    '| action | effect | parameters (**required**) | what it does |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n')
}

/** A page whose part of this name is made anew. */
function withPart(path: string, name: string, part: string): string {
  const page = readFileSync(new URL(path, root), 'utf8')
  const [begin, end] = [`<!-- ${name}: generated by npm run generate -->`, `<!-- /${name} -->`]
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from < 0 || to < from) throw new Error(`${path} has no place for ${name}`)
  return `${page.slice(0, from + begin.length)}\n${part}\n${page.slice(to)}`
}

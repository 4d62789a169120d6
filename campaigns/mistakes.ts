// npm run campaign:mistakes: small mistakes, of the kinds that maintainers make, one by one in a copy of this checkout;
// fails when the tests notice fewer than 95 % of them. --place core; --file src/core/claims.ts; --slice makes a dozen, by --seed;
// --check makes none, and says which the code has moved away from.
import { parseArgs } from 'node:util'
import { actions } from './mistakes/actions.ts'
import { bulk } from './mistakes/bulk.ts'
import { client } from './mistakes/client.ts'
import { compact } from './mistakes/compact.ts'
import { core } from './mistakes/core.ts'
import { type Mistake, mistakesOf } from './mistakes/mistake.ts'
import { restate } from './mistakes/restate.ts'
import { server } from './mistakes/server.ts'
import { tools } from './mistakes/tools.ts'
import { problemOf, type Ran, Tree } from './mistakes/tree.ts'
import { webhooks } from './mistakes/webhooks.ts'
import { workspace } from './mistakes/workspace.ts'

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    slice: { type: 'boolean', default: false },
    place: { type: 'string' },
    file: { type: 'string' },
    seed: { type: 'string' },
  },
})
const { slice, place, file } = values
const wanted = 0.95

const all = mistakesOf({ core, actions, client, tools, compact, restate, server, webhooks, bulk, workspace })
const step = slice ? Math.ceil(all.length / 12) : 1
const seed = Number(values.seed ?? Math.floor(Math.random() * 1000))
if (values.check) {
  const problems = all.map(problemOf).filter((problem) => problem !== null)
  for (const problem of problems) console.error(problem)
  process.exit(problems.length === 0 ? 0 : 1)
}
const some = all.filter((one, at) =>
  slice ? at % step === seed % step : one.place === (place ?? one.place) && one.file === (file ?? one.file),
)
console.log(`${some.length} of ${all.length} mistakes${slice ? `, seed ${seed}` : ''}`)

const begun = performance.now()
const tree = new Tree()
try {
  for (const mistake of all) tree.make(mistake)()
  // Those that TypeScript sees need no test.
  if (!slice && !(await tree.compiles(some))) throw new Error('TypeScript does not accept these mistakes')
  for (const file of new Set(some.flatMap(({ tests }) => tests))) {
    if ((await tree.test([file])) !== 'passed') throw new Error(`${file} does not pass without a mistake`)
  }
  report(await made(some))
} finally {
  tree.remove()
}

async function made(mistakes: readonly Mistake[]): Promise<(Mistake & { ran: Ran })[]> {
  const rows: (Mistake & { ran: Ran })[] = []
  for (const mistake of mistakes) {
    const undo = tree.make(mistake)
    const ran = await tree.test(mistake.tests)
    undo()
    rows.push({ ...mistake, ran })
    console.log(`${ran === 'passed' ? 'NOT NOTICED' : ran}: ${told(mistake)}`)
  }
  return rows
}

function report(rows: readonly (Mistake & { ran: Ran })[]): void {
  const noticed = rows.filter(({ ran }) => ran !== 'passed')
  for (const [name, those] of Map.groupBy(rows, (row) => row.place)) {
    const count = (ran: Ran) => those.filter((row) => row.ran === ran).length
    const hung = count('hung') === 0 ? '' : `, ${count('hung')} of them by hanging`
    console.log(`${name}: ${those.length - count('passed')} of ${those.length} noticed${hung}`)
  }
  const seconds = Math.round((performance.now() - begun) / 1000)
  console.log(`${noticed.length} of ${rows.length} noticed in ${seconds} s`)
  for (const row of rows) if (row.ran === 'passed') console.error(`NOT NOTICED: ${told(row)}`)
  process.exitCode = noticed.length >= wanted * rows.length ? 0 : 1
}

function told({ file, find, replace }: Mistake): string {
  return `${file}: ${JSON.stringify(find)} as ${JSON.stringify(replace)}`
}

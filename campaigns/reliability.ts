// npm run campaign:reliability: every fault against this package, Intercom's SDK and its command line, counted
// in the workspace.
// With --toolsets the actions of toolsets alone, and their section of the page is renewed.
// Writes docs/reliability.md; with --slice this package alone sends a little, in two minutes, and nothing is written.
// Fails when a promise is broken.
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { playFor } from '../test/support/fault-model/play-for.ts'
import { measureWindow } from '../test/support/fault-model/window.ts'
import { clients, isOurs, type Row } from './reliability/cell.ts'
import { reliabilityPage } from './reliability/page.ts'
import { brokenPromises } from './reliability/promises.ts'
import { circumstances, faultScenarios } from './reliability/scenarios.ts'
import { brokenByToolsets, toolsetRows, toolsetSection } from './reliability/toolset-rows.ts'
import { runAll } from './reliability/workers.ts'

const { values } = parseArgs({
  options: {
    slice: { type: 'boolean', default: false },
    sends: { type: 'string' },
    only: { type: 'string' },
    toolsets: { type: 'boolean', default: false },
  },
})
const sends = Number(values.sends ?? (values.slice ? 60 : 2000))
const processes = values.slice ? 3 : 2
const scenarios = [...faultScenarios, ...circumstances].filter(({ name }) => name.includes(values.only ?? ''))
const tested = values.slice ? clients.filter(isOurs) : clients
const orders = (values.toolsets ? [] : scenarios).flatMap(({ name }) =>
  tested.map((client) => ({ scenario: name, client, sends })),
)
// What waits longest goes first, so that it does not stand alone at the end.
orders.sort(
  (a, b) => Number(b.scenario.startsWith('rate_limited')) - Number(a.scenario.startsWith('rate_limited')),
)

/** The random schedules of the whole run are the same each time. */
const modelSeed = 1

const begun = performance.now()
const rows: Row[] = []
await runAll(orders, processes, (row, seconds) => {
  rows.push(row)
  const { scenario, client, ...counts } = row
  const shown = Object.entries(counts).map(([what, count]) => `${what} ${count}`)
  console.log(`${scenario}, ${client} (${seconds.toFixed(1)} s): ${shown.join(', ')}`)
})
const broken = rows.flatMap((row) => {
  const scenario = scenarios.find(({ name }) => name === row.scenario)
  return scenario === undefined ? [] : brokenPromises(row, scenario)
})
const page = new URL('../docs/reliability.md', import.meta.url)
// A slice takes every fifth kind of fault, others from day to day.
const day = Math.floor(Date.now() / 86_400_000)
const struck = values.slice
  ? faultScenarios.filter(({ endless, faults }, n) => !endless && faults.length === 1 && (n + day) % 5 === 0)
  : faultScenarios
const toolsets = await toolsetRows(struck, values.slice ? 2 : Math.min(sends, 50))
broken.push(...brokenByToolsets(toolsets))
console.log(toolsetSection(toolsets))
if (values.toolsets && !values.slice) {
  const text = readFileSync(page, 'utf8').replace(/## Actions of toolsets[\s\S]*?\n(?=## )/, '')
  const [before = '', after = ''] = text.split('## Killed processes')
  writeFileSync(page, `${before}${toolsetSection(toolsets)}\n## Killed processes${after}`)
} else if (!values.slice && values.only === undefined) {
  const windows = await Promise.all([2000, 5000, 8000, 11_000, 14_000].map((ms) => measureWindow(ms)))
  const model = await playFor(120, modelSeed, ({ schedules }) => console.log(`${schedules} schedules`))
  broken.push(...model.violations)
  const seconds = (performance.now() - begun) / 1000
  writeFileSync(page, reliabilityPage({ rows, broken, windows, model, toolsets, sends, seconds }))
}
for (const sentence of broken) console.error(`BROKEN: ${sentence}`)
console.log(
  `${rows.length} rows in ${Math.round((performance.now() - begun) / 1000)} s, ${broken.length} promises broken`,
)
process.exitCode = broken.length === 0 ? 0 : 1

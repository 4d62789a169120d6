// npm run campaign:durability: replies and notes while workers and the Restate server are killed, by naive code and by
// this package. Writes docs/durability.md; with --slice a little of ours, in two minutes, and nothing is written.
// Needs `npm ci --prefix examples/support-workflow`. Fails when a promise is broken.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { durabilityPage } from './durability/page.ts'
import {
  type Contender,
  contenders,
  fast,
  killed,
  type LateRow,
  lateMs,
  lateSettleMs,
  type Measured,
  measure,
  measureLates,
  type Throughput,
} from './durability/plan.ts'
import { brokenPromises } from './durability/promises.ts'
import type { Row } from './durability/row.ts'

const { values } = parseArgs({
  options: {
    slice: { type: 'boolean', default: false },
    sends: { type: 'string' },
    only: { type: 'string', default: '' },
  },
})
const { slice, only } = values
const sends = Number(values.sends ?? (slice ? 1500 : 10_000))
const inSlice = ['ours, local journal', 'ours on Restate, 2 workers']
const tested = contenders.filter(({ name }) => name.includes(only) && (!slice || inSlice.includes(name)))
const isWhole = !slice && only === ''

const begun = performance.now()
const say = ({ name }: Contender, { recoveriesMs, ...row }: Row) => {
  const said = Object.entries(row).map(([what, count]) => `${what} ${Number(count.toFixed(1))}`)
  console.log(`${name}: ${said.join(', ')}, interrupted ${recoveriesMs.length}`)
}
const rows: Measured[] = []
for (const who of tested) rows.push({ who, row: await measure(who, { ...killed, sends }, say) })

const throughputs: Throughput[] = []
for (const who of isWhole ? tested : []) {
  const order = { ...fast, sends: Math.ceil(sends * 0.3) }
  const calm = await measure(who, { ...order, betweenMs: null }, say)
  throughputs.push({ who, calm, killed: await measure(who, order, say) })
}

const lates: LateRow[] = []
if (slice) lates.push(...(await measureLates([500, 4000], lateSettleMs.slice(0, 1))))
if (isWhole) lates.push(...(await measureLates(lateMs, lateSettleMs)))
for (const { name, settle, cells } of lates) {
  const said = cells.map((cell) => `${cell.lateMs} ms late ${cell.duplicates} of ${cell.intents} twice`)
  console.log(`${name}, settle [${settle}]: ${said.join(', ')}`)
}

const found = { rows, throughputs, lates }
const broken = brokenPromises(found)
const seconds = (performance.now() - begun) / 1000
if (isWhole) {
  const page = new URL('../docs/durability.md', import.meta.url)
  writeFileSync(page, durabilityPage({ ...found, broken, seconds }))
}
for (const sentence of broken) console.error(`BROKEN: ${sentence}`)
console.log(`${rows.length} rows in ${Math.round(seconds)} s, ${broken.length} promises broken`)
process.exit(broken.length === 0 ? 0 : 1) // whatever a killed process has left open here

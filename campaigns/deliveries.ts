// npm run campaign:deliveries: every kind of delivery, and 10,000 events to a receiver that is killed again and again.
// Writes docs/deliveries.md; --slice sends 3,000 and writes nothing. Fails when an event is lost.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { judgeCases } from './deliveries/cases.ts'
import { crashes } from './deliveries/crashes.ts'
import { deliveriesPage } from './deliveries/page.ts'

const { values } = parseArgs({
  options: { slice: { type: 'boolean', default: false }, seed: { type: 'string', default: '1' } },
})
const seed = Number(values.seed)
const cases = await judgeCases()
const wrong = cases.filter(
  ({ answers, runs, expected }) => answers !== expected.answers || runs !== expected.runs,
)
for (const { name, answers, runs } of cases) console.log(`${name}: ${answers}; handled ${runs}`)
const crashed = await crashes(values.slice ? 3000 : 10_000, seed)
console.log(JSON.stringify(crashed))
for (const { name, expected } of wrong) {
  console.error(`BROKEN: ${name}: should be ${expected.answers}; handled ${expected.runs}`)
}
if (crashed.lost > 0) console.error(`BROKEN: ${crashed.lost} events lost`)
const broken = wrong.length > 0 || crashed.lost > 0
if (!values.slice && !broken) {
  writeFileSync(new URL('../docs/deliveries.md', import.meta.url), deliveriesPage(cases, crashed, seed))
}
process.exitCode = broken ? 1 : 0

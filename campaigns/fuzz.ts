// npm run campaign:fuzz: hostile inputs and hostile answers by the hundred thousand, random histories and
// conversations in the local Intercom, and long texts in every parameter, with their times; fails when a promise is broken. --runs 100000, --seconds 1200, --seed; --slice takes
// two minutes, however far that goes.
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { randomHistories, randomTowns } from './fuzz/histories.ts'
import { hostileAnswers, hostileInputs, type Tried } from './fuzz/hostile.ts'
import { longTextCount, longTexts } from './fuzz/long-texts.ts'
import { properties } from './fuzz/properties.ts'

const { values } = parseArgs({
  options: {
    slice: { type: 'boolean', default: false },
    runs: { type: 'string', default: '100000' },
    seconds: { type: 'string' },
    seed: { type: 'string' },
  },
})
const seconds = Number(values.seconds ?? (values.slice ? 110 : 1200))
const runs = Number(values.runs)
// A slice is the same each time; Math.random is fixed by the tests' own support.
const seed = Number(values.seed ?? (values.slice ? 0 : randomInt(2 ** 31)))
console.log(`seed ${seed}, ${runs} inputs, at most ${seconds} s`)

const broken: string[] = []
const report = (what: string, tried: Tried, wanted: number) => {
  console.log(`${what}: ${tried.count} in ${Math.round(tried.seconds)} s, slowest ${tried.slowest}`)
  broken.push(...tried.broken)
  if (!values.slice && tried.broken.length === 0 && tried.count < wanted) {
    broken.push(`${what}: ${tried.count} of ${wanted} in the time`)
  }
}
report('hostile inputs', await hostileInputs({ runs, seed, seconds: seconds * 0.35 }), runs)
for (const onUnknown of ['verify', 'verify-then-resend'] as const) {
  const bounds = { runs: Math.ceil(runs / 5), seed, seconds: seconds * 0.15 }
  report(`hostile answers, ${onUnknown}`, await hostileAnswers(onUnknown, bounds), bounds.runs)
}
const histories = { runs: Math.ceil(runs / 50), seed, seconds: seconds * 0.1 }
report('histories', await randomHistories(histories), 0)
report('towns', await randomTowns(histories), 0)
broken.push(...(await properties(values.slice ? 2 : 20, seed, console.log)))
report('long texts', await longTexts(seconds * 0.15, seed), longTextCount)
for (const sentence of broken) console.error(`BROKEN: ${sentence}`)
console.log(`${broken.length} promises broken`)
process.exitCode = broken.length === 0 ? 0 : 1

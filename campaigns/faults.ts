// npm run campaign:faults: random schedules of all faults and of processes killed with SIGKILL, and their successors;
// fails when an intent is in the workspace twice or was reported wrongly. --seconds 600; --slice takes two minutes.
import { parseArgs } from 'node:util'
import { playFor } from '../test/support/fault-model/play-for.ts'

const { values } = parseArgs({
  options: {
    slice: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    seed: { type: 'string' },
  },
})
const seconds = Number(values.seconds ?? (values.slice ? 100 : 600))
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
console.log(`seed ${seed}, ${seconds} s`)
const { violations, ...total } = await playFor(seconds, seed, ({ schedules, intents }) =>
  console.log(`${schedules} schedules, ${intents} intents`),
)
console.log(JSON.stringify(total))
for (const violation of violations) console.error(`BROKEN: ${violation}`)
process.exitCode = violations.length === 0 ? 0 : 1

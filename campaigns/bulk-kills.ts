// npm run campaign:bulk: a bulk job of replies and notes whose processes are killed with SIGKILL at random moments, and
// started again by the same command; fails unless every row is in the workspace and in the results exactly once.
// --rows 5000, --kills 50, --seed; --slice takes two minutes.
import { parseArgs } from 'node:util'
import { killedJob } from './bulk-kills/kills.ts'

const { values } = parseArgs({
  options: {
    slice: { type: 'boolean', default: false },
    rows: { type: 'string' },
    kills: { type: 'string' },
    seed: { type: 'string' },
  },
})
const rows = Number(values.rows ?? (values.slice ? 600 : 5000))
const kills = Number(values.kills ?? (values.slice ? 6 : 50))
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
console.log(`seed ${seed}, ${rows} rows, ${kills} kills`)

/** From 0 to 1, the same for a seed. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const { violations, ...told } = await killedJob({ rows, kills }, randomFrom(seed), (n, done) =>
  console.log(`kill ${n}: ${done} results`),
)
console.log(JSON.stringify({ ...told, seconds: Math.round(told.seconds) }))
for (const violation of violations.slice(0, 50)) console.error(`BROKEN: ${violation}`)
console.log(`${violations.length} promises broken`)
process.exitCode = violations.length === 0 ? 0 : 1

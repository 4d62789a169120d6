// Kills a workspace in the middle of writing, again and again, and looks for every write that was answered.
// npm run sigkill [-- --rounds 100]
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { stormRound } from '../test/support/storm.ts'
import { percentile } from './report.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '100' } } })
const data = join(tmpdir(), `modulex-intercom-sigkill-${process.pid}.db`)
const started = performance.now()
const answered: number[] = []
let missing = 0
for (let round = 0; round < Number(values.rounds); round++) {
  const result = await stormRound(data, 20 + ((round * 37) % 400))
  answered.push(result.answered)
  missing += result.missing.length
  if (result.missing.length > 0) console.error(`round ${round}: ${result.missing.join(', ')}`)
}
for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${data}${end}`, { force: true })
const seconds = ((performance.now() - started) / 1000).toFixed(0)
const total = answered.reduce((sum, count) => sum + count, 0)
console.log(
  `${answered.length} rounds in ${seconds} s, ${total} answered writes (${percentile(answered, 0.5)} a round in the middle), ${missing} missing`,
)
process.exitCode = missing === 0 ? 0 : 1

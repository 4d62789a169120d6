// Approvals that wait: how long a list of them takes, and what they take of memory. npm run approvals [-- --waiting 1000, the most that one caller may]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openApprovals } from '../src/approvals/index.ts'
import { emptyPreview } from '../src/core/preview.ts'
import { percentile } from './report.ts'

const { values } = parseArgs({ options: { waiting: { type: 'string', default: '1000' } } })
const waiting = Number(values.waiting)
const folder = mkdtempSync(join(tmpdir(), 'bench-approvals-'))
const store = openApprovals(join(folder, 'approvals.db'))
const last = Array.from({ length: 3 }, (_, at) => ({
  by: 'Ann Example',
  kind: 'user' as const,
  at,
  text: 'What I have written. '.repeat(20),
  note: false,
}))
const conversation = { id: '1', subject: 'An order', state: 'open', last }

/** A call of about two kilobytes with what is shown of it. */
const held = (number: number) => ({
  caller: 'bench',
  workspace: 'workspace',
  action: 'reply_to_conversation',
  input: {
    conversation_id: '1',
    reply_type: 'admin',
    admin_id: '1',
    body: `Answer ${number}. ${'Words. '.repeat(40)}`,
  },
  preview: { ...emptyPreview, conversation },
  asked_by: null,
})

const rss = () => Math.round(process.memoryUsage().rss / 2 ** 20)
const before = rss()
const took: number[] = []
for (let number = 0; number < waiting; number++) {
  const started = performance.now()
  await store.hold(held(number))
  took.push(performance.now() - started)
}
console.log(`hold: p50 ${percentile(took, 0.5).toFixed(2)} ms, p99 ${percentile(took, 0.99).toFixed(2)} ms`)
console.log(`RSS: ${before} MB before, ${rss()} MB with ${waiting} that wait`)
for (const limit of [50, 1000]) {
  const times: number[] = []
  for (let round = 0; round < 20; round++) {
    const started = performance.now()
    await store.list({ state: 'waiting', limit })
    times.push(performance.now() - started)
  }
  const [median, most] = [percentile(times, 0.5), percentile(times, 1)]
  console.log(
    `list of ${Math.min(limit, waiting)}: median ${median.toFixed(1)} ms, most ${most.toFixed(1)} ms`,
  )
}
console.log(`RSS: ${rss()} MB after 40 lists`)
store.close()
rmSync(folder, { recursive: true })

// Runs clients that nobody here wrote against a local Intercom, and compares what worked with docs/clients.md.
// With --write it writes that page instead; with the beginning of a client's name it runs that one alone.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createWorkspace } from '../../src/workspace/index.ts'
import { activepieces } from './activepieces/run.ts'
import type { Client } from './client.ts'
import { intercomClient4, intercomClient5 } from './intercom-client-4-5/run.ts'
import { generatedSdks } from './intercom-client-6-7/run.ts'
import { Ledger } from './ledger.ts'
import { n8n } from './n8n/run.ts'
import { type Outcome, pageOf } from './page.ts'

const clients: readonly Client[] = [intercomClient4, intercomClient5, ...generatedSdks, activepieces, n8n]
const page = new URL('../../docs/clients.md', import.meta.url)
const only = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const problems: string[] = []
const outcomes: Outcome[] = []

const tsc = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url))
const types = spawnSync(tsc, ['-p', fileURLToPath(new URL('.', import.meta.url))], { encoding: 'utf8' })
if (types.status !== 0) problems.push(`types: ${types.stdout}${types.stderr}`)

for (const client of clients) {
  const called = `${client.name} ${client.version}`
  if (only.length > 0 && !only.some((word) => called.startsWith(word))) continue
  const ledger = new Ledger()
  const workspace = await createWorkspace({ seed: 'small' })
  const { url, accessToken } = await workspace.listen()
  await ledger.family(() =>
    client.run({ workspace, url, accessToken, ledger, visitor: workspace.control.createVisitor() }),
  )
  await workspace.close()
  const untried = client.operations.filter((name) => !ledger.isTried(name))
  const unknown = [...ledger.worked, ...ledger.left.keys()].filter(
    (name) => !client.operations.includes(name),
  )
  for (const [name, why] of ledger.failed) problems.push(`${called} ${name}: ${why}`)
  if (untried.length > 0) problems.push(`${called}: not tried: ${untried.join(' ')}`)
  if (unknown.length > 0) problems.push(`${called}: no such operations: ${unknown.join(' ')}`)
  outcomes.push({ client, ledger })
  console.log(
    `${called}: ${client.operations.length} operations, ${ledger.worked.size} worked, ${ledger.left.size} left`,
  )
}

const written = pageOf(outcomes)
if (process.argv.includes('--write')) writeFileSync(page, written)
else if (only.length === 0 && written !== readFileSync(page, 'utf8'))
  problems.push(
    'docs/clients.md says otherwise: run node test-hosts/foreign/main.ts --write, and read the difference',
  )
for (const problem of problems) console.log(`✗ ${problem}`)
process.exitCode = problems.length === 0 ? 0 : 1

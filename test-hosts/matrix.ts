// Every action's example through every adapter, each from the same snapshot of one workspace: the envelope must be that
// of the plain function, and every row of the workspace's database as the plain function left it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { catalogue } from '../src/actions/toolsets.ts'
import { createIntercom } from '../src/index.ts'
import { createWorkspace } from '../src/workspace/index.ts'
import { actionExamples } from '../test/support/action-examples.ts'
import { type ToolsetSubjects, toolsetExamples, toolsetSubjects } from '../test/support/toolset-examples.ts'
import { type Adapter, adapters as open } from './matrix/adapters.ts'
import { rowsOf } from './matrix/rows.ts'

const home = mkdtempSync(join(tmpdir(), 'matrix-'))
const data = join(home, 'workspace.db')
const workspace = await createWorkspace({ data, seed: 'small' })
workspace.control.clock.freeze()
const { url, accessToken } = await workspace.listen()
const intercom = createIntercom({ accessToken, baseUrl: url, toolsets: ['all'] })
const of = await toolsetSubjects(intercom)
const examples = { ...actionExamples, ...toolsetExamples } as Record<string, (of: ToolsetSubjects) => object>
const env = { INTERCOM_ACCESS_TOKEN: accessToken, INTERCOM_API_BASE_URL: url }
const { adapters, stop } = await open(intercom, env)
workspace.control.snapshot('start')
const start = rowsOf(data)

/** What an adapter answers, and what it leaves behind. */
async function tried(
  adapter: Adapter,
  name: string,
  input: object,
): Promise<{ output: unknown; rows: string }> {
  workspace.control.restore('start')
  const output = await adapter(name, input).catch((error) => error)
  return { output, rows: rowsOf(data) }
}

let wrong = 0
let cells = 0
try {
  for (const { name, effect } of catalogue) {
    const input = examples[name]?.(of) ?? {}
    const reference = await tried(intercom.run, name, input)
    const { success } = reference.output as { success: boolean }
    const problems: string[] = []
    if (!success || (reference.rows === start) !== (effect === 'read')) problems.push('the function itself')
    for (const [adapter, call] of Object.entries(adapters)) {
      cells += 1
      const { output, rows } = await tried(call, name, input)
      if (!isDeepStrictEqual(output, JSON.parse(JSON.stringify(reference.output))))
        problems.push(`${adapter} answers`)
      if (rows !== reference.rows) problems.push(`${adapter} leaves`)
    }
    console.log(
      problems.length === 0 ? `✓ ${name}` : `✗ ${name}: other than the function: ${problems.join(', ')}`,
    )
    wrong += problems.length
  }
} finally {
  await stop()
  await workspace.close()
  rmSync(home, { recursive: true, force: true })
}
console.log(`${cells} cells: ${catalogue.length} actions, ${Object.keys(adapters).join(', ')}`)
process.exitCode = wrong === 0 ? 0 : 1

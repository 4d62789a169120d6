// Bulk jobs that run at the same time, against a workspace with Intercom's limit and windows: what of it they use.
// npm run bulk-shared [-- --rows 20000]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createWorkspace } from '../src/workspace/index.ts'
import { table } from './report.ts'

const { values } = parseArgs({ options: { rows: { type: 'string', default: '20000' } } })
/** Of all jobs together. */
const rows = Number(values.rows)
const limit = 1667
const bin = join(import.meta.dirname, '../src/cli/bin.ts')

async function run(jobs: number): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-bulk-shared-'))
  const workspace = await createWorkspace({ seed: 'small', rateLimit: { app: limit, workspace: false } })
  try {
    const { url, accessToken } = await workspace.listen()
    const headers = { authorization: `Bearer ${accessToken}` }
    const { data } = (await (await fetch(`${url}/contacts?per_page=1`, { headers })).json()) as {
      data: [{ id: string }]
    }
    const env = {
      ...process.env,
      INTERCOM_ACCESS_TOKEN: accessToken,
      INTERCOM_API_BASE_URL: url,
      XDG_STATE_HOME: folder,
    }
    const ended = Array.from({ length: jobs }, async (_, n) => {
      const file = join(folder, `rows-${n}.csv`)
      writeFileSync(file, `contact_id\n${`${data[0].id}\n`.repeat(rows / jobs)}`)
      const child = spawn(process.execPath, [bin, 'bulk', 'get_contact', file], { env, stdio: 'ignore' })
      const [code] = await once(child, 'exit')
      return code as number | null
    })
    const codes = await Promise.all(ended)
    const windows = workspace.control.rateWindows(1000)
    const full = windows.slice(1, -1).map(({ calls }) => calls)
    const refused = windows.reduce((sum, { refused }) => sum + refused, 0)
    const percent = (calls: number) => `${((100 * calls) / limit).toFixed(1)} %`
    return [
      String(jobs),
      String(full.length),
      percent(Math.min(...full)),
      percent(full.reduce((sum, calls) => sum + calls, 0) / full.length),
      percent(Math.max(...full)),
      String(refused),
      codes.every((code) => code === 0) ? 'all' : 'not all',
    ]
  } finally {
    await workspace.close()
    rmSync(folder, { recursive: true })
  }
}

const found: string[][] = []
for (const jobs of [1, 3]) found.push(await run(jobs))
console.log(table(['jobs', 'full windows', 'least used', 'mean', 'most', '429', 'succeeded'], found))

// Bulk jobs over a workspace without a limit, and over a server that answers at once: rows a second, CPU, memory.
// npm run bulk [-- --only get_contact --scale 0.1 --held]; --held collects garbage each second, which costs time.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { start } from './child.ts'
import { table } from './report.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    scale: { type: 'string', default: '1' },
    held: { type: 'boolean', default: false },
  },
})
const scale = Number(values.scale)
const flags = values.held ? ['--expose-gc'] : []
const here = (file: string) => join(import.meta.dirname, file)

/** A server and what a job is made of there. */
type Host = { url: string; accessToken: string }
type Job = {
  action: string
  rows: number
  stub: boolean
  /** The header, and the cells of a row by its number. */
  columns(host: Host): Promise<{ header: string; row(n: number): string }>
}

const upserts = async () => ({
  header: 'email,name,external_id,custom_attributes.plan',
  row: (n: number) => `person-${n}@example.com,Person ${n},ext-${n},pro`,
})
const contacts = async () => ({ header: 'contact_id', row: () => '6762f0dd1bb69f9f2193bb83' })

/** Replies spread over a thousand conversations. */
async function replies(host: Host) {
  const ids: string[] = []
  const { id: admin } = await call(host, 'GET', '/me')
  for (let n = 0; n < 1000; n++) {
    const { id } = await call(host, 'POST', '/contacts', { role: 'user', email: `writer-${n}@example.com` })
    const opened = await call(host, 'POST', '/conversations', { from: { type: 'user', id }, body: 'Hello' })
    ids.push(String(opened['conversation_id']))
  }
  const row = (n: number) => `${ids[n % ids.length]},admin,${admin},Answer number ${n}`
  return { header: 'conversation_id,reply_type,admin_id,body', row }
}

const jobs: Job[] = [
  { action: 'upsert_contact', rows: 10_000, stub: false, columns: upserts },
  { action: 'upsert_contact', rows: 100_000, stub: false, columns: upserts },
  { action: 'reply_to_conversation', rows: 20_000, stub: false, columns: replies },
  { action: 'get_contact', rows: 10_000, stub: true, columns: contacts },
  { action: 'get_contact', rows: 100_000, stub: true, columns: contacts },
  { action: 'get_contact', rows: 1_000_000, stub: true, columns: contacts },
]

async function call({ url, accessToken }: Host, method: string, path: string, body?: object) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  return (await response.json()) as Record<string, unknown>
}

async function run({ action, rows: whole, stub, columns }: Job): Promise<string[]> {
  const rows = Math.round(whole * scale)
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-bulk-bench-'))
  const server = await start(process.execPath, [here('bulk-serve.ts'), ...(stub ? ['--stub'] : [])], /^\{/)
  try {
    const host: Host = JSON.parse(server.line)
    const { header, row } = await columns(host)
    const file = join(folder, 'rows.csv')
    const stream = createWriteStream(file)
    stream.write(`${header}\n`)
    for (let n = 1; n <= rows; n++) if (!stream.write(`${row(n)}\n`)) await once(stream, 'drain')
    await finished(stream.end())
    const env = { ...process.env, INTERCOM_ACCESS_TOKEN: host.accessToken, INTERCOM_API_BASE_URL: host.url }
    const child = spawn(process.execPath, [...flags, here('bulk-worker.ts'), 'bulk', action, file], {
      env: { ...env, XDG_STATE_HOME: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'exit')
    const output = await text(child.stdout)
    const [code] = await ended
    if (code !== 0) throw new Error(`bulk ${action} ended with ${code}: ${output}`)
    const { cpuMs, rssMb, heldMb, seconds } = JSON.parse(output.trim().split('\n').at(-1) ?? '')
    return [
      action,
      stub ? 'answers at once' : 'workspace',
      String(rows),
      seconds.toFixed(1),
      (rows / seconds).toFixed(0),
      (cpuMs / rows).toFixed(2),
      String(rssMb),
      heldMb === null ? '' : String(heldMb),
    ]
  } finally {
    await server.end()
    rmSync(folder, { recursive: true })
  }
}

const rows: string[][] = []
for (const job of jobs.filter(({ action }) => action.includes(values.only))) {
  const row = await run(job)
  rows.push(row)
  console.error(row.join(' | '))
}
console.log(
  table(['action', 'server', 'rows', 's', 'rows/s', 'CPU ms a row', 'peak RSS MB', 'held MB'], rows),
)

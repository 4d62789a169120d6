// Saturates a workspace with its real windows and limit from one process and from several, and counts in the workspace.
// npm run pacing [-- --windows 12 --lanes 2 --only foreign]
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { start } from './child.ts'
import type { Job, Seen } from './pacing-worker.ts'
import { percentile, table } from './report.ts'

const { values } = parseArgs({
  options: {
    windows: { type: 'string', default: '12' },
    lanes: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
  },
})
const windows = Number(values.windows)
/** Calls under way at once, over all processes. */
const loops = 64

interface Scenario {
  readonly client: Job['client']
  readonly processes: number
  readonly reset: 'window_end' | 'ahead'
  readonly foreign: boolean
}

/** One window as the workspace counted it. */
interface Window {
  readonly ends_at: number
  readonly limit: number
  readonly calls: number
  readonly refused: number
  readonly foreign: number
}

const ours = (processes: number, reset: Scenario['reset'], foreign = false): Scenario => ({
  client: 'package',
  processes,
  reset,
  foreign,
})
const theirs = (processes: number, foreign = false): Scenario => ({
  client: 'sdk',
  processes,
  reset: 'window_end',
  foreign,
})
const scenarios: readonly Scenario[] = [
  ours(1, 'window_end'),
  ours(4, 'window_end'),
  ours(1, 'ahead'),
  ours(4, 'ahead'),
  ours(1, 'window_end', true),
  ours(4, 'ahead', true),
  theirs(1),
  theirs(4),
  theirs(1, true),
]

const nameOf = ({ client, processes, reset, foreign }: Scenario) =>
  `${client === 'sdk' ? 'intercom-client' : 'this package'}, ${processes} process${processes > 1 ? 'es' : ''}, ${reset}${foreign ? ', foreign' : ''}`

const serve = join(import.meta.dirname, 'pacing-serve.ts')
const workerFile = join(import.meta.dirname, 'pacing-worker.ts')

async function run(scenario: Scenario): Promise<string[]> {
  const { client, processes, reset, foreign } = scenario
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-pacing-'))
  const adminKey = randomUUID()
  const limits = { reset, ...(foreign ? { foreign: { share: 0.5, seed: 7 } } : {}) }
  const server = await start(process.execPath, [serve, JSON.stringify(limits), adminKey], /^\{/)
  const { url, accessToken }: { url: string; accessToken: string } = JSON.parse(server.line)
  const workers: ChildProcess[] = []
  try {
    const job = {
      client,
      url,
      accessToken,
      contactId: await aContact(url, accessToken),
      rateLimitFile: processes > 1 && client === 'package' ? join(folder, 'pace.db') : null,
    }
    const bulk = { ...job, loops: loops / processes, agent: processes === 1 }
    const jobs: Job[] = Array.from({ length: processes }, () => bulk)
    // Beside several processes the agent is one of its own.
    if (processes > 1) jobs.push({ ...job, loops: 0, agent: true })
    workers.push(...jobs.map(worker))
    const outputs = workers.map(({ stdout }) => (stdout === null ? '{}' : text(stdout)))
    const full = await fullWindows(url, adminKey, foreign ? 2 : 1)
    for (const { stdin } of workers) stdin?.end()
    const seen = (await Promise.all(outputs)).map((output): Seen => JSON.parse(output))
    return row(scenario, full, seen)
  } finally {
    for (const each of workers) if (each.exitCode === null) each.kill()
    await server.end()
    rmSync(folder, { recursive: true })
  }
}

function worker(job: Job): ChildProcess {
  return spawn(process.execPath, [workerFile, JSON.stringify(job)], { stdio: ['pipe', 'pipe', 'inherit'] })
}

async function aContact(url: string, accessToken: string): Promise<string> {
  const response = await fetch(`${url}/contacts?per_page=1`, {
    headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
  })
  const { data } = (await response.json()) as { data: [{ id: string }] }
  return data[0].id
}

/**
 * Waits until enough windows are over after those to skip: the one in which the workers began, and with foreign
 * traffic another, as it makes its share in pairs of windows.
 */
async function fullWindows(url: string, adminKey: string, skip: number): Promise<Window[]> {
  for (;;) {
    await setTimeout(1_000)
    const response = await fetch(`${url}/_workspace/rate_windows?limit=1000`, {
      headers: { authorization: `Bearer ${adminKey}` },
    })
    const found = (await response.json()) as { windows: Window[] }
    const over = found.windows.toReversed().slice(skip, -1)
    if (over.length >= windows) return over.slice(0, windows)
  }
}

function row(scenario: Scenario, full: readonly Window[], seen: readonly Seen[]): string[] {
  const sum = (of: (window: Window) => number) => full.reduce((total, window) => total + of(window), 0)
  const [calls, refused] = [sum((window) => window.calls), sum((window) => window.refused)]
  const used = full.map((window) =>
    Math.min(1, (window.calls - window.refused + window.foreign) / window.limit),
  )
  const waits = seen.flatMap((each) => each.waits)
  const took = seen.flatMap((each) => each.calls)
  const failed = seen.flatMap((each) => Object.entries(each.failed))
  const percent = (value: number, digits = 1) => `${(100 * value).toFixed(digits)} %`
  const spread = (times: readonly number[]) =>
    [percentile(times, 0.5), percentile(times, 0.99), Math.max(...times)]
      .map((ms) => ms.toFixed(0))
      .join(' / ')
  return [
    nameOf(scenario),
    String(full.length),
    percent(Math.min(...used)),
    percent(used.reduce((total, value) => total + value, 0) / used.length),
    String(((calls - refused) / (full.length * 10)).toFixed(1)),
    String(calls),
    `${refused} (${percent(refused / calls, 2)})`,
    waits.length === 0 ? '' : spread(waits),
    `${spread(took)} (${took.length})`,
    failed.map(([code, count]) => `${count} ${code}`).join(', ') || '0',
  ]
}

const rows = new Map<Scenario, string[]>()
const waiting = scenarios.filter((scenario) => nameOf(scenario).includes(values.only))
await Promise.all(
  Array.from({ length: Number(values.lanes) }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      rows.set(next, await run(next))
      console.error(rows.get(next)?.join(' | '))
    }
  }),
)
console.log(
  table(
    [
      'client',
      'full windows',
      'used, least',
      'used, mean',
      'answered/s',
      'calls',
      '429',
      "agent's waits p50 / p99 / most, ms",
      "agent's calls",
      'failed calls',
    ],
    scenarios.flatMap((scenario) => (rows.has(scenario) ? [rows.get(scenario) ?? []] : [])),
  ),
)

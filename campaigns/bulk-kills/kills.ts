import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openWorld, type World } from '../reliability/world.ts'

/** What became of one job whose processes were killed. */
export type Killed = {
  rows: number
  kills: number
  /** Processes that were killed while rows were being sent, and not before. */
  amid: number
  seconds: number
  /** What must never be, as sentences. */
  violations: string[]
}

/** When a process is killed: so many ms after its start, or after so many more results and some ms. */
type Moment = { afterMs: number; results: number }

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))
const conversations = 100
/** No process runs longer before its kill, or at the end, ms. */
const patienceMs = 120_000

/**
 * Runs `bulk reply_to_conversation` over a file of replies and internal notes, ends it with SIGKILL again and again
 * at moments by `random`, each time gives the same command once more, and compares with the workspace in the end.
 */
export async function killedJob(
  { rows, kills }: { rows: number; kills: number },
  random: () => number,
  onKill: (n: number, done: number) => void,
): Promise<Killed> {
  const begun = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-bulk-kills-'))
  const world = await openWorld(conversations)
  try {
    // So that many are under way at a kill, and take effect after it.
    world.workspace.control.addFault({ kind: 'delay', ms: 250, route: 'POST /conversations/{id}/reply' })
    const file = join(folder, 'replies.csv')
    writeFileSync(file, csvOf(world, rows))
    const job = `${file}.reply_to_conversation.job`
    const results = join(job, 'results.jsonl')
    const run = () => start(world, file, folder)
    let amid = 0
    for (let n = 0; n < kills; n++) {
      // Every third one is killed early, also while the intents of the one before are looked for.
      const moment =
        n % 3 === 0
          ? { afterMs: 100 + random() * 4000, results: 0 }
          : { afterMs: random() * 300, results: 1 + (random() * rows) / kills }
      const before = sizeOf(results)
      await killAt(run(), moment, results)
      if (sizeOf(results) > before) amid += 1
      onKill(n + 1, lineCount(results))
    }
    const last = run()
    const code = await ended(last, patienceMs)
    const violations = [
      ...(code === 0 ? [] : [`the last run ended with ${code}`]),
      ...resultsWrong(results, rows),
      ...(await workspaceWrong(world, rows)),
    ]
    const again = await ended(run(), patienceMs)
    if (again !== 0) violations.push(`running the finished job again ended with ${again}`)
    violations.push(...(await workspaceWrong(world, rows)).map((one) => `after running it again: ${one}`))
    return {
      rows,
      kills,
      amid,
      seconds: (performance.now() - begun) / 1000,
      violations: [...new Set(violations)],
    }
  } finally {
    await world.close()
    rmSync(folder, { recursive: true })
  }
}

function csvOf({ targets }: World, rows: number): string {
  const lines = Array.from({ length: rows }, (_, n) => {
    const { conversation_id, admin_id } = targets[n % targets.length] ?? { conversation_id: '', admin_id: '' }
    return `${conversation_id},admin,${n % 2 === 0 ? 'comment' : 'note'},${admin_id},"Row ${n + 1}, once"`
  })
  return `conversation_id,reply_type,message_type,admin_id,body\n${lines.join('\n')}\n`
}

function start({ url, accessToken }: World, file: string, state: string): ChildProcess {
  const env = {
    PATH: process.env['PATH'],
    INTERCOM_ACCESS_TOKEN: accessToken,
    INTERCOM_API_BASE_URL: url,
    XDG_STATE_HOME: state,
  }
  return spawn(process.execPath, [bin, 'bulk', 'reply_to_conversation', file], { env, stdio: 'ignore' })
}

async function killAt(child: ChildProcess, { afterMs, results }: Moment, file: string): Promise<void> {
  const gone = ended(child, patienceMs)
  const from = results === 0 ? 0 : lineCount(file)
  const until = performance.now() + patienceMs
  while (
    results > 0 &&
    child.exitCode === null &&
    performance.now() < until &&
    lineCount(file) < from + results
  ) {
    await sleep(20)
  }
  await Promise.race([sleep(afterMs), gone])
  child.kill('SIGKILL')
  await gone
}

/** The exit code; null for one that was killed, also for taking too long. */
async function ended(child: ChildProcess, ms: number): Promise<number | null> {
  const timer = setTimeout(() => child.kill('SIGKILL'), ms)
  const [code] =
    child.exitCode === null && child.signalCode === null ? await once(child, 'exit') : [child.exitCode]
  clearTimeout(timer)
  return code
}

function lineCount(file: string): number {
  return sizeOf(file) === 0 ? 0 : readFileSync(file).filter((byte) => byte === 10).length
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function resultsWrong(file: string, rows: number): string[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  const seen = new Map<number, number>()
  const wrong: string[] = []
  for (const line of lines) {
    const { row, outcome } = JSON.parse(line) as { row: number; outcome: string }
    seen.set(row, (seen.get(row) ?? 0) + 1)
    if (outcome !== 'success') wrong.push(`row ${row} is reported as ${outcome}`)
  }
  for (let row = 1; row <= rows; row++) {
    if (seen.get(row) !== 1) wrong.push(`row ${row} has ${seen.get(row) ?? 0} results`)
  }
  return wrong
}

/** Read over plain HTTP, which knows nothing of any client. */
async function workspaceWrong({ url, accessToken, targets }: World, rows: number): Promise<string[]> {
  const counts = new Map<number, number>()
  for (const { conversation_id } of targets) {
    const response = await fetch(`${url}/conversations/${conversation_id}`, {
      headers: { authorization: `Bearer ${accessToken}`, 'intercom-version': '2.12' },
    })
    for (const [, row] of (await response.text()).matchAll(/Row (\d+), once/g)) {
      counts.set(Number(row), (counts.get(Number(row)) ?? 0) + 1)
    }
  }
  return Array.from({ length: rows }, (_, n) => n + 1).flatMap((row) => {
    const stored = counts.get(row) ?? 0
    return stored === 1 ? [] : [`row ${row} is in the workspace ${stored} times`]
  })
}

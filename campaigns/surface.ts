// npm run campaign:surface: a running `serve` over raw sockets, and `mcp` over stdio, get 100,000 random and altered
// requests; fails when one of them ends, answers with a failure of its own, blocks its event loop, or grows. --seed;
// --requests; --slice sends 3,000 in a minute at most.
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { clientSecret } from '../test/support/deliveries.ts'
import { scriptedToken } from '../test/support/scripted-intercom.ts'
import { nothingSent, sendMany } from './surface/http.ts'
import { obligingIntercom } from './surface/intercom.ts'
import { longestMs, type Measured } from './surface/measure.ts'
import { chance } from './surface/mutate.ts'
import { type Watched, watched } from './surface/processes.ts'
import { apiKey } from './surface/requests.ts'
import { talkTo } from './surface/stdio.ts'

/** Rounds, of which the first only warms up; memory is compared between the second and the last. */
const rounds = 6
/** What a process may grow by in between, MB. */
const growth = { rss: 120, heap: 30 }
const kinds = ['rss', 'heap'] as const

const { values } = parseArgs({
  options: {
    slice: { type: 'boolean', default: false },
    requests: { type: 'string' },
    seed: { type: 'string' },
  },
})
const wanted = Number(values.requests ?? (values.slice ? 3000 : 100_000))
const seconds = values.slice ? 45 : 2400
// A slice is the same each time; Math.random is fixed by the tests' own support.
const seed = Number(values.seed ?? (values.slice ? 0 : randomInt(2 ** 31)))
console.log(`seed ${seed}, ${wanted} requests, at most ${seconds} s`)

const broken: string[] = []
const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-surface-'))
const intercom = await obligingIntercom()
const env = {
  INTERCOM_ACCESS_TOKEN: scriptedToken,
  INTERCOM_CLIENT_SECRET: clientSecret,
  INTERCOM_API_BASE_URL: intercom.url,
  CAMPAIGN_KEY: apiKey,
}
const processes: Watched[] = []
try {
  const sent = nothingSent()
  const random = chance(seed)
  const start = (args: readonly string[], recent: () => readonly string[]) => {
    const one = watched(args, env, (ms) =>
      broken.push(`${args[0]} worked for ${Math.round(ms)} ms on end, after: ${recent().join('; ')}`),
    )
    processes.push(one)
    return one
  }
  const idle = start([], () => [])
  const server = start(['serve', '--config', configFile(), ...webhooks()], () => sent.recent)
  const mcp = start(['mcp'], () => [`${talk.sent} messages`])
  const talk = talkTo(mcp.child, random)
  const { stdout, stderr } = server.child
  if (stdout === null || stderr === null) throw new Error('no pipes')
  stderr.resume()
  mcp.child.stderr?.resume()
  const [line] = (await once(createInterface({ input: stdout }), 'line', {
    signal: AbortSignal.timeout(30_000),
  })) as [string]
  const { url } = JSON.parse(line) as { url: string }
  const port = Number(new URL(url).port)

  const until = performance.now() + seconds * 1000
  let early: Measured[] = []
  for (let round = 0; round < rounds && broken.length === 0; round++) {
    const share = Math.ceil(wanted / rounds)
    const over = until - (seconds * 1000 * (rounds - 1 - round)) / rounds
    await Promise.all([
      sendMany(port, random, Math.ceil(share * 0.9), over, sent),
      talk.say(Math.floor(share * 0.1), over),
    ])
    await mustAnswer(url)
    broken.push(...sent.broken, ...talk.broken)
    if (broken.length > 0) break
    if (round === 0) for (const one of processes) one.forget()
    if (round === 1) early = await measured()
  }
  console.log(
    `HTTP: ${sent.sent} sendings; answers ${[...sent.statuses]
      .sort()
      .map(([status, count]) => `${status}: ${count}`)
      .join(', ')}`,
  )
  console.log(`stdio: ${talk.sent} messages, ${talk.answered} answers`)
  const late = broken.length === 0 ? await settled() : []
  for (const [at, name] of ['a process that does nothing', 'serve', 'mcp'].entries())
    report(name, early[at], late[at])
  if (!values.slice && sent.sent + talk.sent < wanted)
    broken.push(`${sent.sent + talk.sent} of ${wanted} in the time`)

  /** Requests that have not ended hold memory for some seconds; what leaks does not go by itself. */
  async function settled(): Promise<Measured[]> {
    for (let times = 1; ; times++) {
      const late = await measured()
      if (times === 10 || late.every((one, at) => kinds.every((kind) => grown(kind, early[at], one) === 0)))
        return late
      await sleep(1000)
    }
  }

  async function measured(): Promise<Measured[]> {
    return await Promise.all([idle, server, mcp].map((one) => one.measure()))
  }
} finally {
  await Promise.all(processes.map((one) => one.stop()))
  await intercom.close()
  rmSync(folder, { recursive: true, force: true })
}
for (const sentence of broken) console.error(`BROKEN: ${sentence}`)
console.log(`${broken.length} promises broken`)
process.exitCode = broken.length === 0 ? 0 : 1

function configFile(): string {
  const path = join(folder, 'serve.json')
  const limits = { calls_per_minute: 1_000_000, concurrent_calls: 1000 }
  const key = {
    name: 'campaign',
    key_env: 'CAMPAIGN_KEY',
    access_token_env: 'INTERCOM_ACCESS_TOKEN',
    base_url: intercom.url,
  }
  writeFileSync(
    path,
    JSON.stringify({ listen: { port: 0 }, keys: [{ ...key, ...limits }], journal: 'sends.db' }),
  )
  return path
}

function webhooks(): string[] {
  return ['--webhooks', join(folder, 'webhooks.db'), '--forward', `${intercom.url}/forwarded`]
}

/** Both an open path and a call. */
async function mustAnswer(url: string): Promise<void> {
  const headers = { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' }
  const signal = AbortSignal.timeout(20_000)
  try {
    const health = await fetch(`${url}/healthz`, { signal })
    const call = await fetch(`${url}/actions/list_tags`, { method: 'POST', body: '{}', headers, signal })
    const { success } = (await call.json()) as { success: boolean }
    if (health.status !== 200 || !success)
      broken.push(`afterwards /healthz answers ${health.status}, a call ${call.status}`)
  } catch (error) {
    broken.push(`afterwards the server does not answer: ${error}`)
  }
}

function report(name: string, early: Measured | undefined, late: Measured | undefined): void {
  if (early === undefined || late === undefined) return
  const round = Math.round
  console.log(
    `${name}: event-loop delay p99.9 ${round(late.p999)} ms, maximum ${round(late.longest)} ms, longest work on end ${round(late.work)} ms (may be ${longestMs}); RSS ${round(early.rss)} to ${round(late.rss)} MB, heap ${round(early.heap)} to ${round(late.heap)} MB`,
  )
  for (const kind of kinds) {
    const more = grown(kind, early, late)
    if (more > 0) broken.push(`${name} grew by ${more} MB (${kind}), more than ${growth[kind]}`)
  }
}

/** MB; 0 where it is no more than it may be. */
function grown(kind: keyof typeof growth, early: Measured | undefined, late: Measured): number {
  const more = Math.round(late[kind] - (early?.[kind] ?? late[kind]))
  return more > growth[kind] ? more : 0
}

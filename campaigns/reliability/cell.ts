import { setTimeout as sleep } from 'node:timers/promises'
import type { OnUnknown } from '../../src/index.ts'
import { intercomCli } from './intercom-cli.ts'
import { scale } from './official-sdk.ts'
import type { Scenario } from './scenarios.ts'
import { type Kind, mix, type Report, type Send, type Sender, shownAtOnce } from './send.ts'
import { type Host, official, ours } from './senders.ts'
import { openWorld, type World } from './world.ts'

/** Who sends: Intercom's SDK, Intercom's command line, or this package in one of its modes. */
export const clients = [
  'intercom-client',
  '@intercom/cli',
  'report',
  'verify',
  'verify-then-resend',
] as const satisfies readonly ('intercom-client' | '@intercom/cli' | OnUnknown)[]
export type Client = (typeof clients)[number]

export function isOurs(client: Client): client is OnUnknown {
  return client !== 'intercom-client' && client !== '@intercom/cli'
}

/** What became of all sends of one client in one scenario. */
export type Row = {
  scenario: string
  client: Client
  sends: number
  stored: number
  success: number
  refused: number
  unknown: number
  /** Stored more than once: how many too many. */
  duplicates: number
  /** Reported as a success, and not there. */
  lost: number
  /** Reported as refused or not sent, and there. */
  denied: number
  /** Replies and notes reported as unknown, and there. */
  unseen: number
  /** Parts by which a reply opened its conversation again. */
  reopened: number
}

const writes = [
  'POST /conversations/{id}/reply',
  'POST /contacts/{id}/notes',
  'POST /conversations',
  'POST /messages',
  'POST /contacts',
]
/** The default time limits, 60 and 30 s, scaled down where an answer does not come in time. */
export const timeoutMs = { 'intercom-client': 60_000 / scale, ours: 30_000 / scale }
/** Elsewhere nothing is meant to run into the limit, also on a busy machine. */
const ampleMs = 10_000
/** Not scaled: rate-limit windows last ten real seconds. */
const deadlineMs = 15_000
const people = 100
/** At once; the SDK and processes take more of the processor, and must not be late because of that. */
export const atOnce = { 'intercom-client': 16, '@intercom/cli': 6, ours: 40, endless: 100 }
/** Of the command line, which needs a process or two for each. */
export const cliSends = 60

/** Sends `sends` times in a workspace of its own, then counts in that workspace what is there. */
export async function runCell(scenario: Scenario, client: Client, usualSends: number): Promise<Row> {
  const usual = client === '@intercom/cli' ? Math.min(usualSends, cliSends) : usualSends
  const sends = Math.ceil(usual * (scenario.share ?? 1))
  const world = await openWorld(people)
  const { control } = world.workspace
  control.clock.skew(scenario.skew ?? 0)
  control.setRewrite(scenario.rewrite ?? [])
  control.setSearchLag(scenario.searchLag ?? 0)
  const url = scenario.away ? await nobody() : world.url
  const sender = await senderOf(client, scenario, { url, accessToken: world.accessToken })
  injectFaults(world, scenario)
  const done = await sendAll(world, scenario, planned(world, scenario, sends), sender, client)
  control.clearFaults()
  control.setSearchLag(0)
  await sleep(latestMs(scenario) + 300)
  const { counts, reopened } = await world.count()
  await sender.close()
  await world.close()
  return { scenario: scenario.name, client, sends, reopened, ...judged(done, counts) }
}

async function senderOf(client: Client, { endless }: Scenario, at: Pick<Host, 'url' | 'accessToken'>) {
  const limits = (key: keyof typeof timeoutMs) => ({
    timeoutMs: endless ? timeoutMs[key] : ampleMs,
    deadlineMs,
  })
  if (client === '@intercom/cli') return intercomCli(at, !endless)
  if (client === 'intercom-client') return await official({ ...at, ...limits(client) })
  return ours({ ...at, ...limits('ours') }, client)
}

function atOnceOf(client: Client, { atOnce: fixed, endless }: Scenario): number {
  if (client === '@intercom/cli') return fixed ?? atOnce[client]
  return fixed ?? (endless ? atOnce.endless : atOnce[isOurs(client) ? 'ours' : client])
}

/** How long after its answer was lost a request may take effect. */
export function latestMs({ faults }: Scenario): number {
  return Math.max(0, ...faults.map((fault) => ('ms' in fault ? (fault.ms ?? 0) : 0)))
}

function injectFaults({ workspace }: World, { faults, everywhere }: Scenario): void {
  let seed = 1
  for (const fault of faults) {
    for (const route of everywhere ? ['* /**'] : writes) {
      workspace.control.addFault({ probability: 0.5, ...fault, route, seed: seed++ })
    }
  }
}

function planned({ targets }: World, { alike }: Scenario, sends: number): Send[] {
  const plan: Send[] = []
  for (let n = 0; plan.length < sends; n++) {
    const kind: Kind = alike
      ? (shownAtOnce[n % shownAtOnce.length] ?? 'reply')
      : (mix[n % mix.length] ?? 'reply')
    const target = targets[(n * 7) % targets.length]
    if (target === undefined) throw new Error('there is nobody to write to')
    const send = { kind, target, mark: `mark${crypto.randomUUID().replaceAll('-', '')}` }
    for (let copy = 0; copy < (alike ?? 1); copy++) plan.push(send)
  }
  return plan.slice(0, sends)
}

type Done = { send: Send; report: Report }

async function sendAll(
  world: World,
  scenario: Scenario,
  plan: Send[],
  sender: Sender,
  client: Client,
): Promise<Done[]> {
  const done: Done[] = []
  const queue = plan.values()
  const workers = atOnceOf(client, scenario)
  const work = async () => {
    for (const send of queue) {
      const { conversation_id, admin_id } = send.target
      if (scenario.closed && send.kind.endsWith('reply')) {
        const close = { message_type: 'close', type: 'admin', admin_id }
        await world.post(`/conversations/${conversation_id}/parts`, close)
      }
      done.push({ send, report: await sender.send(send) })
      if (done.length % 200 === 0) world.noteOutbox()
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
  return done
}

/** Sends with the same mark are judged together: of equal words nobody can say which is whose. */
function judged(done: Done[], counts: Map<string, number>) {
  const sum = { stored: 0, success: 0, refused: 0, unknown: 0, duplicates: 0, lost: 0, denied: 0, unseen: 0 }
  for (const group of Map.groupBy(done, ({ send }) => send.mark).values()) {
    const [first] = group
    if (first === undefined) continue
    const { mark, kind } = first.send
    const of = (report: Report) => group.filter((one) => one.report === report).length
    const [success, refused, unknown] = [of('success'), of('refused'), of('unknown')]
    const stored = counts.get(mark) ?? 0
    const duplicates = Math.max(0, stored - group.length)
    sum.stored += stored
    sum.success += success
    sum.refused += refused
    sum.unknown += unknown
    sum.duplicates += duplicates
    sum.lost += Math.max(0, success - stored)
    sum.denied += Math.max(0, stored - duplicates - success - unknown)
    if (shownAtOnce.includes(kind)) sum.unseen += Math.min(unknown, Math.max(0, stored - success))
  }
  return sum
}

/** An address where nobody listens. */
async function nobody(): Promise<string> {
  const { createServer } = await import('node:net')
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}

// One process that calls as fast as it is let, or as an agent does: now and then. Takes a job as its argument, stops
// when its input ends and prints what it saw.
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { IntercomClient } from 'intercom-client'
import { createIntercom } from '../src/index.ts'

/** Who calls what. */
export interface Job {
  readonly client: 'package' | 'sdk'
  readonly url: string
  readonly accessToken: string
  readonly contactId: string
  readonly paceFile: string | null
  /** Calls under way at once of the bulk job. */
  readonly loops: number
  /** Whether a second client calls now and then. */
  readonly agent: boolean
}

/** What a process saw. `waits` are the pauses before the agent's calls, ms; `calls` how long they took. */
export interface Seen {
  readonly done: number
  readonly failed: Record<string, number>
  readonly waits: number[]
  readonly calls: number[]
}

const job: Job = JSON.parse(process.argv[2] ?? '{}')
const failed: Record<string, number> = {}
const waits: number[] = []
const calls: number[] = []
let done = 0
let running = true

const failure = (code: string) => {
  failed[code] = (failed[code] ?? 0) + 1
}
const ours = () => {
  const { url: baseUrl, accessToken, paceFile } = job
  return createIntercom({ baseUrl, accessToken, ...(paceFile === null ? {} : { paceFile }) })
}

async function bulk(call: () => Promise<string | null>): Promise<void> {
  while (running) {
    const code = await call()
    if (code === null) done += 1
    else failure(code)
  }
}

async function agent(): Promise<void> {
  const intercom = ours()
  while (running) {
    await setTimeout(Math.random() * 500)
    const from = performance.now()
    const { failure: broken, trace } = await intercom.call('get_contact', { contact_id: job.contactId })
    calls.push(performance.now() - from)
    waits.push(trace.waits.reduce((sum, { ms }) => sum + ms, 0))
    if (broken) failure(broken.code)
  }
}

function package_(): () => Promise<string | null> {
  const intercom = ours()
  return async () => {
    const { failure: broken } = await intercom.call('get_contact', { contact_id: job.contactId })
    return broken?.code ?? null
  }
}

function sdk(): () => Promise<string | null> {
  const client = new IntercomClient({ token: job.accessToken, environment: job.url, version: '2.12' })
  return async () => {
    try {
      await client.contacts.find({ contact_id: job.contactId })
      return null
    } catch (error) {
      return error instanceof Error && 'statusCode' in error ? String(error.statusCode) : 'broken'
    }
  }
}

void text(process.stdin).then(() => {
  running = false
})
const call = job.client === 'sdk' ? sdk() : package_()
const loops = Array.from({ length: job.loops }, () => bulk(call))
await Promise.all([...loops, ...(job.agent ? [agent()] : [])])
console.log(JSON.stringify({ done, failed, waits, calls } satisfies Seen))
process.exit(0)

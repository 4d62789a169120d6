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
  readonly rateLimitFile: string | null
  /** Calls under way at once of the bulk job. */
  readonly loops: number
  /** Whether a second client calls now and then. */
  readonly agent: boolean
}

/** What a process saw. `waits` are the pauses before the agent's calls, ms, where they are told; `calls` how long they took. */
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
async function bulk(call: Call): Promise<void> {
  while (running) {
    const { code } = await call()
    if (code === null) done += 1
    else failure(code)
  }
}

/** A call's error code, or null; and the pauses before it where the client tells them. */
type Call = () => Promise<{ code: string | null; waited: number | null }>

async function agent(call: Call): Promise<void> {
  while (running) {
    await setTimeout(Math.random() * 500)
    const from = performance.now()
    const { code, waited } = await call()
    calls.push(performance.now() - from)
    if (waited !== null) waits.push(waited)
    if (code !== null) failure(code)
  }
}

/** A client of its own; the agent and the bulk job have one each. */
function client(): Call {
  return job.client === 'sdk' ? sdk() : ours()
}

function ours(): Call {
  const { url: baseUrl, accessToken, rateLimitFile } = job
  const intercom = createIntercom({
    baseUrl,
    accessToken,
    ...(rateLimitFile === null ? {} : { rateLimitFile }),
  })
  return async () => {
    const { failure: broken, trace } = await intercom.call('get_contact', { contact_id: job.contactId })
    return { code: broken?.code ?? null, waited: trace.waits.reduce((sum, { ms }) => sum + ms, 0) }
  }
}

function sdk(): Call {
  const intercom = new IntercomClient({ token: job.accessToken, environment: job.url, version: '2.12' })
  return async () => {
    try {
      await intercom.contacts.find({ contact_id: job.contactId })
      return { code: null, waited: null }
    } catch (error) {
      const code = error instanceof Error && 'statusCode' in error ? String(error.statusCode) : 'broken'
      return { code, waited: null }
    }
  }
}

void text(process.stdin).then(() => {
  running = false
})
const call = client()
const loops = Array.from({ length: job.loops }, () => bulk(call))
await Promise.all([...loops, ...(job.agent ? [agent(client())] : [])])
console.log(JSON.stringify({ done, failed, waits, calls } satisfies Seen))
process.exit(0)

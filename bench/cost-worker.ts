// One contender alone in a process: warms up, then prints the CPU of one call, user and system, in µs.
/** What is measured: who calls, how often, how many at once. */
export interface Job {
  readonly contender: 'package' | 'undici' | 'sdk'
  /** The package's built root. */
  readonly root: string
  readonly url: string
  readonly contactId: string
  readonly warm: number
  readonly calls: number
  readonly atOnce: number
}

const job: Job = JSON.parse(process.argv[2] ?? '{}')
const { url, contactId } = job
const accessToken = 'dG9rOmNvc3RfYmVuY2hfMTIzNDU2Nzg5MDEyMzQ1Njc4OTA='

async function caller(): Promise<() => Promise<boolean>> {
  if (job.contender === 'package') {
    const { createIntercom } = (await import(job.root)) as typeof import('../src/index.ts')
    const intercom = createIntercom({ accessToken, baseUrl: url })
    return async () => (await intercom.run('get_contact', { contact_id: contactId })).result?.id === contactId
  }
  if (job.contender === 'sdk') {
    const { IntercomClient } = await import('intercom-client')
    const client = new IntercomClient({ token: accessToken, environment: url, version: '2.12' })
    return async () => (await client.contacts.find({ contact_id: contactId })).id === contactId
  }
  const { request } = await import('undici')
  const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' }
  return async () => {
    const { body } = await request(`${url}/contacts/${contactId}`, { headers })
    return ((await body.json()) as { id: string }).id === contactId
  }
}

async function all(count: number): Promise<void> {
  let left = count
  const loop = async () => {
    while (left-- > 0) if (!(await call())) throw new Error(`${job.contender} got no contact`)
  }
  await Promise.all(Array.from({ length: job.atOnce }, loop))
}

const call = await caller()
await all(job.warm)
const from = process.cpuUsage()
await all(job.calls)
const { user, system } = process.cpuUsage(from)
console.log((user + system) / job.calls)
process.exit(0)

// Requests a second and p99 at sixteen connections, the workspace and Prism side by side in one run.
// INTERCOM_OPENAPI=… npm run requests [-- --seconds 8 --contacts 20000 --rounds 2]
import { spawn } from 'node:child_process'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Child, start } from './child.ts'
import type { Job } from './load.ts'
import { median, table } from './report.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    contacts: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '2' },
    /** Leave Prism out, for profiling. */
    alone: { type: 'boolean', default: false },
  },
})
const description = process.env['INTERCOM_OPENAPI']
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const seconds = Number(values.seconds)

interface Target {
  readonly name: string
  readonly url: string
  readonly token: string
}
interface Measured {
  readonly rps: number
  readonly p50: number
  readonly p99: number
  readonly failed: number
}

const started: Child[] = []
try {
  const profile = process.env['BENCH_NODE_OPTIONS']?.split(' ') ?? []
  const workspace = await start(
    process.execPath,
    [...profile, here('serve.ts'), '--seed', values.contacts],
    /^\{/,
  )
  started.push(workspace)
  const { url, accessToken } = JSON.parse(workspace.line) as { url: string; accessToken: string }
  const ours: Target = { name: 'workspace', url, token: accessToken }
  const targets = [ours]
  if (!values.alone) {
    if (!description) throw new Error('INTERCOM_OPENAPI names no description for Prism')
    const port = '4919'
    const args = [here('node_modules/.bin/prism'), 'mock', '--port', port, '--host', '127.0.0.1', description]
    started.push(await start(process.execPath, args, /Prism is listening/))
    targets.push({ name: 'prism', url: `http://127.0.0.1:${port}`, token: 'any' })
  }
  const only = process.env['BENCH_KIND'] ?? ''
  const kinds = Object.fromEntries(
    Object.entries(await requestKinds(ours)).filter(([kind]) => kind.includes(only)),
  )
  const results = new Map<string, Measured[]>()
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [kind, requests] of Object.entries(kinds)) {
      for (const target of targets) {
        if (round === 0) await load(target, requests, 2)
        const measured = await load(target, requests, seconds)
        const key = `${kind} ${target.name}`
        results.set(key, [...(results.get(key) ?? []), measured])
        console.error(key, JSON.stringify(measured))
      }
    }
  }
  const rows = Object.keys(kinds).map((kind) => {
    const of = (name: string, part: keyof Measured) =>
      median((results.get(`${kind} ${name}`) ?? []).map((one) => one[part]))
    const ratio = of('workspace', 'rps') / of('prism', 'rps')
    return [
      kind,
      of('workspace', 'rps').toFixed(0),
      `${of('workspace', 'p50')} / ${of('workspace', 'p99')}`,
      of('prism', 'rps').toFixed(0),
      `${of('prism', 'p50')} / ${of('prism', 'p99')}`,
      `${ratio.toFixed(1)}×`,
    ]
  })
  console.log(
    table(['request', 'workspace req/s', 'p50 / p99 ms', 'prism req/s', 'p50 / p99 ms', 'ratio'], rows),
  )
} finally {
  for (const child of started) await child.end()
}

/** The three requests, each over many ids so that no single row is hot. */
async function requestKinds({ url, token }: Target): Promise<Record<string, Job['requests']>> {
  const headers = { authorization: `Bearer ${token}`, 'intercom-version': '2.12' }
  const list = async (path: string, key: string, pages: number) => {
    const items: Record<string, unknown>[] = []
    let after = ''
    for (let page = 0; page < pages; page++) {
      const response = await fetch(`${url}${path}?per_page=150${after}`, { headers })
      const answer = (await response.json()) as Record<string, unknown> & {
        pages: { next?: { starting_after: string } }
      }
      items.push(...(answer[key] as Record<string, unknown>[]))
      const cursor = answer.pages.next?.starting_after
      if (cursor === undefined) break
      after = `&starting_after=${encodeURIComponent(cursor)}`
    }
    return items
  }
  const contacts = await list('/contacts', 'data', 14)
  const conversations = await list('/conversations', 'conversations', 34)
  const { id: admin } = (await (await fetch(`${url}/me`, { headers })).json()) as { id: string }
  const emails = contacts.map((contact) => contact['email']).filter((email) => email !== null)
  const reply = JSON.stringify({
    message_type: 'comment',
    type: 'admin',
    admin_id: admin,
    body: 'Thank you, we are on it.',
  })
  console.error(`${contacts.length} contacts, ${conversations.length} conversations`)
  return {
    'GET /contacts/{id}': contacts.map(({ id }) => ({ method: 'GET', path: `/contacts/${id}` })),
    'POST /contacts/search, email =': emails.map((value) => ({
      method: 'POST',
      path: '/contacts/search',
      body: JSON.stringify({ query: { field: 'email', operator: '=', value } }),
    })),
    'POST /conversations/{id}/reply': conversations.map(({ id }) => ({
      method: 'POST',
      path: `/conversations/${id}/reply`,
      body: reply,
    })),
  }
}

async function load({ url, token }: Target, requests: Job['requests'], duration: number): Promise<Measured> {
  const job: Job = {
    url,
    seconds: duration,
    connections: 16,
    headers: {
      authorization: `Bearer ${token}`,
      'intercom-version': '2.12',
      accept: 'application/json',
      'content-type': 'application/json',
    },
    requests,
  }
  const child = spawn(process.execPath, [here('load.ts')], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(job))
  return (await json(child.stdout)) as Measured
}

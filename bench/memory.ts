// A workspace with --data under mixed load: memory at the start, every so often, and at the end.
// npm run memory [-- --seconds 400 --contacts 20000]
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { start } from './child.ts'
import { randomFrom, table } from './report.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '400' }, contacts: { type: 'string', default: '20000' } },
})
const data = join(tmpdir(), `modulex-intercom-memory-${process.pid}.db`)
const serve = fileURLToPath(new URL('serve.ts', import.meta.url))
// The seed runs in a process of its own, so that its memory is not counted.
await (await start(process.execPath, [serve, '--seed', values.contacts, '--data', data], /^\{/)).end()
const child = await start(process.execPath, [serve, '--seed', '0', '--data', data], /^\{/)
const { url, accessToken } = JSON.parse(child.line) as { url: string; accessToken: string }
const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' }

let answered = 0
let failed = 0
async function call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  })
  answered += 1
  if (!response.ok) failed += 1
  return (await response.json()) as Record<string, unknown>
}

const { id: admin } = await call('GET', '/me')
const people = (await call('GET', '/contacts?per_page=150'))['data'] as { id: string; email: string | null }[]
const threads = (await call('GET', '/conversations?per_page=150'))['conversations'] as { id: string }[]
const next = randomFrom(3)
const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(next() * list.length)]

const contactFields = ['name', 'email', 'external_id', 'location.city', 'phone']
const conversationFields = ['source.body', 'source.subject', 'source.author.name', 'source.url', 'source.id']

/** A search of a form that hardly comes twice: one to eight filters. */
function search(of: 'contacts' | 'conversations') {
  const value = Array.from({ length: 1 + Math.floor(next() * 8) }, () => ({
    field: pick(of === 'contacts' ? contactFields : conversationFields),
    operator: pick(['=', '~', '^', '!=']),
    value: Math.floor(next() * 1e6).toString(36),
  }))
  const query = { operator: pick(['AND', 'OR']), value }
  return call('POST', `/${of}/search`, { query })
}

/** Reads, searches, and writes, one after the other. */
async function visitor(until: number): Promise<void> {
  for (let i = 0; performance.now() < until; i++) {
    const person = pick(people)
    const draw = next()
    if (draw < 0.3) await call('GET', `/contacts/${person?.id}`)
    else if (draw < 0.4) await search('contacts')
    else if (draw < 0.5) await search('conversations')
    else if (draw < 0.7) {
      const reply = { message_type: 'comment', type: 'admin', admin_id: admin, body: `Reply ${i}` }
      await call('POST', `/conversations/${pick(threads)?.id}/reply`, reply)
    } else if (draw < 0.8) await call('POST', `/contacts/${person?.id}/notes`, { body: `Note ${i}` })
    else if (draw < 0.9) {
      const body = { role: 'user', external_id: `m-${next()}`, name: `Someone ${i}` }
      await call('POST', '/contacts', body)
    } else {
      const from = { type: 'contact', id: person?.id }
      await call('POST', '/conversations', { from, body: `Question ${i} about ${next()}` })
    }
  }
}

const megabytes = () => {
  const line = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.process.pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(line) / 1024)
}
const every = 20
const rows = [['0 s', String(answered), String(megabytes())]]
const total = Number(values.seconds)
for (let done = 0; done < total; done += every) {
  const until = performance.now() + every * 1000
  await Promise.all(Array.from({ length: 16 }, () => visitor(until)))
  rows.push([`${done + every} s`, String(answered), String(megabytes())])
}
await child.end()
for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${data}${end}`, { force: true })
console.log(table(['after', 'answered', 'RSS MB'], rows))
console.log(`${failed} of ${answered} refused`)

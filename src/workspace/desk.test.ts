// What the tests of this room share; it holds no test of its own.
import assert from 'node:assert/strict'
import { buildAnswer } from './http/answer.ts'
import { routes } from './routes/all.ts'
import { fillFresh } from './store/fresh.ts'
import { openStore } from './store/open.ts'

/** An answer as tests look at it. */
export interface Reply {
  status: number
  headers: Record<string, string>
  /** The body as it was sent, for files. */
  bytes: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json: any
}

/** A fresh workspace in memory with a clock that stands still until it is moved. */
export function openDesk(startAt = 1_780_000_000) {
  const clock = { seconds: startAt, now: () => clock.seconds * 1000 }
  const store = openStore(undefined, clock)
  store.write(() => fillFresh(store))
  const onError = (error: unknown) => {
    throw error
  }
  const answer = buildAnswer(store, routes, { onError })
  const token = store.db.get<{ token: string }>('SELECT token FROM tokens')?.token ?? ''
  const call = (
    method: string,
    target: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Reply => {
    const sent: Record<string, string> = { authorization: `Bearer ${token}`, ...headers }
    const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
    const out = answer({ method, origin: 'http://local', target, header: (name) => sent[name], body: text })
    const isJson = out.headers['Content-Type']?.startsWith('application/json')
    return { ...out, bytes: Buffer.from(out.body), json: isJson ? JSON.parse(String(out.body)) : undefined }
  }
  const ok = (method: string, target: string, body?: unknown) => {
    const reply = call(method, target, body)
    assert.equal(reply.status, 200, JSON.stringify(reply.json))
    return reply.json
  }
  const refused = (method: string, target: string, body?: unknown, headers?: Record<string, string>) => {
    const { status, json } = call(method, target, body, headers)
    const [error] = json.errors
    return `${status} ${error.code}: ${error.message}`
  }
  const adminId: string = call('GET', '/me').json.id
  return {
    store,
    clock,
    token,
    call,
    ok,
    refused,
    adminId,
    user: (fields: object) => ok('POST', '/contacts', { role: 'user', ...fields }),
    lead: (fields: object = {}) => ok('POST', '/contacts', { role: 'lead', ...fields }),
  }
}

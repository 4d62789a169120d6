import type { TestContext } from 'node:test'
import {
  type ObjectContext,
  RestatePromise,
  type rpc,
  type VirtualObjectDefinition,
} from '@restatedev/restate-sdk'

/** A call that a handler sent, to begin after so many ms. */
type Sent = { object: string; key: string; handler: string; input: unknown; delay: number }

/**
 * A virtual object without a Restate server: its state, as JSON, and the calls it sent. Steps run at once, and pauses
 * take no time.
 */
export function fakeObject(key = 'a key') {
  const state = new Map<string, string>()
  const sent: Sent[] = []
  const pauses: string[] = []
  const time = { now: Date.UTC(2026, 2, 10) }
  const attempt = new AbortController()
  const client = ({ name: object }: { name: string }, of: string) =>
    new Proxy({} as Record<string, (...given: unknown[]) => void>, {
      get: (_, handler) => (first?: unknown, second?: unknown) => {
        const [input, options] = isOptions(first) ? [undefined, first] : [first, second]
        const delay = isOptions(options) ? Number(options.getOpts().delay ?? 0) : 0
        sent.push({ object, key: of, handler: String(handler), input, delay })
      },
    })
  const ctx = {
    key,
    get: async (name: string) => JSON.parse(state.get(name) ?? 'null') as unknown,
    set: (name: string, value: unknown) => void state.set(name, JSON.stringify(value)),
    clear: (name: string) => void state.delete(name),
    clearAll: () => state.clear(),
    date: { now: async () => time.now },
    run: (_: string, step: () => Promise<unknown>) => RestatePromise.resolve(step()),
    sleep: async (_: number, why: string) => void pauses.push(why),
    rand: { random: () => 0 },
    request: () => ({ id: 'invocation', attemptCompletedSignal: attempt.signal }),
    objectClient: () => ({ claim: () => RestatePromise.resolve(Promise.resolve(true)) }),
    objectSendClient: client,
  } as unknown as ObjectContext // what the handlers use of it
  const kept = () => Object.fromEntries([...state].map(([name, json]) => [name, JSON.parse(json) as unknown]))
  return { ctx, kept, sent, pauses, time, attempt }
}

/** An ingress that answers one request after the other, and records what it received. */
export function fakeIngress(t: TestContext, answers: readonly { status?: number; json: unknown }[]) {
  const received: { path: string; method: string | undefined; body: unknown }[] = []
  t.mock.method(globalThis, 'fetch', async (url: string, { method, body }: RequestInit) => {
    const { status = 200, json } = answers[received.length] ?? { status: 500, json: null }
    received.push({ path: new URL(url).pathname, method, body: JSON.parse(String(body)) })
    return Response.json(json, { status })
  })
  return { url: 'http://ingress.test', received }
}

/** The handlers of an object, to be called with a context. */
export function handlersOf<M>(definition: VirtualObjectDefinition<string, M>): M {
  return (definition as unknown as { object: M }).object // the SDK's types do not show it
}

function isOptions(given: unknown): given is ReturnType<typeof rpc.sendOpts> {
  return typeof given === 'object' && given !== null && 'getOpts' in given
}

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { clientSecret, sample, signatureOf } from '../../test/support/deliveries.ts'
import type { Orders } from './worker.ts'

const program = fileURLToPath(new URL('worker.ts', import.meta.url))
/** The sender's retry comes after this, in place of Intercom's minute, and as often as it takes. */
const againMs = 100

/** What came of a run. */
export type Crashed = {
  events: number
  deliveries: number
  kills: number
  /** Deliveries that got no answer, or another than 200. */
  unanswered: number
  /** Events that were sent once more although they had been answered. */
  copies: number
  lost: number
  once: number
  /** Handled to the end more than once. */
  twice: number
  /** Begun more than once, since a kill fell between. */
  begunAgain: number
  seconds: number
}

/** Numbers from 0 to 1, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Sends events, of which a tenth comes twice, to a receiver that is killed every other second or so until all are through. */
export async function crashes(events: number, seed: number): Promise<Crashed> {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-deliveries-'))
  const random = seeded(seed)
  const started = performance.now()
  const orders: Orders = {
    store: join(folder, 'webhooks.db'),
    record: join(folder, 'record'),
    clientSecret,
    port: 0,
    workMs: 20,
  }
  let child: ChildProcess | undefined
  let kills = 0
  let done = false

  async function start(): Promise<void> {
    child = fork(program, [JSON.stringify(orders)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const [port] = (await once(child, 'message')) as [number]
    orders.port = port
  }
  async function killing(): Promise<void> {
    while (!done) {
      await sleep(500 + random() * 3500)
      if (done || child === undefined) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      kills += 1
      await ended
      await start()
    }
  }

  const counts = { deliveries: 0, unanswered: 0, copies: 0 }
  async function deliver(body: string): Promise<void> {
    for (;;) {
      counts.deliveries += 1
      const headers = { 'X-Hub-Signature': signatureOf(body), 'Content-Type': 'application/json' }
      try {
        const signal = AbortSignal.timeout(5000)
        const url = `http://127.0.0.1:${orders.port}/`
        const { status } = await fetch(url, { method: 'POST', headers, body, signal })
        if (status === 200) return
      } catch {} // no answer
      counts.unanswered += 1
      await sleep(againMs)
    }
  }

  const keys = Array.from({ length: events }, (_, index) => `notif_${seed}-${index}`)
  const waiting = keys.keys()
  async function sender(): Promise<void> {
    for (const index of waiting) {
      const body = JSON.stringify(sample({ id: keys[index] }, { id: String(index % 500) }))
      await deliver(body)
      if (random() >= 0.1) continue
      counts.copies += 1
      await deliver(body)
    }
  }

  try {
    await start()
    const killer = killing()
    await Promise.all(Array.from({ length: 24 }, sender))
    done = true
    await killer
    await settled(orders.store)
    return {
      events,
      ...counts,
      kills,
      ...tally(keys, orders.record),
      seconds: (performance.now() - started) / 1000,
    }
  } finally {
    child?.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Waits, two minutes at most, until nothing waits: what was held by the dead too. */
async function settled(store: string): Promise<void> {
  const db = new DatabaseSync(store, { readOnly: true, timeout: 1000 })
  for (const until = performance.now() + 120_000; performance.now() < until; await sleep(100)) {
    if (db.prepare("SELECT 1 FROM events WHERE state = 'waiting' LIMIT 1").get() === undefined) break
  }
  db.close()
}

/** Counts what handlers put down. */
function tally(keys: string[], record: string) {
  const begun = new Map<string, number>()
  const ended = new Map<string, number>()
  const lines = existsSync(record) ? readFileSync(record, 'utf8').split('\n') : []
  for (const line of lines) {
    const [what, key = ''] = line.split(' ')
    const counts = what === 'begun' ? begun : ended
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const count = (holds: (key: string) => boolean) => keys.filter(holds).length
  return {
    lost: count((key) => !ended.has(key)),
    once: count((key) => ended.get(key) === 1),
    twice: count((key) => (ended.get(key) ?? 0) > 1),
    begunAgain: count((key) => (begun.get(key) ?? 0) > 1),
  }
}

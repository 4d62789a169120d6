import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { register } from '../../src/restate/index.ts'
import { Cable } from '../../test-durable/support/cable.ts'
import { freePorts, RestateServer } from '../../test-durable/support/restate-server.ts'
import { bodyOf, type Report, type Send } from '../reliability/send.ts'
import type { ChildOptions } from './child.ts'
import { Ended, Process } from './process.ts'

/** Something that can be killed and started again. */
export type Victim = { kill(): Promise<void>; start(): Promise<unknown> }

/** Who sends, as its caller sees it. */
export type Sender = {
  /** Asks again and again under the same key until there is an outcome. */
  send(send: Send): Promise<Report>
  server: Victim | null
  processes: Victim[]
  close(): Promise<void>
}

/** Whom to send to, and how ours waits before it reads back. */
type Host = { url: string; accessToken: string; settleMs: readonly number[] }
export type OpenSender = (host: Host) => Promise<Sender>

const againMs = 100

/** One process that sends by itself: `naive` notes what is done, ours keeps a journal. */
export function alone(kind: 'naive' | 'journal'): OpenSender {
  return async (host) => {
    const folder = mkdtempSync(join(tmpdir(), 'durability-'))
    const options: ChildOptions = kind === 'naive' ? host : { ...host, journal: join(folder, 'journal.db') }
    const child = new Process(new URL('child.ts', import.meta.url), options)
    await child.start()
    return {
      send: (send) => untilAnswered(() => child.ask<Report>('send', send)),
      server: null,
      processes: [child],
      async close() {
        await child.kill()
        rmSync(folder, { recursive: true })
      },
    }
  }
}

/** A Restate server and workers: the official SDK in a step, or ours. */
export function onRestate(kind: 'official' | 'ours', count: number): OpenSender {
  return async ({ url: baseUrl, accessToken, settleMs }) => {
    const server = await RestateServer.start()
    const ports = await freePorts(count)
    const program =
      kind === 'ours'
        ? new URL('../../test-durable/support/worker.ts', import.meta.url)
        : new URL('worker.ts', import.meta.url)
    const options = { baseUrl, accessToken, settleMs, ingress: server.ingress }
    const workers = ports.map((port) => new Process(program, { ...options, port }))
    await Promise.all(workers.map((worker) => worker.start()))
    const cable = await Cable.to(ports)
    await register(server.admin, cable.url)
    const post = (path: string, body: object, headers: Record<string, string> = {}) =>
      fetch(`${server.ingress}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
    const call = {
      official: async (send: Send): Promise<Report> => {
        const response = await post('official/send', send, { 'idempotency-key': send.mark })
        if (!response.ok) throw new Ended(await response.text())
        return 'success'
      },
      ours: async (send: Send): Promise<Report> => {
        const { action, input } = deedOf(send)
        const response = await post(`intercom_once/${send.mark}/${action}`, input)
        return reportBy(await response.json())
      },
    }
    return {
      send: (send) => untilAnswered(() => call[kind](send)),
      server: { kill: () => server.kill(), start: () => server.begin() },
      processes: workers,
      async close() {
        await Promise.all(workers.map((worker) => worker.kill()))
        cable.close()
        await server.close()
      },
    }
  }
}

async function untilAnswered(ask: () => Promise<Report>): Promise<Report> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof Ended || error instanceof TypeError || error instanceof SyntaxError)) throw error
      await sleep(againMs) // it does not run, or was killed
    }
  }
}

function deedOf(send: Send): { action: string; input: object } {
  const { contact_id, conversation_id, admin_id } = send.target
  const body = bodyOf(send)
  if (send.kind === 'note') return { action: 'create_note', input: { contact_id, body } }
  return {
    action: 'reply_to_conversation',
    input: { conversation_id, reply_type: 'admin', admin_id, body },
  }
}

/** What an answer of `intercom_once` says; what is not from there is asked again. */
function reportBy(answer: unknown): Report {
  const { success, failure, metadata } = answer as {
    success?: boolean
    failure?: { outcome: string } | null
    metadata?: { outcome?: string }
  }
  if (success === true) return 'success'
  if (failure?.outcome === 'unknown') return 'unknown'
  if (metadata?.outcome !== undefined) return 'refused'
  throw new Ended(JSON.stringify(answer))
}

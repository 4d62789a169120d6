import { setTimeout as sleep } from 'node:timers/promises'
import { openWorld, type World as People } from '../../campaigns/reliability/world.ts'
import { register } from '../../src/restate/index.ts'
import { Cable } from './cable.ts'
import { freePorts, RestateServer } from './restate-server.ts'
import { Workers } from './workers.ts'

/** The answer of a call by the ingress. */
export type Answer = { status: number; body: Record<string, unknown> }

/** What Intercom allows a private app, and a workspace, in ten seconds (docs/intercom-api.md 1.5). */
export const rateLimit = { app: 1_667, workspace: 4_167 }

/** A local Intercom with people in it, a Restate server, workers, and the network between the last two. */
export class World {
  readonly people: People
  readonly server: RestateServer
  readonly workers: Workers
  readonly cable: Cable

  private constructor(people: People, server: RestateServer, workers: Workers, cable: Cable) {
    this.people = people
    this.server = server
    this.workers = workers
    this.cable = cable
  }

  static async open(
    options: {
      workers?: number
      people?: number
      settleMs?: number[]
      timeoutMs?: number
      env?: Record<string, string>
      files?: string
    } = {},
  ): Promise<World> {
    const { workers: count = 1, settleMs = [200, 1800], timeoutMs = 5_000 } = options
    const people = await openWorld(options.people ?? 5)
    people.workspace.control.setRateLimit(rateLimit)
    const { url: baseUrl, accessToken } = people
    const server = await RestateServer.start(options.env)
    const ports = await freePorts(count)
    const { files } = options
    const workers = new Workers(ports, {
      files,
      accessToken,
      baseUrl,
      ingress: server.ingress,
      settleMs,
      timeoutMs,
    })
    await workers.startAll()
    const cable = await Cable.to(ports)
    await register(server.admin, cable.url)
    return new World(people, server, workers, cable)
  }

  /** Calls a handler by the ingress, with a text as it is, again and again while the server is down, as a caller with a key may. */
  async call(path: string, input: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    for (const until = performance.now() + 60_000; ; ) {
      try {
        const response = await fetch(`${this.server.ingress}/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: typeof input === 'string' ? input : JSON.stringify(input),
        })
        return { status: response.status, body: (await response.json()) as Record<string, unknown> } // by its services
      } catch (error) {
        if (performance.now() > until) throw error
        await sleep(200)
      }
    }
  }

  /** The input of a reply that says something, to the nth of the people. */
  reply(n: number, body: string): { conversation_id: string; [key: string]: string } {
    const { targets } = this.people
    const { conversation_id = '', admin_id = '' } = targets[n % targets.length] ?? {}
    return { conversation_id, reply_type: 'admin', admin_id, body }
  }

  /** What a query of Restate's own tables returns. */
  async query(sql: string): Promise<Record<string, unknown>[]> {
    const response = await fetch(`${this.server.admin}/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: sql }),
    })
    const { rows } = (await response.json()) as { rows: Record<string, unknown>[] } // by the admin API
    return rows
  }

  async close(): Promise<void> {
    await this.workers.close()
    this.cable.close()
    await this.server.close()
    await this.people.close()
  }
}

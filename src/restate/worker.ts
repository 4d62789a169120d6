import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2'
import { createEndpointHandler } from '@restatedev/restate-sdk'
import { credentials } from '../client/credentials.ts'
import { appOf } from '../client/who-is.ts'
import { IntercomError } from '../errors.ts'
import { createIntercom, type IntercomOptions } from '../intercom.ts'
import { isLoopback } from '../server/guard.ts'
import { intercomBulk } from './bulk.ts'
import { chunkService } from './bulk-chunk.ts'
import { claims, othersBy } from './claims.ts'
import { LiveSteps } from './live-steps.ts'
import { logTo, type WorkerLine } from './log.ts'
import { intercomOnce } from './once.ts'
import { permitsBy, rate } from './rate.ts'
import { intercomService } from './service.ts'
import { Slots } from './slots.ts'

/** What the services of a worker are made of. */
export type ServicesOptions = Pick<
  IntercomOptions,
  'baseUrl' | 'allowCustomHost' | 'timeoutMs' | 'deadlineMs' | 'onUnknown' | 'settleMs' | 'readOnly' | 'only'
> & {
  /** The workspace's access token. It goes into the Authorization header and nowhere else. */
  accessToken: string
  /**
   * Where the Restate server takes calls: workers lease their share of the rate limit there.
   * @default 'http://127.0.0.1:8080'
   */
  ingress?: string | undefined
  /** A folder that bulk jobs may name files in; every worker must find the same ones there. */
  files?: string | undefined
}

/** Options of `startWorker`. */
export type WorkerOptions = ServicesOptions & {
  /** @default 9080 */
  port?: number | undefined
  /**
   * Address to listen on. Another than loopback needs `identityKeys`: whoever reaches the port could act in Intercom.
   * @default '127.0.0.1'
   */
  host?: string | undefined
  /** Public keys (`publickeyv1_…`) of the Restate servers whose signed requests are taken; others are refused. */
  identityKeys?: readonly string[] | undefined
  /** Takes warnings and errors of the SDK. */
  log?: ((line: WorkerLine) => void) | undefined
}

const graceMs = 10_000

/** A worker that listens. */
export type Worker = {
  /** What the Restate server is told: `http://ADDRESS:PORT`. */
  url: string
  /** Takes nothing more and lets what runs end within ten seconds; the rest is taken up by another worker. */
  close(): Promise<void>
}

/**
 * The services of one Intercom app, to be served with `@restatedev/restate-sdk`. Asks Intercom which app the token
 * opens. Rejects with an `IntercomError` for a bad credential, bad options, or a Node.js that the SDK hangs on.
 */
export async function intercomServices(options: ServicesOptions) {
  checkNode()
  const { ingress = 'http://127.0.0.1:8080', files, ...own } = options
  const door = urlOf(ingress, 'ingress')
  const credential = credentials(own)
  const app = await appOf(credential)
  const steps = new LiveSteps(othersBy(door))
  const permits = permitsBy(door, `${new URL(credential.origin).host} ${app}`)
  const intercom = createIntercom({ ...own, baseUrl: own.baseUrl ?? '', journal: steps, permits })
  const engine = { intercom, steps, slots: new Slots(), files }
  const doors = [intercomService(engine), intercomOnce(engine), intercomBulk(engine)]
  return [...doors, chunkService(engine), claims, rate]
}

/** Serves the services over HTTP/2. To be registered with the Restate server, by its admin API or `register`. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { port = 9080, host = '127.0.0.1', identityKeys = [], log = () => {}, ...own } = options
  if (!isLoopback(host) && identityKeys.length === 0) {
    throw wrong(
      `listening on ${host} without an identity key would let anybody there act in Intercom: give the Restate server's public key, or listen on 127.0.0.1`,
    )
  }
  const handler = createEndpointHandler({
    services: await intercomServices(own),
    ...(identityKeys.length === 0 ? {} : { identityKeys: [...identityKeys] }),
    logger: logTo((line) => closing || log(line)),
  })
  let closing = false // what is cut off then is no news
  const server = createServer(handler)
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
  })
  const bound = await listening(server, port, host)
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    async close() {
      closing = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const session of sessions) session.close()
      const grace = setTimeout(() => {
        for (const session of sessions) session.destroy()
      }, graceMs)
      await closed
      clearTimeout(grace)
    },
  }
}

/** Makes a worker known to the Restate server whose admin API listens at `admin`. Rejects with an `IntercomError`. */
export async function register(admin: string, worker: string): Promise<void> {
  const url = `${urlOf(admin, 'register')}/deployments`
  const body = JSON.stringify({ uri: worker })
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'error' }).catch(() => null)
  if (response === null) throw wrong(`the Restate server cannot be reached at ${admin}`)
  if (response.ok) return
  const why = (await response.text()).slice(0, 300)
  throw wrong(`the Restate server at ${admin} refuses the worker: ${response.status} ${why}`)
}

/** The SDK starts on Node.js 20, registers, and then every call hangs. */
function checkNode(): void {
  if (typeof Promise.withResolvers === 'function') return
  throw wrong(`the Restate SDK hangs on Node.js ${process.versions.node}: use Node.js 22.19 or newer`)
}

function urlOf(given: string, what: string): string {
  const url = URL.parse(given)
  if (url === null || !/^https?:$/.test(url.protocol)) throw wrong(`${what} must be an http(s) URL`)
  // fetch takes none either, and quotes them.
  if (url.username !== '' || url.password !== '') throw wrong(`${what} takes no user or password`)
  return given.replace(/\/+$/, '')
}

function listening(server: Http2Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(wrong(`the worker cannot listen: ${error.message}`)))
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function wrong(message: string): IntercomError {
  return new IntercomError(message, { code: 'invalid_input' })
}

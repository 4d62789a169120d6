import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2'
import { createEndpointHandler, type LoggerTransport, TerminalError } from '@restatedev/restate-sdk'
import { connectionOf, isLoopback } from '../client/credentials.ts'
import { appOf } from '../client/token-owner.ts'
import type { Journal } from '../core/journal.ts'
import { IntercomError, invalidInput } from '../errors.ts'
import { createIntercom, type Intercom, type IntercomOptions } from '../intercom.ts'
import { type LogLine, logged } from '../server/log.ts'
import { type Access, toolsOf } from '../tools/policy.ts'
import { openAsking } from './asking.ts'
import { AttemptJournal } from './attempt-journal.ts'
import { intercomBulk } from './bulk.ts'
import { chunkService } from './bulk-chunk.ts'
import { callLog } from './call-log.ts'
import { claimLookup, claims } from './claims.ts'
import { ConcurrencyLimit } from './concurrency-limit.ts'
import { intercomOnce } from './once.ts'
import { permitSource, rate } from './rate.ts'
import { intercomService } from './service.ts'

/** Options of `intercomServices`. */
export type ServicesOptions = Pick<
  IntercomOptions,
  | 'baseUrl'
  | 'workspaceId'
  | 'onRefusedToken'
  | 'allowCustomHost'
  | 'timeoutMs'
  | 'deadlineMs'
  | 'onUnknown'
  | 'settleMs'
  | 'toolsets'
  | 'readOnly'
  | 'only'
> & {
  /** The workspace's access token, or what gives it. It goes into the Authorization header and nowhere else. */
  accessToken: NonNullable<IntercomOptions['accessToken']>
  /**
   * The Restate server's ingress: workers lease their share of the rate limit there.
   * @default 'http://127.0.0.1:8080'
   */
  ingress?: string | undefined
  /** The folder of the files that bulk jobs name; every worker must have the same files. */
  files?: string | undefined
  /**
   * Whether what reaches customers is sent, held until a person has approved it, or not offered.
   * @default 'allow'
   */
  sends?: Access['sends']
  /** Exactly what a person has to approve; by default, with `sends: 'confirm'`, sends and what is destructive. */
  approve?: Access['approve']
  /**
   * The file where calls wait for a person, beside which a journal is kept; needed where any may. All workers must have the
   * same file: they run on one machine then.
   */
  approvals?: string | undefined
  /** Counts what is called: `metricsOf()` of `modulex-intercom/http`. */
  metrics?: { measured<Client extends Pick<Intercom, 'call'>>(intercom: Client): Client } | undefined
  /** Ends the start early. */
  signal?: AbortSignal | undefined
}

/** Options of `startWorker`. */
export type WorkerOptions = ServicesOptions & {
  /** @default 9080 */
  port?: number | undefined
  /**
   * Address to listen on. Any but loopback needs `identityKeys`: whoever reaches the port could act in Intercom.
   * @default '127.0.0.1'
   */
  host?: string | undefined
  /** Public keys (`publickeyv1_…`) of the Restate servers whose signed requests are accepted; others are refused. */
  identityKeys?: readonly string[] | undefined
  /** Receives the SDK's warnings and errors. */
  log?: ((line: WorkerLine) => void) | undefined
  /** Receives a line for each call that ended here: see `callLog`. */
  onCall?: ((line: LogLine) => void) | undefined
}

const graceMs = 10_000
/** How long Intercom is asked for the app of the token, ms. */
const startMs = 10_000

/** What a worker logs: never an input, an answer or a key. */
export type WorkerLine = { level: 'warn' | 'error'; invocation: string | null; text: string }

/** A worker that listens. */
export type Worker = {
  /** The address to register with the Restate server: `http://ADDRESS:PORT`. */
  url: string
  /** Accepts nothing more and gives running calls ten seconds to end; another worker takes over the rest. */
  close(): Promise<void>
}

/**
 * The services of one Intercom app, to be served with `@restatedev/restate-sdk`. Asks Intercom which app the token
 * belongs to. Rejects with an `IntercomError` for a bad credential, bad options, or a Node.js that the SDK hangs on.
 */
export async function intercomServices(options: ServicesOptions) {
  return (await openServices(options)).services
}

async function openServices(options: ServicesOptions) {
  // On Node.js 20 the SDK starts and registers, and then every call hangs.
  if (typeof Promise.withResolvers !== 'function')
    throw invalidInput(
      `the Restate SDK hangs on Node.js ${process.versions.node}: use Node.js 22.19 or newer`,
    )
  const {
    ingress = 'http://127.0.0.1:8080',
    files,
    metrics,
    signal,
    sends,
    approve,
    approvals,
    ...given
  } = options
  const { readOnly, only, toolsets } = given
  const tools = toolsOf({ readOnly, only, toolsets, sends, approve })
  const asks = tools.some(({ mayNeedApproval }) => mayNeedApproval)
  if (asks && approvals === undefined)
    throw invalidInput('calls that need a person need approvals, the file where they wait for one')
  const own = sends === 'off' ? { ...given, only: tools.map(({ action }) => action.name) } : given
  const ingressUrl = urlOf(ingress, 'ingress')
  const credential = connectionOf(own)
  const app = await appOf(credential, { deadlineMs: startMs, signal })
  const journal = new AttemptJournal(claimLookup(ingressUrl))
  const permits = permitSource(ingressUrl, `${new URL(credential.origin).host} ${app}`)
  const clientWith = (journal: Journal | string) => {
    const client = logged(createIntercom({ ...own, baseUrl: own.baseUrl ?? '', journal, permits }))
    return metrics?.measured(client) ?? client
  }
  const asking =
    asks && approvals !== undefined
      ? openAsking(tools, approvals, clientWith(`${approvals}.journal`))
      : undefined
  const runtime = {
    intercom: clientWith(journal),
    journal,
    concurrency: new ConcurrencyLimit(),
    files,
    asking,
  }
  const services = [intercomService(runtime), intercomOnce(runtime), intercomBulk(runtime)]
  return {
    services: [...services, chunkService(runtime), claims, rate],
    close: async () => await asking?.close(),
  }
}

/** Serves the services over HTTP/2. Register it with the Restate server, through its admin API or `register`. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { port = 9080, host = '127.0.0.1', identityKeys = [], log = () => {}, onCall, ...own } = options
  if (!isLoopback(host) && identityKeys.length === 0) {
    throw invalidInput(
      `listening on ${host} needs an identity key, or anybody who reaches the port could act in Intercom: give the Restate server's public key, or listen on 127.0.0.1`,
    )
  }
  const { services, close } = await openServices(own)
  const handler = createEndpointHandler({
    services,
    ...(identityKeys.length === 0 ? {} : { identityKeys: [...identityKeys] }),
    ...(onCall === undefined ? {} : { defaultServiceOptions: { hooks: [callLog(onCall)] } }),
    logger: loggerTo((line) => closing || log(line)),
  })
  let closing = false // calls cut off by closing are not worth a line
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
      await close()
    },
  }
}

/**
 * Registers a worker with the Restate server whose admin API is at `admin`. Rejects with an `IntercomError`, a retryable
 * one where the server cannot be reached or is not up yet.
 */
export async function register(admin: string, worker: string, signal?: AbortSignal): Promise<void> {
  const url = `${urlOf(admin, 'register')}/deployments`
  const body = JSON.stringify({ uri: worker })
  const headers = { 'content-type': 'application/json' }
  const timeout = AbortSignal.timeout(registerMs)
  const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal])
  const request: RequestInit = { method: 'POST', headers, body, redirect: 'error', signal: either }
  const response = await fetch(url, request).catch(() => null)
  if (response === null) throw notYet(`the Restate server cannot be reached at ${admin}`)
  if (response.ok) return
  const why = (await response.text().catch(() => '')).slice(0, maxTextLength)
  const message = `the Restate server at ${admin} rejected the worker: ${response.status} ${why}`
  throw [429, 502, 503, 504].includes(response.status) ? notYet(message) : invalidInput(message)
}

/** How long the Restate server is waited for: it asks the worker for its services meanwhile. */
const registerMs = 30_000

function notYet(message: string): IntercomError {
  return new IntercomError(message, { code: 'restate_unavailable', retryable: true })
}

const maxTextLength = 300

/** Passes on the SDK's warnings and errors, but neither those of a replay nor refusals, which are answers. */
export function loggerTo(log: (line: WorkerLine) => void): LoggerTransport {
  return ({ level, context, replaying }, message, ...more) => {
    if (replaying || (level !== 'warn' && level !== 'error')) return
    if (/without validating request signatures/.test(String(message))) return // on loopback only: see `startWorker`
    const error = more.find((one) => one instanceof Error)
    if (error instanceof TerminalError) return
    const [text = ''] = `${String(message).trim()}${error ? ` ${error.message}` : ''}`.split('\n', 1)
    log({ level, invocation: context?.invocationId ?? null, text: text.slice(0, maxTextLength) })
  }
}

function urlOf(given: string, what: string): string {
  const url = URL.parse(given)
  if (url === null || !/^https?:$/.test(url.protocol)) throw invalidInput(`${what} must be an http(s) URL`)
  // fetch refuses them too, and quotes them.
  if (url.username !== '' || url.password !== '')
    throw invalidInput(`${what} must not contain a user or password`)
  return given.replace(/\/+$/, '')
}

function listening(server: Http2Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(invalidInput(`the worker cannot listen: ${error.message}`)))
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

import { setTimeout as pause } from 'node:timers/promises'
import { connectionOf } from '../../client/credentials.ts'
import { Redactor } from '../../client/redact.ts'
import { IntercomError, sentences } from '../../errors.ts'
import type { Worker } from '../../restate/index.ts'
import type { NotReady, Serving } from '../../server/index.ts'
import { approvalsFlag, filesOf } from '../approvals/file.ts'
import { type Command, interrupted, orUsageError, printJsonLine, say } from '../command.ts'
import {
  accessFlags,
  accessOf,
  type Credential,
  connectionFlags,
  credentialFor,
  toolsetsIn,
  workspaceFlags,
} from '../connection.ts'
import { type Flags, namesIn, portFrom, textIn, UsageError } from '../flags.ts'

const { local: _local, dry_run: _dryRun, ...connection } = connectionFlags

const flags: Flags = {
  port: { type: 'integer', description: 'port to listen on; 0 picks a free one', default: 9080 },
  host: {
    type: 'string',
    description: 'address to listen on; any but loopback needs --identity-key',
    default: '127.0.0.1',
  },
  ingress: {
    type: 'string',
    description: "URL of the Restate server's ingress",
    default: 'http://127.0.0.1:8080',
  },
  register: {
    type: 'string',
    description: "register the worker at this URL of the server's admin API, as soon as that is up",
  },
  identity_key: {
    type: 'array',
    description: "accept only requests signed with this key of the Restate server, 'publickeyv1_…'",
  },
  files: { type: 'string', description: 'folder of the JSON Lines files that bulk jobs name' },
  health_port: {
    type: 'integer',
    description: 'port for /healthz, /readyz and /metrics over HTTP/1.1; 0 picks a free one',
    default: 0,
  },
  health_host: { type: 'string', description: 'address for them', default: '127.0.0.1' },
  ...connection,
  ...workspaceFlags,
  sends: accessFlags.sends,
  approve: accessFlags.approve,
  ...approvalsFlag,
}

const starting: NotReady = {
  code: 'starting',
  error: 'The worker is waiting for Intercom or its Restate server.',
}

/** A worker of a Restate server: durable actions and bulk jobs, on one machine or several. */
export const workerCommand: Command = {
  usage: '[flags]',
  flags,
  examples: ['worker --register http://127.0.0.1:9070', 'worker --toolsets desk --health-port 9081'],
  async run(values) {
    const { register, startWorker } = await restate()
    const { credential, close } = await credentialFor(values)
    try {
      return await served(values, credential, { register, startWorker })
    } finally {
      close()
    }
  },
}

type Restate = Pick<typeof import('../../restate/index.ts'), 'register' | 'startWorker'>

async function served(
  values: Record<string, unknown>,
  credential: Credential,
  { register, startWorker }: Restate,
): Promise<number> {
  const server = await import('../../server/index.ts')
  const stop = new AbortController()
  void interrupted().then(() => stop.abort())
  const { signal } = stop
  const { accessToken } = credential
  const redactor = new Redactor(typeof accessToken === 'string' ? accessToken : '')
  const waitFor = <T>(whom: string, step: () => Promise<T>) =>
    whenAvailable(whom, signal, step, (text) => say(redactor.message(text)))
  const { sends, approve } = accessOf(values)
  const asks = sends === 'confirm' || approve !== undefined
  const approvals = asks ? (await filesOf(values)).file : undefined
  const metrics = server.metricsOf()
  const askIntercom = server.workspacesCheck([await orUsageError(() => connectionOf(credential))])
  let worker: Worker | undefined
  let ready = false
  const health = await orUsageError(() =>
    healthServer(server, values, metrics, async () => (ready ? await askIntercom() : starting)),
  )
  say(`Liveness, readiness and metrics are served at ${health.url} (/healthz, /readyz, /metrics).`)
  const log = (line: object) => say(JSON.stringify(line))
  try {
    const start = () =>
      startWorker({
        ...credential,
        toolsets: toolsetsIn(values),
        readOnly: values['read_only'] === true,
        only: namesIn(values['only']),
        sends,
        approve,
        approvals,
        ingress: textIn(values['ingress']),
        identityKeys: values['identity_key'] as string[] | undefined, // of a repeatable flag
        files: textIn(values['files']),
        host: textIn(values['host']),
        port: values['port'] === undefined ? 9080 : portFrom(values),
        metrics,
        signal,
        log,
        onCall: log,
      })
    worker = await orUsageError(() => waitFor('Intercom', start))
    const admin = textIn(values['register'])
    const { url } = worker ?? {}
    if (admin !== undefined && url !== undefined)
      await orUsageError(() => waitFor('the Restate server', () => register(admin, url, signal)))
    if (!signal.aborted && url !== undefined) {
      ready = true
      printJsonLine({ url, health_url: health.url })
      say(
        `The worker listens on ${url}${admin === undefined ? '. Register it with your Restate server' : ' and is registered'}. Press Ctrl-C to stop it.`,
      )
      await aborted(signal)
    }
  } finally {
    ready = false
    await worker?.close()
    await health.close()
  }
  return 0
}

type Server = typeof import('../../server/index.ts')

/** Liveness, readiness and metrics over HTTP/1.1: the worker's own port speaks HTTP/2 to the Restate server alone. */
async function healthServer(
  server: Server,
  values: Record<string, unknown>,
  metrics: ReturnType<Server['metricsOf']>,
  check: () => Promise<NotReady | null>,
): Promise<Serving> {
  return await server.startServer({
    host: textIn(values['health_host']) ?? '127.0.0.1',
    port: portFrom(values, 'health_port'),
    hosts: [],
    origins: [],
    callers: [],
    mounts: [server.healthMount, server.readyMount(check), server.metricsMount(metrics)],
    limits: server.limitsOf({ shutdown_seconds: 1 }),
    log: () => {}, // a probe a second is not worth a line
  })
}

const firstPauseMs = 500
const longestPauseMs = 15_000
const sayEveryMs = 60_000

/** Repeats a step that may work later, until it does. `undefined` when it was interrupted meanwhile. */
async function whenAvailable<T>(
  whom: string,
  signal: AbortSignal,
  step: () => Promise<T>,
  tell: (text: string) => void,
): Promise<T | undefined> {
  let saidAt = Number.NEGATIVE_INFINITY
  for (let tries = 0; ; tries++) {
    try {
      return await step()
    } catch (error) {
      if (signal.aborted) return undefined
      if (!(error instanceof IntercomError && error.retryable)) throw error
      if (performance.now() - saidAt >= sayEveryMs) {
        saidAt = performance.now()
        tell(`Waiting for ${whom}: ${sentences(error.message, error.hint)}.`)
      }
    }
    await pause(Math.min(longestPauseMs, firstPauseMs * 2 ** tries), undefined, { signal }).catch(() => {})
    if (signal.aborted) return undefined
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

async function restate(): Promise<typeof import('../../restate/index.ts')> {
  try {
    return await import('../../restate/index.ts')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error
    throw new UsageError('worker needs the Restate SDK: npm install @restatedev/restate-sdk')
  }
}

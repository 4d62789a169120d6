import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { connectionOf, isLoopback } from '../../client/credentials.ts'
import type { Journal } from '../../core/journal.ts'
import type { Caller } from '../../server/caller.ts'
import type { Config } from '../../server/config.ts'
import type { SignIn } from '../../server/sign-in/sign-in.ts'
import type { LocalIntercom } from '../../server/studio/local.ts'
import { approvalFilesOf, approvalsFlag, decidingOn } from '../approvals/deciding.ts'
import { type Command, orUsageError, printJsonLine, say } from '../command.ts'
import { type Connecting, connectingOf } from '../connect/serving.ts'
import {
  accessFlags,
  accessOf,
  confirmByFlag,
  confirmByOf,
  connect,
  connectionFlags,
  workspaceFlags,
} from '../connection.ts'
import { type Flags, kebab, portFrom, textIn, UsageError } from '../flags.ts'
import { apiKeyHash } from '../keys.ts'
import { localOperator, offerLinks } from '../studio/local.ts'
import { receivingOf } from './receiving.ts'

const { dry_run: _, ...ownConnectionFlags } = connectionFlags

/** What each key of a configuration sets for itself. */
const policyFlags: Flags = {
  ...ownConnectionFlags,
  ...workspaceFlags,
  ...accessFlags,
  ...confirmByFlag,
  output: {
    type: 'string',
    description: 'what answers hold: compact, or full; without it compact over MCP, full over REST',
    values: ['compact', 'full'],
  },
}

const flags: Flags = {
  port: { type: 'integer', description: 'port to listen on; 0 picks a free one', default: 8321 },
  host: {
    type: 'string',
    description: 'address to listen on; any but loopback needs an API key',
    default: '127.0.0.1',
  },
  config: { type: 'string', description: 'a JSON file with addresses, keys, policies and limits' },
  journal: {
    type: 'string',
    description: 'a file that keeps what was sent under which Idempotency-Key, also after a crash',
  },
  ...approvalsFlag,
  webhooks: {
    type: 'string',
    description:
      'receive notifications at /webhooks, signed with INTERCOM_CLIENT_SECRET, and keep them in this file',
  },
  forward: {
    type: 'string',
    description: 'with --webhooks: the URL that gets each notification by POST, with an Idempotency-Key',
  },
  studio: {
    type: 'boolean',
    description: 'serve the studio at /studio too, and print a link to it (docs/studio.md)',
  },
  ...policyFlags,
}

type Deciding = Awaited<ReturnType<typeof decidingOn>>
/** What the callers of a server keep. */
type Stores = { journal: Journal | undefined; store: Connecting['workspaces'] | undefined }
type Server = typeof import('../../server/index.ts')

/** MCP and REST over HTTP, for agents and workflows on this machine or elsewhere. */
export const serveCommand: Command = {
  usage: '[--port --host --config …]',
  summary: 'serve the actions over HTTP: MCP at /mcp, REST at /actions; prints {"url"} once ready',
  flags,
  examples: ['serve --local', 'serve --sends confirm', 'serve --config serve.json --journal sends.db'],
  async run(values) {
    const opened: (() => unknown)[] = []
    try {
      await serveUntilStopped(values, opened)
      return 0
    } finally {
      for (const close of opened.toReversed()) await close() // what is left open would keep the process alive
    }
  },
}

/** `opened`: takes how each thing that was opened is closed, in the order of their opening. */
async function serveUntilStopped(values: Record<string, unknown>, opened: (() => unknown)[]): Promise<void> {
  const server = await import('../../server/index.ts')
  const config = await configOf(server, values)
  const { listen = {} } = config
  const host = textIn(values['host']) ?? listen.host ?? '127.0.0.1'
  const files = await approvalFilesOf(config, values)
  const journal = await journalFor(server, config, values, files?.journal)
  opened.push(() => journal?.close())
  const notifications = server.notificationsLog()
  const receiving = await receivingOf(values, notifications)
  opened.push(() => receiving?.close())
  const connecting = await connectingOf(config, values, host)
  const { workspaces: store } = connecting ?? {}
  opened.push(() => store?.close())
  const { callers, local, close } = await callersFor(server, config, values, { journal, store })
  opened.push(close)
  const deciding = files && (await decidingOn({ file: files.file, config, values, host, local }, callers))
  opened.push(() => deciding?.close())
  const signIn = await signInFor(config, values, { journal, deciding, store })
  const limits = server.limitsOf(config.limits)
  const workspaces = server.workspacesCheck(
    [...callers, ...(signIn?.shared ?? [])].flatMap(({ workspace }) => workspace ?? []),
  )
  const check = async () => (await deciding?.ready()) ?? (await connecting?.ready()) ?? (await workspaces())
  const sends = server.sendsMount(deciding?.operators)
  const mounts = [
    server.mcpMount(limits),
    ...server.restMounts(),
    sends,
    server.healthMount,
    server.readyMount(check),
    { path: '/', open: server.rootHandler(callers.find(({ keyHash }) => keyHash === null)) },
  ]
  const received =
    receiving && server.notificationsMount(notifications, receiving.retry, deciding?.operators ?? [])
  if (receiving && received) mounts.push(server.webhooksMount(receiving), received)
  if (deciding !== null) mounts.push(deciding.mount)
  if (signIn !== undefined) mounts.push(signIn.mount)
  const connectMount = await connecting?.mountFor(callers)
  if (connectMount) mounts.push(connectMount)
  const { public_url } = listen
  const studio =
    values['studio'] === true
      ? await studioOf({ callers, local, host, publicUrl: public_url, deciding, sends, received })
      : null
  if (studio !== null) mounts.push(studio)
  const start = () =>
    server.startServer({
      host,
      port: values['port'] === undefined ? (listen.port ?? 8321) : portFrom(values),
      hosts: [...(listen.hosts ?? []), ...(public_url === undefined ? [] : [new URL(public_url).hostname])],
      origins: listen.origins ?? [],
      proxies: listen.proxies ?? [],
      callers,
      signIn,
      mounts,
      limits,
      log: (line) => say(JSON.stringify(line)),
    })
  const serving = await orUsageError(start, undefined, server.withoutSecrets)
  opened.push(() => serving.close())
  receiving?.start()
  deciding?.start(serving.url)
  const link = studio && (() => `${public_url ?? serving.url}${studio.link()}`)
  printJsonLine({ url: serving.url, ...(link && { studio: link() }) })
  say(
    `MCP is served at ${serving.url}/mcp, REST at ${serving.url}/actions (${serving.url}/docs). Press Ctrl-C to stop it, and again to stop at once.`,
  )
  if (deciding?.hasPage) say(`Approvals are decided at ${public_url ?? serving.url}/approvals.`)
  for (const warning of signIn?.warnings ?? []) say(warning)
  if (callers.some(({ keyHash }) => keyHash === null)) say(keyless)
  const stopOffering = link === null ? () => {} : offerLinks(link)
  await interruptedOnce()
  stopOffering()
}

/** `--studio`. On a local Intercom whoever has the link decides on approvals too. */
async function studioOf({
  callers,
  local,
  deciding,
  sends,
  received,
  ...at
}: {
  callers: readonly Caller[]
  local: LocalIntercom | undefined
  deciding: Awaited<ReturnType<typeof decidingOn>> | null
  sends: ReturnType<Server['sendsMount']>
  received: ReturnType<Server['notificationsMount']> | undefined
  host: string
  publicUrl: string | undefined
}) {
  const { studioMount } = await import('../../server/index.ts')
  if (!isLoopback(at.host) && at.publicUrl === undefined)
    throw new UsageError(
      '--studio needs listen.public_url, the address by which browsers come, where others can reach the server',
    )
  return studioMount({
    callers,
    operators: deciding?.operators ?? [],
    approvalsOf: deciding?.routesFor,
    sendsOf: (operator) => sends.visitBy(operator).handler,
    notificationsOf: received && ((operator) => received.visitBy(operator).handler),
    publicUrl: at.publicUrl,
    ...(local && { local, localOperator: localOperator() }),
  })
}

async function configOf(server: Server, values: Record<string, unknown>): Promise<Config> {
  const path = textIn(values['config'])
  return path === undefined
    ? {}
    : await orUsageError(() => server.parseConfig(readFileSync(path, 'utf8')), path, server.withoutSecrets)
}

/**
 * The journal of the flag, or else of the configuration, whose paths are relative to its folder. `approvals`: what
 * calls that need a person take where none is named.
 */
async function journalFor(
  server: Server,
  config: Config,
  values: Record<string, unknown>,
  approvals: string | undefined,
): Promise<Journal | undefined> {
  const { journalBytes } = server.limitsOf(config.limits)
  const folder = dirname(textIn(values['config']) ?? '')
  const file = textIn(values['journal']) ?? (config.journal && resolve(folder, config.journal)) ?? approvals
  return file === undefined
    ? undefined
    : await orUsageError(() => server.journalOf(file, journalBytes), server.withoutSecrets(file))
}

/** `local`: what they call, where that is embedded. */
type Served = { callers: Caller[]; local?: LocalIntercom | undefined; close(): Promise<void> }

/** The keys of a configuration, or else the one of the environment. */
async function callersFor(
  server: Server,
  { keys, auth }: Config,
  values: Record<string, unknown>,
  { journal, store }: Stores,
): Promise<Served> {
  const isKeyed = keys !== undefined || (auth !== undefined && process.env[ownKey] === undefined)
  if (!isKeyed) return await ownCaller(server, values, journal)
  const flag = Object.keys(policyFlags).find((name) => values[name] !== undefined)
  if (flag !== undefined) {
    throw new UsageError(
      `--${kebab(flag)} and ${keys === undefined ? 'auth' : 'keys'} in --config exclude each other: each entry there sets it for itself`,
    )
  }
  const path = textIn(values['config']) ?? ''
  const sources = { env: process.env, folder: dirname(path), workspaces: store }
  const make = () => server.callersOf(keys ?? [], sources, journal)
  const callers = await orUsageError(make, path, server.withoutSecrets)
  return { callers, close: async () => {} }
}

/** What knows those who sign in, where the configuration says by which authorization server. */
async function signInFor(
  { auth, listen }: Config,
  values: Record<string, unknown>,
  { journal, deciding, store }: Stores & { deciding: Deciding | null },
): Promise<SignIn | undefined> {
  if (auth === undefined) return undefined
  const [{ signInOf }, { withoutSecrets }] = await Promise.all([
    import('../../server/sign-in/sign-in.ts'),
    import('../../server/index.ts'),
  ])
  const path = textIn(values['config']) ?? ''
  const make = () =>
    signInOf(auth, {
      publicUrl: listen?.public_url ?? '', // the configuration has been checked
      sources: { env: process.env, folder: dirname(path), workspaces: store },
      journal,
      ...deciding,
    })
  return await orUsageError(make, path, withoutSecrets)
}

/** The one caller that the flags describe, by the key of the environment; without it, everybody on this machine. */
async function ownCaller(
  server: Server,
  values: Record<string, unknown>,
  journal: Journal | undefined,
): Promise<Served> {
  const { output, ...access } = accessOf(values)
  const keyHash = await apiKeyHash()
  const traffic = server.trafficOf()
  const { onResponse } = traffic
  const { intercom, options, local, close } = await connect(values, { journal, onResponse })
  const caller: Caller = {
    name: 'default',
    keyHash,
    intercom,
    traffic,
    workspace: connectionOf(options),
    access,
    output,
    confirmBy: confirmByOf(values),
    journaled: journal !== undefined,
    callsPerMinute: server.defaultCallsPerMinute,
    concurrentCalls: server.defaultConcurrentCalls,
  }
  return { callers: [caller], local, close }
}

/** The variable of the one key that needs no configuration. */
const ownKey = 'MODULEX_INTERCOM_API_KEY'

const keyless =
  'It asks for no API key: every program on this machine can act in Intercom through it. Set MODULEX_INTERCOM_API_KEY to ask for one.'

/** Resolves at the first SIGINT or SIGTERM; a second one exits at once. */
function interruptedOnce(): Promise<void> {
  return new Promise((resolve) => {
    let times = 0
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        times += 1
        if (times > 1) process.exit(1)
        resolve()
      })
    }
  })
}

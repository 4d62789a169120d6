import { isLoopback } from '../../client/credentials.ts'
import type { Caller } from '../../server/caller.ts'
import type { KeyOrToken } from '../../server/key-or-token.ts'
import type { notificationsMount } from '../../server/notifications.ts'
import type { sendsMount } from '../../server/sends-mount.ts'
import type { CurrentSignIn, SignIn } from '../../server/sign-in/sign-in.ts'
import type { LocalIntercom } from '../../server/studio/local.ts'
import type { StudioMount } from '../../server/studio/mount.ts'
import { approvalFilesOf, decidingOn, operatorsFor } from '../approvals/deciding.ts'
import { orUsageError, say } from '../command.ts'
import { receivingOf } from '../commands/receiving.ts'
import { connectingOf } from '../connect/serving.ts'
import { portFrom, textIn, UsageError } from '../flags.ts'
import { localOperator } from '../studio/local.ts'
import { callersFor, configOf, type Deciding, journalFor, signInFor, type Values } from './callers.ts'
import { reloading } from './reloading.ts'

/** What `serve` serves. */
export type Running = {
  url: string
  /** Where browsers reach it. */
  publicUrl: string
  callers: readonly Caller[]
  signIn: SignIn | undefined
  /** Whether there is a page where operators decide. */
  hasPage: boolean
  /** What makes a link to the studio, for one browser. */
  link: (() => string) | null
  /** Reads the configuration again, and says what came of it. Never rejects. */
  reload(): Promise<void>
}

/** `opened`: takes how each thing that was opened is closed, in the order of their opening. */
export async function startServing(values: Values, opened: (() => unknown)[]): Promise<Running> {
  const server = await import('../../server/index.ts')
  const config = await configOf(values)
  const { listen = {} } = config
  const host = textIn(values['host']) ?? listen.host ?? '127.0.0.1'
  const files = await approvalFilesOf(config, values)
  const journal = await journalFor(config, values, files?.journal)
  opened.push(() => journal?.close())
  const notifications = server.notificationsLog()
  const receiving = await receivingOf(values, notifications)
  opened.push(() => receiving?.close())
  const connecting = await connectingOf(config, values, host)
  const { workspaces: store } = connecting ?? {}
  opened.push(() => store?.close())
  const { callers, isKeyed, local, close } = await callersFor(config, values, { journal, store })
  opened.push(close)
  const operators = files || connecting ? await operatorsFor(config, values, callers) : []
  const signedIn: CurrentSignIn = { current: undefined }
  const wrong = server.wrongKeys()
  const people = server.keyOrToken({ operators, callers, signIn: signedIn, wrong })
  const deciding =
    files &&
    (await decidingOn(
      { file: files.file, config, values, host, local, operators, people, signIn: signedIn },
      callers,
    ))
  opened.push(() => deciding?.close())
  const signIn = await signInFor(config, values, { journal, deciding, store })
  signedIn.current = signIn
  const limits = server.limitsOf(config.limits)
  const status = server.reloads()
  const workspacesOf = (callers: readonly Caller[], signIn: SignIn | undefined) =>
    server.workspacesCheck(
      [...callers, ...(signIn?.shared ?? [])].flatMap(({ workspace }) => workspace ?? []),
    )
  let workspaces = workspacesOf(callers, signIn)
  const check = async () => (await deciding?.ready()) ?? (await connecting?.ready()) ?? (await workspaces())
  const sends = server.sendsMount(operators)
  const mounts = [
    server.mcpMount(limits),
    ...server.restMounts(),
    sends,
    server.healthMount,
    server.readyMount(check, async () => ({
      ...status.detail(),
      ...(store && (await server.unusableIn(store))),
    })),
    { path: '/', open: server.rootHandler(callers.find(({ keyHash }) => keyHash === null)) },
  ]
  const received = receiving && server.notificationsMount(notifications, receiving.retry, operators)
  if (receiving && received) mounts.push(server.webhooksMount(receiving), received)
  if (deciding !== null) mounts.push(deciding.mount)
  if (signIn !== undefined) mounts.push(signIn.mount)
  const connectMount = await connecting?.mountFor(people)
  if (connectMount) mounts.push(connectMount)
  const { public_url } = listen
  const studio =
    values['studio'] === true
      ? await studioOf({ callers, local, host, publicUrl: public_url, deciding, people, sends, received })
      : null
  if (studio !== null) mounts.push(studio)
  const start = () =>
    server.startServer({
      host,
      port: values['port'] === undefined ? (listen.port ?? 8321) : portFrom(values),
      hosts: [...(listen.hosts ?? []), ...(public_url === undefined ? [] : [new URL(public_url).hostname])],
      origins: listen.origins ?? [],
      proxies: listen.proxies ?? [],
      callers: [...callers],
      signIn,
      mounts,
      limits,
      metrics: status.metrics,
      wrong,
      log: (line) => say(JSON.stringify(line)),
    })
  const serving = await orUsageError(start, undefined, server.withoutSecrets)
  opened.push(() => serving.close())
  receiving?.start()
  deciding?.start(serving.url)
  const { reload } = await reloading({
    ...{ config, values, journal, store, isKeyed, deciding, callers, operators, signIn, status },
    prepare: serving.prepare,
    taken(signIn) {
      signedIn.current = signIn
      workspaces = workspacesOf(callers, signIn)
      deciding?.recheck()
      studio?.recheck()
    },
  })
  const publicUrl = public_url ?? serving.url
  const link = studio && (() => `${publicUrl}${studio.link()}`)
  return { url: serving.url, publicUrl, callers, signIn, hasPage: deciding?.hasPage === true, link, reload }
}

/** `--studio`. On a local Intercom whoever has the link decides on approvals too. */
async function studioOf({
  callers,
  people,
  local,
  deciding,
  sends,
  received,
  ...at
}: {
  callers: readonly Caller[]
  local: LocalIntercom | undefined
  people: KeyOrToken
  deciding: Deciding | null
  sends: ReturnType<typeof sendsMount>
  received: ReturnType<typeof notificationsMount> | undefined
  host: string
  publicUrl: string | undefined
}): Promise<StudioMount> {
  const { studioMount } = await import('../../server/index.ts')
  if (!isLoopback(at.host) && at.publicUrl === undefined)
    throw new UsageError(
      '--studio needs listen.public_url, the address by which browsers come, where others can reach the server',
    )
  return studioMount({
    callers,
    people,
    approvalsOf: deciding?.routesFor,
    sendsOf: (operator) => sends.visitBy(operator).handler,
    notificationsOf: received && ((operator) => received.visitBy(operator).handler),
    publicUrl: at.publicUrl,
    ...(local && { local, localOperator: localOperator() }),
  })
}

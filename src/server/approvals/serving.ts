import { setTimeout as pause } from 'node:timers/promises'
import type { Approval, ApprovalStore, Asker } from '../../approvals/approval.ts'
import { holding } from '../../approvals/holding.ts'
import { clientFor, keepPerforming } from '../../approvals/keep-performing.ts'
import { type PerformingClient, perform } from '../../approvals/perform.ts'
import { keyOrToken } from '../key-or-token.ts'
import type { CallerApprovals, KeyContext, MountHandler, OperatorMount } from '../mounts.ts'
import type { NotReady, ReadinessCheck } from '../readiness.ts'
import type { CurrentSignIn, SignIn } from '../sign-in/sign-in.ts'
import type { Identity } from '../sign-in/token.ts'
import { approvalsMount } from './mount.ts'
import type { Notifier } from './notifier.ts'
import type { Operator } from './operator.ts'
import { operatorRoutes } from './operator-routes.ts'
import { type Sessions, sessionsOf } from './sessions.ts'
import { stillAllowed } from './still-allowed.ts'
import { titleOf } from './views.ts'

/** How long an operator waits for what came of a call, ms; it goes on afterwards. */
const outcomeMs = 10_000

export type ServedApprovalsOptions = {
  store: ApprovalStore
  operators: readonly Operator[]
  /** Where browsers reach the server, where that is configured. */
  publicUrl?: string | undefined
  expiresMs?: number | undefined
  notifier?: Notifier | undefined
  sessions?: Sessions | undefined
  /** What tells whose a held call is that came with an access token. */
  signIn?: CurrentSignIn | undefined
  /** What makes the calls of anybody, in place of the callers of the server. */
  clients?: readonly Partial<PerformingClient>[] | undefined
  /** The path below which a page decides on one by its id. @default /approvals, where there are operators */
  page?: string | undefined
}

/** The approvals of a server: what its callers hold calls with, and where people decide on them. */
export type ServedApprovals = {
  mount: OperatorMount
  heldBy(caller: string, identity?: Identity): CallerApprovals
  /** What an operator may ask of it over HTTP, from a page. */
  routesFor(operator: Operator): MountHandler
  /** Ends the sessions of those who are operators no more. */
  recheck(): void
  /** Begins to make approved calls and to notify. `url`: where the server listens. */
  start(url: string): void
  ready: ReadinessCheck
  close(): Promise<void>
}

export function servedApprovals(options: ServedApprovalsOptions): ServedApprovals {
  const { store, operators, expiresMs, notifier } = options
  const policies = new Map<string, ReturnType<typeof stillAllowed>>() // by the caller
  const gone = new Set<string>()
  const clients = new Map<string, Partial<PerformingClient>>() // by the key, or the entry of those who sign in
  const sessions = options.sessions ?? sessionsOf(keyOrToken({ operators, signIn: options.signIn }))
  const mount = approvalsMount({ ...options, sessions, perform: performNow })
  let base = options.publicUrl
  let stop = async () => {}

  const page = options.page ?? (operators.length === 0 ? undefined : '/approvals')
  const deskLink = page === undefined ? undefined : (id: string) => `${base ?? ''}${page}/${id}`
  const held = { link: deskLink, expiresMs, allows: (approval: Approval) => allows(approval) }

  const performing = () => [...clients.values(), ...(options.clients ?? [])]
  const allows = (approval: Approval) =>
    policies.get(approval.caller)?.(approval) ?? !gone.has(approval.caller)

  /** A key's client makes its own calls; an entry's those of whoever it is for, and ends those of whom nothing is for. */
  function clientOf({ name, shares, intercom }: KeyContext): Partial<PerformingClient> {
    if (shares === undefined) return { ...intercom, makesFor: ({ caller }) => caller === name, allows }
    const entryOf = ({ identity }: Asker) =>
      (identity && options.signIn?.current?.entryOf(JSON.parse(identity) as Asked)) ?? ''
    const isHere = (entry: string) => clients.get(entry)?.workspace === intercom.workspace
    return {
      ...intercom,
      makesFor: (who) => who.identity !== null && (entryOf(who) === name || !isHere(entryOf(who))),
      allows: (approval) => entryOf(approval) === name && (policies.get(name)?.(approval) ?? false),
    }
  }

  async function performNow(approval: Approval): Promise<void> {
    const client = clientFor(approval, performing())
    if (client?.call === undefined) return // the process that held it looks after it
    const done = perform(store, client as PerformingClient, approval.id).catch(() => {})
    await Promise.race([done, pause(outcomeMs, undefined, { ref: false })])
  }

  async function notify(id: string): Promise<void> {
    const approval = await store.get(id)
    if (approval?.state !== 'waiting') return
    const { action, caller, created_at, expires_at } = approval
    const url = deskLink?.(id) ?? null
    notifier?.notify({ id, action, title: titleOf(approval), caller, url, created_at, expires_at })
  }

  return {
    mount: {
      ...mount,
      handler(context) {
        const { name, shares = name } = context
        const isShared = name !== shares
        return {
          ...mount.handler(context),
          begin() {
            policies.set(name, stillAllowed(context))
            gone.delete(name)
            if (!isShared) clients.set(name, clientOf(context))
          },
          end(isGone) {
            policies.delete(name)
            if (isGone) gone.add(name)
            else if (!isShared) clients.delete(name) // of one that is gone it ends what was approved
          },
        }
      },
    },
    recheck: sessions.recheck,
    routesFor: (operator) => operatorRoutes({ store, perform: performNow }, operator, 'page'),
    heldBy: (caller, identity) => ({
      ...holding(store, { caller, identity: identity && textOf(identity), ...held }),
      counts: () => store.counts(caller),
    }),
    start(url) {
      base ??= url
      const stopPerforming = keepPerforming(store, performing)
      const stopListening =
        notifier &&
        store.listen((change) => {
          if (change?.state === 'waiting') notify(change.id).catch(() => {})
        })
      stop = async () => {
        stopListening?.()
        await Promise.all([stopPerforming(), notifier?.close()])
      }
    },
    ready: async (): Promise<NotReady | null> => {
      const readable = await store.counts().then(
        () => true,
        () => false,
      )
      return readable ? null : { code: 'approvals_failed', error: 'The file of approvals cannot be read.' }
    },
    async close() {
      await stop()
      store.close()
    },
  }
}

type Asked = Parameters<SignIn['entryOf']>[0]

/** Of an identity, what stays the same from token to token. */
function textOf({ issuer, subject, client }: Identity): string {
  return JSON.stringify({ issuer, subject, client } satisfies Asked)
}

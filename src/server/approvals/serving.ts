import { setTimeout as pause } from 'node:timers/promises'
import type { Approval, ApprovalStore } from '../../approvals/approval.ts'
import { holding } from '../../approvals/holding.ts'
import { keepPerforming } from '../../approvals/keep-performing.ts'
import { type PerformingClient, perform } from '../../approvals/perform.ts'
import type { CallerApprovals, MountHandler, OperatorMount } from '../mounts.ts'
import type { NotReady, ReadinessCheck } from '../readiness.ts'
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
  /** The path below which a page decides on one by its id. @default /approvals, where there are operators */
  page?: string | undefined
}

/** The approvals of a server: what its callers hold calls with, and where people decide on them. */
export type ServedApprovals = {
  mount: OperatorMount
  heldBy(caller: string): CallerApprovals
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
  const clients = new Map<string, Partial<PerformingClient>>() // by the key, or what callers share
  const { allows, begin, end } = stillAllowed()
  const sessions = options.sessions ?? sessionsOf(operators)
  const mount = approvalsMount({ ...options, sessions, perform: performNow })
  let base = options.publicUrl
  let stop = async () => {}

  const page = options.page ?? (operators.length === 0 ? undefined : '/approvals')
  const deskLink = page === undefined ? undefined : (id: string) => `${base ?? ''}${page}/${id}`

  async function performNow({ id, caller, workspace }: Approval): Promise<void> {
    const all = [clients.get(caller), ...clients.values()]
    const client = all.find((one) => one?.call !== undefined && one.workspace === workspace)
    if (client === undefined) return // the process that held it looks after it
    const done = perform(store, client as PerformingClient, id).catch(() => {})
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
        const { name, shares = name, intercom } = context
        return {
          ...mount.handler(context),
          begin() {
            begin(context)
            if (name === shares || !clients.has(shares)) clients.set(shares, { ...intercom, allows })
          },
          end(isGone) {
            end(context, isGone)
            if (name === shares) clients.delete(name)
          },
        }
      },
    },
    recheck: sessions.recheck,
    routesFor: (operator) => operatorRoutes({ store, perform: performNow }, operator, 'page'),
    heldBy: (caller) => ({
      ...holding(store, { caller, link: deskLink, expiresMs, allows }),
      counts: () => store.counts(caller),
    }),
    start(url) {
      base ??= url
      const stopPerforming = keepPerforming(store, () => [...clients.values()])
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

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { ApprovalState } from '../approvals/approval.ts'
import type { Approvals } from '../approvals/holding.ts'
import type { AnyIntercom } from '../intercom.ts'
import type { Grant } from '../tools/grant.ts'
import type { ListChanges } from '../tools/mcp/changes.ts'
import { renewableMcp } from '../tools/mcp/http.ts'
import type { ConfirmBy } from '../tools/mcp/index.ts'
import type { OutputMode } from '../tools/offer.ts'
import type { Access } from '../tools/policy.ts'
import type { Operator } from './approvals/operator.ts'
import type { Limits } from './config.ts'
import type { Refusal } from './refusal.ts'
import { httpHandler, type Metrics, paths, type Traffic } from './rest/index.ts'
import { asLive } from './rest/live.ts'
import { metricsType } from './rest/metrics.ts'
import type { SendLog } from './rest/sends/log.ts'

/** A client as the server uses it; tests give less than a whole one. */
export type CallerClient = Pick<AnyIntercom, 'call'> & Partial<Omit<AnyIntercom, 'call' | 'close'>>

/** What holds the calls of a key that need a person, and how many it has held. */
export type CallerApprovals = Approvals & { counts(): Promise<Record<ApprovalState, number>> }

/** What a key gives access to: the Intercom client of its workspace, under its own policy. */
export type KeyContext = {
  /** The key's name in the configuration, for logs. */
  name: string
  /** Calls go into the log line of the request they serve. */
  intercom: CallerClient
  access: Access
  /** `undefined` where it is not configured: each mount has its own default. */
  output: OutputMode | undefined
  /** Whether the client keeps a journal, and so idempotency keys. */
  journaled: boolean
  /** Counts of this key's calls, over every mount. */
  metrics: Metrics
  /** What holds its calls that need a person. */
  approvals: CallerApprovals | undefined
  /** Where a person may decide within an MCP client. */
  confirmBy: ConfirmBy | undefined
  /** The last calls of this key that write, over every mount. */
  sends: SendLog
  /** What its token allows of that; a key allows all of it. */
  grant: Grant | undefined
  /** The entry of the configuration whose client it shares with others. */
  shares: string | undefined
  /** Its MCP sessions that want to hear when another policy brings another list of tools. */
  listChanges: ListChanges
  /** What its client asks Intercom. */
  traffic: Traffic | undefined
  /** The origin of its Intercom, where that is known. */
  host: string | null
}

/** A web-standard handler. Its request is whole and within the limits; its `signal` aborts when the client leaves. */
export type MountHandler = {
  /** `network`: where the request comes from. */
  fetch(request: Request, network?: string): Promise<Response> | Response
  /**
   * Called when it starts to serve, in place of the handler of an earlier policy: it makes itself known to others here.
   */
  begin?(): void
  /** Called when its caller is no longer served. `isGone`: for good. */
  end?(isGone: boolean): void
  close?(): Promise<void>
  /** Identifies the list of tools that MCP clients keep, by whether they show apps. */
  lists?(apps: boolean | null): string
}

/** What answers without a key, whatever the Host: nothing it says may be secret. It takes no body by default. */
export type OpenMount = {
  path: string
  open: MountHandler
  /** Of other methods than GET and HEAD. */
  bodyBytes?: number
  /** Seconds for a body to arrive. */
  bodySeconds?: number
  /** Refuses a request by its head, before any of its body is read. */
  judge?(method: string, headers: IncomingHttpHeaders): Refusal | null
}

/** What is served for each key: its handler sees only requests that carry it. */
type KeyedMount = { path: string; handler(context: KeyContext): MountHandler }

/** Who asks, where it is no API key: an operator, or, with the name `null`, somebody who has shown nothing. */
export type Visit = { name: string | null; handler: MountHandler; bodyBytes: number }

/**
 * A request left to a caller, within its limits and policy, as if it had asked this path with its key. `via` stands before
 * the caller's own handler of the path.
 */
export type OnBehalf = { caller: string; path: string; via(handler: MountHandler): MountHandler }

/** A mount for browsers and operators besides keys. It identifies them itself. */
export type VisitedMount = KeyedMount & {
  /** By the head of a request alone; `null` leaves it to the API keys. */
  visit(request: IncomingMessage): Visit | OnBehalf | Refusal | null
  /** Whether the Origin of a request is the mount's own page. */
  isOwnPage(headers: IncomingHttpHeaders): boolean
}

export type OperatorMount = VisitedMount & {
  /** The visit of an operator who has shown a token. */
  visitBy(operator: Operator): Visit
}

/** What is served at a path and below it. */
export type Mount = KeyedMount | VisitedMount | OperatorMount | OpenMount

/** MCP over Streamable HTTP. */
export function mcpMount({ bodyBytes }: Pick<Limits, 'bodyBytes'>): Mount {
  return {
    path: '/mcp',
    handler({ intercom, access, output, approvals, confirmBy, grant, listChanges }) {
      const options = { ...access, output, approvals, confirmBy, grant, maxRequestBytes: bodyBytes }
      const { fetch, lasts, lists, close } = renewableMcp(intercom, options, listChanges)
      return {
        async fetch(request) {
          const answer = await fetch(request)
          return lasts(answer) ? asLive(answer) : answer
        },
        lists,
        close,
      }
    },
  }
}

/**
 * REST, with its OpenAPI document, manifest, reference and metrics. Idempotency keys of different API keys are kept
 * apart. Sends have a mount of their own, since operators see them too.
 */
export function restMounts(): Mount[] {
  const handlers = new WeakMap<KeyContext, MountHandler>()
  const handler = (context: KeyContext) => {
    const made = handlers.get(context) ?? restHandler(context)
    handlers.set(context, made)
    return made
  }
  return paths.flatMap((path) => (path === '/sends' ? [] : [{ path, handler }]))
}

function restHandler(context: KeyContext): MountHandler {
  const { name, intercom, access, output, journaled, metrics, approvals, grant, traffic } = context
  const idempotencyScope = journaled ? name : undefined
  const sendLog = { caller: name, log: context.sends }
  const own = { output, metrics, idempotencyScope, approvals, grant, traffic, sendLog }
  return httpHandler(intercom, { ...access, ...own })
}

/** Whether the server is up, for load balancers. */
export const healthMount: Mount = {
  path: '/healthz',
  open: { fetch: () => Response.json({ status: 'ok' }, { headers: { 'Cache-Control': 'no-store' } }) },
}

/** The metrics of a process that serves no keys. */
export function metricsMount(metrics: Metrics): Mount {
  const headers = { 'Content-Type': metricsType, 'Cache-Control': 'no-store' }
  return { path: '/metrics', open: { fetch: async () => new Response(await metrics.text(), { headers }) } }
}

/** What Intercom may send at once, like the default of `createWebhooks`. */
const notificationBytes = 1024 * 1024

/** What Intercom waits for an answer (docs/intercom-api.md 6). */
const notificationSeconds = 5

/** Intercom's notifications. They carry a signature in place of a key. */
export function webhooksMount(webhooks: MountHandler & Pick<OpenMount, 'judge'>): Mount {
  const { judge } = webhooks
  return {
    path: '/webhooks',
    open: webhooks,
    bodyBytes: notificationBytes,
    bodySeconds: notificationSeconds,
    ...(judge === undefined ? {} : { judge }),
  }
}

import { toolsetOf } from '../../actions/toolsets.ts'
import { text } from '../../check-options.ts'
import type { Intercom } from '../../intercom.ts'
import { catalogueOf } from '../../tools/manifest.ts'
import { mentioning, mentionsOf } from '../../tools/mentions.ts'
import { checkToolOptions, offerOf, type ToolOptions } from '../../tools/offer.ts'
import { docsOf } from './docs.ts'
import { type Metrics, metricsOf, metricsType } from './metrics.ts'
import { openapiOf } from './openapi.ts'
import { ownApproval } from './own-approval.ts'
import { postAction } from './post-action.ts'
import { type SendLog, sendLog } from './sends/log.ts'
import { lookupBy } from './sends/look.ts'
import { sendsRoutes } from './sends/routes.ts'
import { sendsOf } from './sends/sends.ts'
import { type Traffic, trafficList, trafficWindows } from './traffic.ts'

/** Options of a REST handler. */
export type HttpOptions = Omit<ToolOptions, 'output'> & {
  /**
   * What answers hold: `full` for programs, `compact` for models.
   * @default 'full'
   */
  output?: ToolOptions['output']
  /**
   * Set it if the client has a journal: `Idempotency-Key` is then accepted, and belongs to this name (printable
   * ASCII, at most 60). Without it the header is refused, since nothing would keep it.
   */
  idempotencyScope?: string | undefined
  /** Metrics shared with other handlers. Without it `/metrics` shows the calls of this handler. */
  metrics?: Metrics | undefined
  /** Calls that are remembered with those of other handlers; the client is then watched already. */
  sendLog?: { caller: string; log: SendLog } | undefined
  /** What `trafficOf()` answers, whose `onResponse` the client has: without it there is no `/traffic`. */
  traffic?: Traffic | undefined
}

/** The paths that a handler answers. Below `/actions` lie the actions by name. */
export const paths = [
  '/actions',
  '/openapi.json',
  '/docs',
  '/manifest.json',
  '/sends',
  '/metrics',
  '/traffic',
] as const

/**
 * The actions over HTTP. It checks no Host, Origin, key or body size: whoever mounts it does. Throws an
 * `IntercomError` on options that name no action or parameter.
 */
export function httpHandler(
  intercom: Pick<Intercom, 'call'> & Partial<Pick<Intercom, 'journal'>>,
  options: HttpOptions = {},
) {
  checkToolOptions(options, {
    idempotencyScope: text,
    metrics: { accepts: isMetrics, expected: 'what metricsOf() answers' },
    sendLog: { accepts: (value) => typeof value === 'object', expected: 'a caller and a log' },
    traffic: { accepts: isTraffic, expected: 'what trafficOf() answers' },
  })
  const { output = 'full', idempotencyScope, metrics = metricsOf(), traffic, ...given } = options
  const { sendLog: shared, ...access } = given
  const { caller, log } = shared ?? { caller: idempotencyScope ?? 'default', log: sendLog() }
  const watched = shared ? intercom : log.watched(intercom)
  const client = options.metrics ? watched : metrics.measured(watched)
  const all = offerOf(client, { ...access, output }, 'exact')
  const { approver } = all
  const callable = [...all.tools.values()].filter(
    ({ mayNeedApproval }) => !mayNeedApproval || approver !== null,
  )
  const { journal } = intercom
  const lookup = lookupBy(all)
  const own = sendsOf({ caller, log, scope: idempotencyScope, journal, approver, lookup })
  const toldSends = sendsRoutes(() => [own])
  const mentions = mentionsOf(callable.map(({ action }) => action.name))
  const offer = { ...all, mentions, idempotencyScope }
  const held = new Set(
    callable.flatMap(({ mayNeedApproval, action }) => (mayNeedApproval ? action.name : [])),
  )
  const offered = callable.map(({ description }) => mentioning(description, mentions))
  const pages: Record<string, (request: Request) => Response | Promise<Response>> = {
    '/actions': () =>
      json({
        idempotency_keys: idempotencyScope !== undefined,
        actions: offered.map(({ name, title, effect, description }) => ({
          name,
          title,
          effect,
          toolset: toolsetOf({ name }),
          destructive: all.tools.get(name)?.action.destructive === true,
          may_be_held: held.has(name),
          description,
        })),
      }),
    '/openapi.json': async (request) =>
      json(
        await openapiOf(offered, originOf(request), { keeps: idempotencyScope !== undefined, held }, output),
      ),
    '/docs': (request) => page(docsOf(offered, originOf(request), idempotencyScope !== undefined)),
    '/manifest.json': () => json(catalogueOf(offered)),
    '/metrics': async () => page(await metrics.text(), metricsType),
    ...(traffic && {
      '/traffic': (request) => trafficList(traffic, request),
      '/traffic/limits': (request) => trafficWindows(traffic, request),
    }),
  }

  return {
    async fetch(request: Request): Promise<Response> {
      const { pathname } = new URL(request.url)
      const [, name] = /^\/actions\/([^/]+)$/.exec(pathname) ?? []
      if (name !== undefined) return await postAction(offer, name, request)
      const approval = approver === null ? undefined : await ownApproval(approver.own, request)
      if (approval !== undefined) return approval
      const listed = toldSends.answer(request)
      if (listed !== undefined) return await listed
      const page = Object.hasOwn(pages, pathname) ? pages[pathname] : undefined
      if (page === undefined) {
        const served = [...Object.keys(pages), '/sends']
        const error = `Nothing is served at this path. Paths: ${served.join(', ')}.`
        return Response.json({ success: false, error, code: 'no_such_path' }, { status: 404 })
      }
      if (request.method === 'GET' || request.method === 'HEAD') return await page(request)
      const refused = { success: false, error: `${pathname} takes GET only.`, code: 'method_not_allowed' }
      return Response.json(refused, { status: 405, headers: { Allow: 'GET, HEAD' } })
    },
  }
}

function isMetrics(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'measured' in value
}

function isTraffic(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'onResponse' in value
}

/** The origin by which the caller reached this server: a proxy in front of it may terminate TLS. */
function originOf(request: Request): string {
  const { protocol, host } = new URL(request.url)
  const secure = request.headers.get('x-forwarded-proto') === 'https'
  return `${secure ? 'https:' : protocol}//${host}`
}

function json(value: unknown): Response {
  return page(JSON.stringify(value), 'application/json')
}

function page(text: string, type = 'text/html; charset=utf-8'): Response {
  return new Response(text, {
    headers: {
      'Content-Type': type,
      'Cache-Control': 'no-store',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    },
  })
}

import { AsyncLocalStorage } from 'node:async_hooks'
import { CLIENT_CAPABILITIES_META_KEY, createMcpHandler } from '@modelcontextprotocol/server'
import { hook } from '../../check-options.ts'
import type { Intercom } from '../../intercom.ts'
import { checkToolOptions, offerOf } from '../offer.ts'
import { inAcceptedForm } from './accept.ts'
import { showsApps } from './app.ts'
import type { ListChanges } from './changes.ts'
import { withinGrant } from './scopes.ts'
import { confirmByRule, type McpOptions, serversOf } from './server.ts'

export type McpHttpOptions = McpOptions & { maxRequestBytes?: number; onError?: (error: Error) => void }

const aByteCount = {
  accepts: (value: unknown) => Number.isSafeInteger(value) && Number(value) > 0,
  expected: 'a whole number of bytes',
}

/** MCP over Streamable HTTP. It checks no Host, Origin or key: whoever mounts it does. */
export function mcpHttp(intercom: Pick<Intercom, 'call'>, options: McpHttpOptions = {}) {
  const { lists: _, lasts: __, ...handler } = renewableMcp(intercom, options)
  return handler
}

/** The most streams of one caller that wait for changes; a client that gets none works without. */
const mostStreams = 100

/**
 * The same where the policy may be replaced while sessions are open, which are told through `changes`. `lists`
 * identifies a list of tools; `lasts` says whether an answer is a stream that waits for changes.
 */
export function renewableMcp(
  intercom: Pick<Intercom, 'call'>,
  options: McpHttpOptions,
  changes?: ListChanges,
) {
  checkToolOptions(options, { onError: hook, confirmBy: confirmByRule, maxRequestBytes: aByteCount })
  const { maxRequestBytes = 4 * 1024 * 1024, onError, confirmBy, ...given } = options
  const offer = offerOf(intercom, given)
  const { make, list } = serversOf(offer, confirmBy, changes !== undefined)
  const asking = new AsyncLocalStorage<{ apps: boolean | null; listens: boolean }>()
  const bus = changes && {
    publish() {},
    subscribe(tell: (event: { kind: 'tools_list_changed' }) => void) {
      const asked = asking.getStore()
      if (asked) asked.listens = true
      return changes.listen(() => tell({ kind: 'tools_list_changed' }), asked?.apps ?? null)
    },
  }
  const handler = createMcpHandler(make, {
    maxRequestBodySize: maxRequestBytes,
    ...(bus ? { bus } : {}),
    ...(onError ? { onerror: onError } : {}),
  })
  const fetch = withinGrant(offer, inAcceptedForm(handler.fetch))
  const streams = new WeakSet<Response>()
  const asStream = (answer: Response) => {
    streams.add(answer)
    return answer
  }

  async function renewable(changes: ListChanges, ...[request, more]: Parameters<typeof fetch>) {
    if (wantsStream(request) && changes.count() < mostStreams) return asStream(changesStream(changes))
    if (request.headers.get('mcp-method') !== 'subscriptions/listen') return await fetch(request, more)
    const asked = { apps: showsApps(capabilitiesIn(await request.clone().text())), listens: false }
    const answer = await asking.run(asked, () => fetch(request, more))
    return asked.listens ? asStream(answer) : answer
  }

  return {
    ...handler,
    fetch: changes ? renewable.bind(null, changes) : fetch,
    lists: (apps: boolean | null) => JSON.stringify(list({ askedBy: null, apps })),
    lasts: (answer: Response) => streams.has(answer),
  }
}

/** Before 2026-07-28 clients open a stream by GET, for what no request asks for; since then there is none. */
function wantsStream({ method, headers }: Request): boolean {
  if (method !== 'GET' || (headers.get('mcp-protocol-version') ?? '') >= '2026') return false
  return headers.get('accept')?.includes('text/event-stream') === true
}

const heartbeatMs = 15_000
const changed = 'event: message\ndata: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n\n'

function changesStream(changes: ListChanges): Response {
  let end = () => {}
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string) => controller.enqueue(new TextEncoder().encode(text))
      write(':\n\n')
      const leave = changes.listen(() => write(changed), null)
      const beat = setInterval(write, heartbeatMs, ':\n\n').unref()
      end = () => {
        leave()
        clearInterval(beat)
      }
    },
    cancel: () => end(),
  })
  const headers = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache, no-transform' }
  return new Response(body, { headers })
}

function capabilitiesIn(body: string): { extensions?: object } | undefined {
  try {
    return JSON.parse(body).params._meta[CLIENT_CAPABILITIES_META_KEY]
  } catch {
    return undefined // the SDK says what is wrong with it
  }
}

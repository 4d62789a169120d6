import { mcpHttp } from '../tools/mcp/index.ts'
import type { Limits } from './limits.ts'
import type { Handler, KeyContext, Mount } from './mount.ts'
import { httpHandler, paths } from './rest/index.ts'

/** MCP over Streamable HTTP. */
export function mcpMount({ bodyBytes }: Pick<Limits, 'bodyBytes'>): Mount {
  return {
    path: '/mcp',
    handler: ({ intercom, access, output }) =>
      mcpHttp(intercom, { ...access, output, maxRequestBytes: bodyBytes }),
  }
}

/** REST, with its OpenAPI document, manifest, reference and metrics. Intents of different keys never meet. */
export function restMounts(): Mount[] {
  const handlers = new WeakMap<KeyContext, Handler>()
  const handler = (context: KeyContext) => {
    const made = handlers.get(context) ?? restHandler(context)
    handlers.set(context, made)
    return made
  }
  return paths.map((path) => ({ path, handler }))
}

function restHandler({ name, intercom, access, output, journaled, metrics }: KeyContext): Handler {
  const idempotencyScope = journaled ? name : undefined
  return httpHandler(intercom, { ...access, output, metrics, idempotencyScope })
}

/** Whether the server is up, for load balancers. */
export const healthMount: Mount = {
  path: '/healthz',
  open: { fetch: () => Response.json({ status: 'ok' }, { headers: { 'Cache-Control': 'no-store' } }) },
}

/** What Intercom may send at once, like the default of `createWebhooks`. */
const notificationBytes = 1024 * 1024

/** Intercom's notifications. They carry a signature in place of a key. */
export function webhooksMount(webhooks: Handler): Mount {
  return { path: '/webhooks', open: webhooks, bodyBytes: notificationBytes }
}

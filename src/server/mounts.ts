import { mcpHttp } from '../adapters/mcp/index.ts'
import type { Limits } from './limits.ts'
import type { Mount } from './mount.ts'

/** MCP over Streamable HTTP. */
export function mcpMount({ bodyBytes }: Pick<Limits, 'bodyBytes'>): Mount {
  return {
    path: '/mcp',
    handler: ({ intercom, access, output }) =>
      mcpHttp(intercom, { ...access, output, maxRequestBytes: bodyBytes }),
  }
}

/** Whether the server is up, for load balancers. */
export const healthMount: Mount = {
  path: '/healthz',
  open: { fetch: () => Response.json({ status: 'ok' }, { headers: { 'Cache-Control': 'no-store' } }) },
}

import { createMcpHandler } from '@modelcontextprotocol/server'
import type { Intercom } from '../../intercom.ts'
import { type McpOptions, mcpServers } from './server.ts'

/** MCP over Streamable HTTP, without any guard: whoever mounts it checks Host, Origin and the key. */
export function mcpHttp(
  intercom: Pick<Intercom, 'call'>,
  options: McpOptions & { maxRequestBytes?: number; onError?: (error: Error) => void } = {},
) {
  const { maxRequestBytes = 4 * 1024 * 1024, onError, ...offer } = options
  return createMcpHandler(mcpServers(intercom, offer), {
    maxRequestBodySize: maxRequestBytes,
    ...(onError ? { onerror: onError } : {}),
  })
}

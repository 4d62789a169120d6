import { type StdioServerHandle, serveStdio } from '@modelcontextprotocol/server/stdio'
import type { Intercom } from '../../intercom.ts'
import { type McpOptions, mcpServers } from './server.ts'

/** Serves MCP over this process's stdin and stdout, which belong to the protocol from then on. */
export function mcpStdio(
  intercom: Pick<Intercom, 'call'>,
  options: McpOptions & { onError?: (error: Error) => void } = {},
): StdioServerHandle {
  const { onError, ...offer } = options
  return serveStdio(mcpServers(intercom, offer), onError ? { onerror: onError } : {})
}

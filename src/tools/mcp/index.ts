// Subpath `/mcp`: the actions for any MCP client.

export type { ConfirmBy } from './app.ts'
export { type McpOptions, mcpHttp, mcpServers, mcpStdio } from './server.ts'

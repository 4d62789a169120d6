// Subpath `/mcp`: the actions for any MCP client.

export type { ConfirmBy } from './app.ts'
export { type McpHttpOptions, mcpHttp } from './http.ts'
export { type McpOptions, mcpServers, mcpStdio } from './server.ts'

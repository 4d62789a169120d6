// Subpath `/mcp`: the thirteen actions for any MCP client.

export { mcpHttp } from './http.ts'
export { type McpOptions, mcpServers } from './server.ts'
export { mcpStdio } from './stdio.ts'

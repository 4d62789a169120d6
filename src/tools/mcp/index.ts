// Subpath `/mcp`: the actions for any MCP client.

export { type McpOptions, mcpHttp, mcpServers, mcpStdio } from './server.ts'

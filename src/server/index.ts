// One HTTP server for MCP and REST: keys, limits, logs, a good end.

export { parseConfig } from './config.ts'
export { callersOf, limitsOf } from './configured.ts'
export { defaultCallsPerMinute, defaultConcurrentCalls } from './limits.ts'
export { healthMount, mcpMount, restMounts, webhooksMount } from './mounts.ts'
export { journalOf } from './rest/journal.ts'
export { checkedHash } from './secrets.ts'
export { startServer } from './server.ts'

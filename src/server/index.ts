// One HTTP server for MCP and REST: API keys, limits, logs, graceful shutdown.

export { defaultCallsPerMinute, defaultConcurrentCalls, limitsOf, parseConfig } from './config.ts'
export { callersOf } from './configured-callers.ts'
export { checkedKeyHash } from './keys.ts'
export { healthMount, mcpMount, restMounts, webhooksMount } from './mounts.ts'
export { journalOf } from './rest/idempotency.ts'
export { startServer } from './server.ts'

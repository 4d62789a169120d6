// One HTTP server for MCP and REST: API keys, limits, logs, graceful shutdown.

export { parseConfig } from './config.ts'
export { callersOf } from './configured-callers.ts'
export { checkedKeyHash } from './keys.ts'
export { defaultCallsPerMinute, defaultConcurrentCalls, limitsOf } from './limits.ts'
export { healthMount, mcpMount, restMounts, webhooksMount } from './mounts.ts'
export { journalOf } from './rest/idempotency.ts'
export { startServer } from './server.ts'

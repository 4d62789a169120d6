// One HTTP server for MCP and REST: API keys, limits, logs, graceful shutdown.

export { defaultCallsPerMinute, defaultConcurrentCalls, limitsOf, parseConfig } from './config.ts'
export { callersOf } from './configured-callers.ts'
export { checkedKeyHash } from './keys.ts'
export { healthMount, mcpMount, metricsMount, restMounts, webhooksMount } from './mounts.ts'
export { type NotReady, readyMount, workspacesCheck } from './readiness.ts'
export { journalOf } from './rest/idempotency.ts'
export { metricsOf } from './rest/index.ts'
export { withoutSecrets } from './secret-like.ts'
export { type Serving, startServer } from './server.ts'

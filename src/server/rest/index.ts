// Subpath `/http`: the thirteen actions over REST, with OpenAPI.

export { type HttpOptions, httpHandler, paths } from './handler.ts'
export type { LiveSource } from './live.ts'
export { type MetricFamily, type MetricSample, type Metrics, metricsOf } from './metrics.ts'
export type { LoggedCall, Refusable, SendLog } from './sends/log.ts'
export { type Traffic, type TrafficEntry, type TrafficWindow, trafficOf } from './traffic.ts'

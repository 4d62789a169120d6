/** Repetitions of one request, besides those that Intercom's rate limit refused. */
export const maxRetries = 3

const firstMs = 500
const longestMs = 20_000

/** Exponential back-off with full jitter, so that clients of one outage do not come back together. */
export function backoffMs(retries: number): number {
  return Math.random() * Math.min(longestMs, firstMs * 2 ** retries)
}

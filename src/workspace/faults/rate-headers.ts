import type { Outgoing } from '../http/answer.ts'

/** What is wrong with the `X-RateLimit-*` headers; see the table of kinds in docs/workspace.md. */
export const wrongRateHeaders = ['absent', 'stale', 'past', 'far', 'absurd'] as const

/** One of {@link wrongRateHeaders}. */
export type WrongRateHeaders = (typeof wrongRateHeaders)[number]

/** The answer with wrong rate limit headers; one without any, such as a 401, stays unchanged. */
export function withRateHeaders(whole: Outgoing, value: WrongRateHeaders): Outgoing {
  const {
    'X-RateLimit-Limit': limit,
    'X-RateLimit-Remaining': remaining,
    'X-RateLimit-Reset': reset,
    ...others
  } = whole.headers
  if (limit === undefined || remaining === undefined || reset === undefined) return whole
  const told = (changed: { limit?: string; remaining?: string; reset?: string }): Outgoing => {
    const now = { limit, remaining, reset, ...changed }
    const headers = {
      ...others,
      'X-RateLimit-Limit': now.limit,
      'X-RateLimit-Remaining': now.remaining,
      'X-RateLimit-Reset': now.reset,
    }
    return { ...whole, headers }
  }
  const second = Math.floor(Date.parse(whole.headers['Date'] ?? '') / 1000)
  switch (value) {
    case 'absent':
      return { ...whole, headers: others }
    case 'stale':
      return told({ remaining: limit })
    case 'past':
      return told({ reset: String(second - 30) })
    case 'far':
      return told({ reset: String(second + 86_400) })
    case 'absurd':
      return told({ limit: '-1', remaining: '1e400', reset: 'soon' })
  }
}

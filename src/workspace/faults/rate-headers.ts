import type { Outgoing } from '../http/answer.ts'

/** What may be wrong with the `X-RateLimit-*` headers of an answer; see the table of kinds in README.md. */
export const wrongRateHeaders = ['absent', 'stale', 'past', 'far', 'absurd'] as const

/** One of {@link wrongRateHeaders}. */
export type WrongRateHeaders = (typeof wrongRateHeaders)[number]

/** The same answer with other rate headers; one that has none, such as a 401, stays as it is. */
export function withRateHeaders(whole: Outgoing, are: WrongRateHeaders): Outgoing {
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
  switch (are) {
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

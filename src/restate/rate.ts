import { type ObjectContext, object } from '@restatedev/restate-sdk'
import type { Leased, LeaseRequest, PermitSource } from '../client/rate-limit/budget.ts'
import { grant, type PermitState } from '../client/rate-limit/grant.ts'
import { askIngress } from './ingress.ts'
import { terminalError } from './response.ts'
import { serviceOptions } from './service-options.ts'

/** The share of the rate limit that workers use; the rest is for whatever else calls with the token. */
const share = 0.9

/**
 * The rate limit of one Intercom app, which is the key. Workers lease permits in blocks and report the rate headers of
 * their answers, so that together they stay below the limit.
 */
export const rate = object({
  name: 'intercom_rate',
  description: "Intercom's rate limit, shared by the workers, who lease permits here.",
  options: serviceOptions,
  handlers: {
    lease: async (ctx: ObjectContext, request: LeaseRequest): Promise<Leased> => {
      if (!isRequest(request)) throw terminalError('invalid_input', 'this is not a valid request for permits')
      const { state, leased } = grant(await ctx.get<PermitState>('schedule'), request, share)
      ctx.set('schedule', state)
      return leased
    },
  },
})

/** Leases through Restate's ingress, outside any handler: a lease that is lost costs its block, nothing more. */
export function permitSource(ingress: string, app: string): PermitSource {
  const url = `${ingress}/intercom_rate/${encodeURIComponent(app)}/lease`
  return {
    async lease(request) {
      const leased = await askIngress(url, request)
      if (!isLeased(leased)) throw new Error('unexpected answer from the ingress')
      return leased
    },
  }
}

/** A malformed request must not be retried: the app's permits would wait behind it. */
function isRequest(request: unknown): request is LeaseRequest {
  if (typeof request !== 'object' || request === null) return false
  const { reports, at, count } = request as Record<string, unknown>
  return Array.isArray(reports) && reports.every(isReport) && Number.isFinite(at) && Number.isFinite(count)
}

function isReport(report: unknown): boolean {
  if (typeof report !== 'object' || report === null || !('rate' in report && 'refused' in report))
    return false
  const { rate, refused, ...numbers } = report
  return (
    [rate, refused].every((one) => typeof one === 'object') && Object.values(numbers).every(Number.isFinite)
  )
}

function isLeased(answer: unknown): answer is Leased {
  if (typeof answer !== 'object' || answer === null || !('slots' in answer && 'pauses' in answer))
    return false
  const { slots, pauses } = answer
  const numbers = slots === null ? [pauses] : [pauses, ...Object.values(slots as object)]
  return typeof slots === 'object' && numbers.every(Number.isFinite)
}

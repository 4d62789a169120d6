import { type ObjectContext, object } from '@restatedev/restate-sdk'
import type { Leased, LeaseRequest, PermitSource } from '../client/rate-limit/budget.ts'
import { grant, type PermitState } from '../client/rate-limit/grant.ts'
import { askIngress } from './ingress.ts'
import { refusal } from './response.ts'
import { quiet } from './service-options.ts'

/** Workers use no more than this of what Intercom allows; the rest is for whatever else calls with the token. */
const share = 0.9

/**
 * The rate limit of one Intercom app, which is the key. Workers lease permits in blocks and tell what the headers of
 * their answers said, so that all of them together stay below the limit.
 */
export const rate = object({
  name: 'intercom_rate',
  description: 'Leave to call Intercom, for the workers.',
  options: quiet,
  handlers: {
    lease: async (ctx: ObjectContext, request: LeaseRequest): Promise<Leased> => {
      if (!isRequest(request)) throw refusal('invalid_input', 'this is no question for permits')
      const { state, leased } = grant(await ctx.get<PermitState>('schedule'), request, share)
      ctx.set('schedule', state)
      return leased
    },
  },
})

/** Leases by way of the engine's ingress, outside any handler: a lease that is lost costs a block, nothing more. */
export function permitsBy(ingress: string, app: string): PermitSource {
  const url = `${ingress}/intercom_rate/${encodeURIComponent(app)}/lease`
  return {
    async lease(request) {
      const leased = await askIngress(url, request)
      if (!isLeased(leased)) throw new Error('the ingress answers something else')
      return leased
    },
  }
}

/** A request that cannot be worked on must not be tried again: the app's permits would wait behind it. */
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

import { type ObjectContext, object } from '@restatedev/restate-sdk'
import { z } from 'zod'
import type { LeaseRequest, LeaseResponse, PermitSource } from '../client/rate-limit/budget.ts'
import { grant, type PermitState } from '../client/rate-limit/grant.ts'
import { askIngress } from './ingress.ts'
import { terminalError } from './response.ts'
import { serviceOptions } from './service-options.ts'

/** The share of the rate limit that workers use; the rest is for whatever else calls with the token. */
const share = 0.9

const objectOrNull = z.looseObject({}).nullable()
const report = z.object({ rate: objectOrNull, refused: objectOrNull }).catchall(z.number())
/** A malformed request must not be retried: the app's permits would wait behind it. */
const leaseRequest = z.object({ reports: z.array(report), at: z.number(), count: z.number() })
const leasedPermits = z.object({ lease: z.record(z.string(), z.number()).nullable(), pauses: z.number() })

/**
 * The rate limit of one Intercom app, which is the key. Workers lease permits in blocks and report the rate headers of
 * their answers, so that together they stay below the limit.
 */
export const rate = object({
  name: 'intercom_rate',
  description: "Intercom's rate limit, shared by the workers, who lease permits here.",
  options: serviceOptions,
  handlers: {
    lease: async (ctx: ObjectContext, request: LeaseRequest): Promise<LeaseResponse> => {
      if (!leaseRequest.safeParse(request).success)
        throw terminalError('invalid_input', 'this is not a valid request for permits')
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
      if (!leasedPermits.safeParse(leased).success) throw new Error('unexpected answer from the ingress')
      return leased as LeaseResponse
    },
  }
}

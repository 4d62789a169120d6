import { hash } from 'node:crypto'
import { handlers, type ObjectContext, type ObjectSharedContext, object } from '@restatedev/restate-sdk'
import { retentionMs } from '../core/journal.ts'
import { askIngress } from './ingress.ts'
import { terminalError } from './response.ts'
import { expireLater, serviceOptions } from './service-options.ts'

/** An item found at Intercom belongs to the first operation that claims it. */
type Claim = { item: string; operation: string; at: number }

const name = 'intercom_claims'

/**
 * Which operation made what in one conversation, or on one contact: two workers that look for the same words must not
 * take the same reply for theirs. Keeps ids, for 30 days.
 */
export const claims = object({
  name,
  description: 'Which idempotency key owns which reply, note or message. Called by workers.',
  options: serviceOptions,
  handlers: {
    claim: handlers.object.exclusive(
      { ingressPrivate: true },
      async (
        ctx: ObjectContext,
        { item, operation }: Pick<Claim, 'item' | 'operation'>,
      ): Promise<boolean> => {
        const known = (await ctx.get<Claim[]>('claims')) ?? []
        const owner = known.find((claim) => claim.item === item)?.operation
        if (owner !== undefined) return owner === operation
        if (known.length === 0) expireLater(ctx, name, retentionMs)
        ctx.set('claims', [...known, { item, operation, at: await ctx.date.now() }])
        return true
      },
    ),
    claimedByOthers: handlers.object.shared(
      async (
        ctx: ObjectSharedContext,
        asked: { items: readonly string[]; operation: string },
      ): Promise<string[]> => {
        if (!Array.isArray(asked?.items)) throw terminalError('invalid_input', 'items must be a list')
        const known = (await ctx.get<Claim[]>('claims')) ?? []
        return asked.items.filter((item) =>
          known.some((claim) => claim.item === item && claim.operation !== asked.operation),
        )
      },
    ),
    expire: handlers.object.exclusive({ ingressPrivate: true }, async (ctx: ObjectContext): Promise<void> => {
      const now = await ctx.date.now()
      const known = ((await ctx.get<Claim[]>('claims')) ?? []).filter(({ at }) => at > now - retentionMs)
      const [oldest] = known
      if (oldest === undefined) return ctx.clearAll()
      ctx.set('claims', known)
      expireLater(ctx, name, oldest.at + retentionMs - now)
    }),
  },
})

/** Those of the items found in one place that belong to other operations. */
export type ClaimLookup = (found: readonly string[], operation: string) => Promise<readonly string[]>

/** Asks through Restate's ingress, outside any handler. Rejects without an answer. */
export function claimLookup(ingress: string): ClaimLookup {
  return async (found, operation) => {
    const [first] = found
    if (first === undefined) return []
    const items = found.map((one) => claimAddress(one).item)
    const url = `${ingress}/intercom_claims/${claimAddress(first).key}/claimedByOthers`
    const known: unknown = await askIngress(url, { items, operation })
    if (!Array.isArray(known)) throw new Error('unexpected answer from the ingress')
    return found.filter((_, n) => known.includes(items[n]))
  }
}

/**
 * The object's key and its item for what was found: `conversation 12 34` is part 34 of conversation 12. The key is a
 * hash, since some are e-mail addresses.
 */
export function claimAddress(found: string): { key: string; item: string } {
  const cut = found.lastIndexOf(' ')
  return { key: hash('sha256', found.slice(0, cut)).slice(0, 32), item: found.slice(cut + 1) }
}

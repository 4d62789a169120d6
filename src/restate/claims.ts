import { hash } from 'node:crypto'
import { handlers, type ObjectContext, type ObjectSharedContext, object, rpc } from '@restatedev/restate-sdk'
import { askIngress } from './ingress.ts'
import { refusal } from './response.ts'
import { keptForMs, quiet } from './service-options.ts'

/** Who has what was found at Intercom: an item belongs to the first intent that claims it. */
type Claim = { item: string; id: string; at: number }

type Forgetting = { forget(ctx: ObjectContext): Promise<void> }

/**
 * What was made in one conversation, or on one contact, by which intent: two workers that look for the same words
 * must not take the same reply for theirs. It holds ids, for 30 days.
 */
export const claims = object({
  name: 'intercom_claims',
  description: 'Which intent has which reply, note or message. Called by the other services and by workers.',
  options: quiet,
  handlers: {
    claim: handlers.object.exclusive(
      { ingressPrivate: true },
      async (ctx: ObjectContext, { item, id }: { item: string; id: string }): Promise<boolean> => {
        const known = (await ctx.get<Claim[]>('claims')) ?? []
        const owner = known.find((claim) => claim.item === item)?.id
        if (owner !== undefined) return owner === id
        if (known.length === 0) forgetLater(ctx, keptForMs)
        ctx.set('claims', [...known, { item, id, at: await ctx.date.now() }])
        return true
      },
    ),
    others: handlers.object.shared(
      async (ctx: ObjectSharedContext, asked: { items: string[]; id: string }): Promise<string[]> => {
        if (!Array.isArray(asked?.items)) throw refusal('invalid_input', 'items takes a list')
        const known = (await ctx.get<Claim[]>('claims')) ?? []
        return asked.items.filter((item) =>
          known.some((claim) => claim.item === item && claim.id !== asked.id),
        )
      },
    ),
    forget: handlers.object.exclusive({ ingressPrivate: true }, async (ctx: ObjectContext): Promise<void> => {
      const now = await ctx.date.now()
      const known = ((await ctx.get<Claim[]>('claims')) ?? []).filter(({ at }) => at > now - keptForMs)
      const [oldest] = known
      if (oldest === undefined) return ctx.clearAll()
      ctx.set('claims', known)
      forgetLater(ctx, oldest.at + keptForMs - now)
    }),
  },
})

/** Those of what was found in one place that other intents have. */
export type Others = (found: readonly string[], id: string) => Promise<readonly string[]>

/** Asks by way of the engine's ingress, outside any handler. Rejects where that cannot be said. */
export function othersBy(ingress: string): Others {
  return async (found, id) => {
    const [first] = found
    if (first === undefined) return []
    const items = found.map((one) => placeOf(one).item)
    const url = `${ingress}/intercom_claims/${placeOf(first).key}/others`
    const known: unknown = await askIngress(url, { items, id })
    if (!Array.isArray(known)) throw new Error('the ingress answers something else')
    return found.filter((_, n) => known.includes(items[n]))
  }
}

function forgetLater(ctx: ObjectContext, delay: number): void {
  const self = ctx.objectSendClient<Forgetting>({ name: 'intercom_claims' }, ctx.key)
  self.forget(rpc.sendOpts({ delay }))
}

/**
 * The object's key and the item of what a look has found: `conversation 12 34` is part 34 of conversation 12. The key
 * is a hash, since some are e-mail addresses.
 */
export function placeOf(found: string): { key: string; item: string } {
  const cut = found.lastIndexOf(' ')
  return { key: hash('sha256', found.slice(0, cut)).slice(0, 32), item: found.slice(cut + 1) }
}

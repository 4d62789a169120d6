import { type ObjectContext, object } from '@restatedev/restate-sdk'
import { keptForMs, quiet } from './quiet.ts'

/** Who has what was found at Intercom: an item belongs to the first intent that claims it. */
type Claim = { item: string; id: string; at: number }

/**
 * What was made in one conversation, or on one contact, by which intent: two workers that look for the same words
 * must not take the same reply for theirs. It holds ids, for 30 days after the last claim of its key.
 */
export const claims = object({
  name: 'intercom_claims',
  description: 'Which intent has which reply, note or message. Called by the other services.',
  options: { ...quiet, ingressPrivate: true },
  handlers: {
    claim: async (ctx: ObjectContext, { item, id }: { item: string; id: string }): Promise<boolean> => {
      const now = await ctx.date.now()
      const known = ((await ctx.get<Claim[]>('claims')) ?? []).filter(({ at }) => at > now - keptForMs)
      const owner = known.find((claim) => claim.item === item)?.id
      if (owner === undefined) known.push({ item, id, at: now })
      ctx.set('claims', known)
      return owner === undefined || owner === id
    },
    others: async (ctx: ObjectContext, { items, id }: { items: string[]; id: string }): Promise<string[]> => {
      const known = (await ctx.get<Claim[]>('claims')) ?? []
      return items.filter((item) => known.some((claim) => claim.item === item && claim.id !== id))
    },
  },
})

/** The object's key and the item of what a look has found: `conversation 12 34` is part 34 of conversation 12. */
export function placeOf(found: string): { key: string; item: string } {
  const cut = found.lastIndexOf(' ')
  return { key: found.slice(0, cut), item: found.slice(cut + 1) }
}

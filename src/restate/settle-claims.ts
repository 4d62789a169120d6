import { type Context, RestatePromise } from '@restatedev/restate-sdk'
import { claimAddress, claims } from './claims.ts'
import type { AttemptOutcome, PendingWrite } from './write-attempt.ts'

/** An attempt that has ended. `isOwn`: whether what it read back is its own, once the claims of all workers are known. */
export type EndedAttempt = {
  write: PendingWrite
  attempted: AttemptOutcome
  isOwn: RestatePromise<boolean> | null
}

/** How often others are asked whether they claim what was found: about fifteen seconds in all. */
const maxAsked = 6
const firstPauseMs = 500

/**
 * Tells all workers what belongs to this write as soon as that is known: those that were cut off with it wait to
 * hear. What was read back may have been claimed by another since; what Intercom has answered cannot be.
 */
export function claim(
  ctx: Context,
  { operation }: PendingWrite,
  { claimed, wasReadBack }: AttemptOutcome,
): RestatePromise<boolean> | null {
  if (claimed === null) return null
  const { key, item } = claimAddress(claimed)
  if (wasReadBack) return ctx.objectClient(claims, key).claim({ item, operation })
  ctx.objectSendClient(claims, key).claim({ item, operation })
  return null
}

/** The writes that found an item of another operation: they look again, without that item. */
export async function settleClaims(ctx: Context, ended: readonly EndedAttempt[]): Promise<Set<PendingWrite>> {
  const mistaken = new Set<PendingWrite>()
  for (const { write, attempted, isOwn } of ended) {
    if (isOwn === null || attempted.claimed === null || (await isOwn)) continue
    write.foreign.push(attempted.claimed)
    mistaken.add(write)
  }
  let open = ended.flatMap(({ write, attempted: { claimed, unattributed } }) => {
    const [first] = unattributed
    return claimed !== null || first === undefined
      ? []
      : [{ write, unattributed, key: claimAddress(first).key }]
  })
  for (let asked = 1; open.length > 0; asked++) {
    const answers = await RestatePromise.all(
      open.map(({ write: { operation }, unattributed, key }) => {
        const items = unattributed.map((one) => claimAddress(one).item)
        return ctx.objectClient(claims, key).claimedByOthers({ items, operation })
      }),
    )
    open = open.filter(({ write, unattributed }, n) => {
      const known = unattributed.filter((one) => answers[n]?.includes(claimAddress(one).item))
      if (known.length === 0) return true
      write.foreign.push(...known)
      mistaken.add(write)
      return false
    })
    if (open.length === 0 || asked === maxAsked) break
    // Those that were cut off together look at about the same moment.
    await ctx.sleep(firstPauseMs * 2 ** (asked - 1), 'waiting for the claims of other workers')
  }
  return mistaken
}

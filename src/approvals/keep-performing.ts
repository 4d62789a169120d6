import type { Approval, ApprovalStore, Asker } from './approval.ts'
import { vouching } from './made-before.ts'
import { type PerformingClient, perform } from './perform.ts'

const lapseEveryMs = 60_000

/** How often approvals are looked at, and how many calls are made at once. */
export type KeepOptions = { everyMs?: number | undefined; atOnce?: number | undefined }

/**
 * Makes the approved calls of these clients that nobody has made: decided by another process, or left by a crash; ends
 * what nobody decided on in time. It holds no process open, and ends with the store. The answer ends it, and waits for
 * the calls it has begun.
 */
export function keepPerforming(
  store: ApprovalStore,
  clients: () => readonly Partial<PerformingClient>[],
  { everyMs = 1500, atOnce = 4 }: KeepOptions = {},
): () => Promise<void> {
  const begun = new Map<string, Promise<unknown>>()
  let lapsedAt = Number.NEGATIVE_INFINITY
  let timer = setTimeout(look, 0).unref()
  let stopped = false

  async function look(): Promise<void> {
    try {
      if (performance.now() - lapsedAt >= lapseEveryMs) {
        lapsedAt = performance.now()
        await store.lapse()
      }
      for (const some of together(clients())) await begin(some)
    } catch {} // the next look will do
    if (!stopped && store.isOpen) timer = setTimeout(look, everyMs).unref()
  }

  /** Those of one workspace and journal. */
  async function begin(some: readonly PerformingClient[]): Promise<void> {
    const [first] = some
    const journal = first && vouching(first)
    if (!journal || begun.size >= atOnce) return
    const makesFor = (who: Asker) => some.some((one) => one.makesFor?.(who) ?? true)
    for (const approval of await store.due(first.workspace, journal.id, atOnce + begun.size, makesFor)) {
      const { id } = approval
      if (stopped || begun.size >= atOnce) return
      if (begun.has(id)) continue
      const one = perform(store, clientFor(approval, some) ?? first, id)
        .then(
          // not by this client, and perhaps by that of another process
          async ({ approval, result }) => {
            if (approval.state === 'approved' && result === null) await store.postpone(id)
          },
        )
        .catch(() => {})
        .finally(() => begun.delete(id))
      begun.set(id, one)
    }
  }

  return async () => {
    stopped = true
    clearTimeout(timer)
    await Promise.allSettled(begun.values())
  }
}

/** The client that makes the calls of whoever asked, and can make this one. */
export function clientFor<Client extends Partial<PerformingClient>>(
  approval: Approval,
  clients: readonly Client[],
): Client | undefined {
  const theirs = clients.filter(
    ({ workspace, makesFor }) => workspace === approval.workspace && (makesFor?.(approval) ?? true),
  )
  const isOffered = ({ actions }: Client) =>
    (actions as readonly string[] | undefined)?.includes(approval.action) ?? true
  return theirs.find(isOffered) ?? theirs[0]
}

/** Those that can make approved calls, by workspace and journal. */
function together(clients: readonly Partial<PerformingClient>[]): Iterable<PerformingClient[]> {
  const able = clients.filter(
    ({ call, workspace, journal }) => call !== undefined && workspace !== undefined && journal?.id,
  ) as PerformingClient[]
  return Map.groupBy(able, ({ workspace, journal }) => JSON.stringify([workspace, journal?.id])).values()
}

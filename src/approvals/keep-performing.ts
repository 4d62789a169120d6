import type { ApprovalStore } from './approval.ts'
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
      for (const client of differing(clients())) await begin(client)
    } catch {} // the next look will do
    if (!stopped && store.isOpen) timer = setTimeout(look, everyMs).unref()
  }

  async function begin(client: PerformingClient): Promise<void> {
    const journal = vouching(client)
    if (journal === null || begun.size >= atOnce) return
    for (const { id } of await store.due(client.workspace, journal.id, atOnce + begun.size)) {
      if (stopped || begun.size >= atOnce) return
      if (begun.has(id)) continue
      const one = perform(store, client, id)
        .then(
          // not by this client: another one may come first the next time
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

/** One client of each workspace and journal, and of each set of actions. */
function differing(clients: readonly Partial<PerformingClient>[]): PerformingClient[] {
  const byKind = new Map<string, PerformingClient>()
  for (const client of clients) {
    const { workspace, journal, actions } = client
    if (client.call === undefined || workspace === undefined || !journal?.id) continue
    byKind.set(JSON.stringify([workspace, journal.id, actions]), client as PerformingClient)
  }
  return [...byKind.values()]
}

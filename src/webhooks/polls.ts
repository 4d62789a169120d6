import { IntercomError } from '../errors.ts'
import type { Intercom } from '../intercom.ts'
import { retryWhileBusy, transaction } from '../sqlite/sqlite.ts'
import type { Inbox } from './inbox.ts'
import type { Problem } from './problem.ts'

/** Options of `poll`. */
export type PollOptions = {
  /** Who asks: searches alone are made. */
  intercom: Pick<Intercom, 'call'>
  /** Seconds between the end of a poll and the next. @default 60 */
  everySeconds?: number | undefined
  /** What changed so long before the newest that was seen is read again, since searches lag. @default 600 */
  overlapSeconds?: number | undefined
  /** Where the very first poll of a store begins; later ones go on from there. @default now, less the overlap */
  since?: Date | undefined
}

/** What polls, until it or the webhooks are closed. */
export type Poller = {
  /** Polls at once, or waits for the poll under way; answers how many events were new. Never rejects. */
  now(): Promise<number>
  stop(): Promise<void>
}

/** What of a found item is used. */
type Found = { type: string; id: string; created_at: number; updated_at: number }

const kinds = ['conversation', 'contact'] as const
type Kind = (typeof kinds)[number]

/**
 * Contacts compare whole days of the workspace's time zone, beginning with the day after the value's: 26 hours earlier
 * is another day everywhere, also where summer time makes a day of 25.
 */
const contactsEarlier = 26 * 3600

/** Polls the kinds one after the other, into an inbox. */
export function startPoller(
  inbox: Inbox,
  { intercom, everySeconds = 60, overlapSeconds = 600, since }: PollOptions,
  {
    isWanted,
    wake,
    onProblem,
  }: { isWanted(topic: string): boolean; wake(): void; onProblem(p: Problem): void },
): Poller {
  const first = Math.floor((since?.getTime() ?? Date.now()) / 1000) - (since ? 0 : overlapSeconds)
  const read = inbox.db.prepare('SELECT since FROM cursors WHERE kind = ?')
  const begin = inbox.db.prepare('INSERT OR IGNORE INTO cursors (kind, since) VALUES (?, ?)')
  const move = inbox.db.prepare('UPDATE cursors SET since = max(since, ?) WHERE kind = ?')
  const seen = inbox.db.prepare("SELECT 1 FROM events WHERE subject = ? AND topic GLOB 'polled.*' LIMIT 1")
  const forget = inbox.db.prepare(`
    DELETE FROM events WHERE state = 'done' AND topic GLOB 'polled.*' AND subject GLOB ? AND created_at < ?`)
  const sinceOf = (kind: Kind) => Number(read.get(kind)?.['since'])
  let running: Promise<number> | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  /** What fits. What was kept of a page is known by its id when that is read again. */
  function keep(kind: Kind, items: Found[]): { kept: number; full: boolean } {
    const since = sinceOf(kind) // another process may have moved it, and forgotten what lies before
    let kept = 0
    for (const item of items) {
      if (item.updated_at < since) continue
      const subject = `${kind}:${item.id}`
      const isNew = item.created_at >= since && seen.get(subject) === undefined
      const topic = `polled.${kind}.${isNew ? 'created' : 'updated'}`
      const id = `polled:${subject}:${item.updated_at}`
      const body = JSON.stringify({
        type: 'notification_event',
        id,
        topic,
        app_id: null,
        data: { type: 'notification_event_data', item },
        created_at: item.updated_at,
      })
      const event = { id, topic, subject, createdAt: item.updated_at, body }
      const received = inbox.receiveNow(event, isWanted(topic))
      if (received === 'full') return { kept, full: true }
      if (received === 'new') kept += 1
    }
    return { kept, full: false }
  }

  async function pollOf(kind: Kind): Promise<number> {
    begin.run(kind, first)
    const from = sinceOf(kind)
    const after = kind === 'contact' ? from - contactsEarlier : from - 1
    let fresh = 0
    let newest = 0
    const startedAt = performance.now()
    for (let page: string | null | undefined = null; page !== undefined; ) {
      if (stopped) return fresh
      const { items, next } = await pageOf(intercom, kind, after, page)
      for (const { updated_at } of items) newest = Math.max(newest, updated_at)
      const { kept, full } = await retryWhileBusy(() => transaction(inbox.db, () => keep(kind, items)))
      fresh += kept
      wake()
      if (full) throw new Error('too many events wait in the store')
      page = next
    }
    // What changed on a page already read, while the next ones were, is older than the newest by no more than this.
    const seconds = Math.ceil((performance.now() - startedAt) / 1000)
    await retryWhileBusy(() =>
      transaction(inbox.db, () => {
        move.run(newest - overlapSeconds - seconds, kind)
        forget.run(`${kind}:*`, sinceOf(kind))
      }),
    )
    return fresh
  }

  async function pollAll(): Promise<number> {
    let fresh = 0
    for (const kind of kinds) {
      try {
        if (!stopped) fresh += await pollOf(kind)
      } catch (error) {
        onProblem({ kind: 'poll', what: kind, error })
      }
    }
    return fresh
  }

  function now(): Promise<number> {
    if (stopped) return Promise.resolve(0)
    clearTimeout(timer)
    running ??= pollAll().finally(() => {
      running = undefined
      if (!stopped) timer = setTimeout(() => void now(), everySeconds * 1000)
    })
    return running
  }

  void now()
  return {
    now,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

/** One page of what changed after a second; throws what the action failed with. */
async function pageOf(intercom: Pick<Intercom, 'call'>, kind: Kind, after: number, page: string | null) {
  const input = {
    query_field: 'updated_at',
    query_operator: '>',
    query_value: String(after),
    per_page: 150,
    ...(page === null ? {} : { starting_after: page }),
  }
  const { output, failure } = await intercom.call(`search_${kind}s` as string, input)
  if (failure) throw new IntercomError(String(output.error), failure)
  // What the action answers, by its name.
  const { pages, ...found } = output as unknown as {
    pages: { next?: { starting_after?: string | null } | null } | null
  }
  const items = (found as Record<string, unknown>)[`${kind}s`] as Found[]
  return { items, next: pages?.next?.starting_after || undefined }
}

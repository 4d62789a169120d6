import { IntercomError } from '../errors.ts'
import type { Intercom } from '../intercom.ts'
import { retryWhileBusy, transaction } from '../sqlite/sqlite.ts'
import type { Inbox } from './inbox.ts'
import type { PollOptions, WebhookProblem } from './options.ts'

/** Polls until it is stopped or the webhooks are closed. */
export type Poller = {
  /** Polls at once, or joins the poll in progress; resolves to the number of new events. Never rejects. */
  now(): Promise<number>
  stop(): Promise<void>
}

/** The fields of a search result that are used. */
type Found = { type: string; id: string; created_at: number; updated_at: number }

const kinds = ['conversation', 'contact'] as const
type Kind = (typeof kinds)[number]

/**
 * Contact searches compare whole days of the workspace's time zone and start on the day after the value's. 26 hours
 * earlier is the day before everywhere, even when a day has 25 hours.
 */
const contactsEarlier = 26 * 3600

/** Polls conversations, then contacts, into an inbox. */
export function startPoller(
  inbox: Inbox,
  { intercom, everySeconds = 60, overlapSeconds = 600, since }: PollOptions,
  {
    hasHandler,
    wake,
    onProblem,
  }: {
    hasHandler(topic: string): boolean
    wake(): void
    onProblem(problem: WebhookProblem): void
  },
): Poller {
  const first = Math.floor((since?.getTime() ?? Date.now()) / 1000) - (since ? 0 : overlapSeconds)
  const readCursor = inbox.db.prepare('SELECT since FROM cursors WHERE kind = ?')
  const createCursor = inbox.db.prepare('INSERT OR IGNORE INTO cursors (kind, since) VALUES (?, ?)')
  const moveCursor = inbox.db.prepare('UPDATE cursors SET since = max(since, ?) WHERE kind = ?')
  const seen = inbox.db.prepare("SELECT 1 FROM events WHERE subject = ? AND topic GLOB 'polled.*' LIMIT 1")
  const forget = inbox.db.prepare(`
    DELETE FROM events WHERE state = 'done' AND topic GLOB 'polled.*' AND subject GLOB ? AND created_at < ?`)
  const sinceOf = (kind: Kind) => Number(readCursor.get(kind)?.['since'])
  let running: Promise<number> | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  /** Stores as many events as fit. Those stored of a page are duplicates when it is read again. */
  function store(kind: Kind, items: Found[]): { stored: number; full: boolean } {
    const since = sinceOf(kind) // another process may have moved it and pruned what lies before
    let stored = 0
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
      const received = inbox.receiveNow(event, hasHandler(topic))
      if (received === 'full') return { stored, full: true }
      if (received === 'new') stored += 1
    }
    return { stored, full: false }
  }

  async function pollOf(kind: Kind): Promise<number> {
    createCursor.run(kind, first)
    const from = sinceOf(kind)
    const after = kind === 'contact' ? from - contactsEarlier : from - 1
    let fresh = 0
    let newest = 0
    const startedAt = performance.now()
    for (let page: string | null | undefined = null; page !== undefined; ) {
      if (stopped) return fresh
      const { items, next } = await pageOf(intercom, kind, after, page)
      for (const { updated_at } of items) newest = Math.max(newest, updated_at)
      const { stored, full } = await retryWhileBusy(() => transaction(inbox.db, () => store(kind, items)))
      fresh += stored
      wake()
      if (full) throw new Error('too many events are waiting in the store')
      page = next
    }
    // A change to a page already read, made during this poll, is older than the newest by no more than its duration.
    const seconds = Math.ceil((performance.now() - startedAt) / 1000)
    await retryWhileBusy(() =>
      transaction(inbox.db, () => {
        moveCursor.run(newest - overlapSeconds - seconds, kind)
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
        onProblem({ kind: 'poll', resource: kind, error })
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

/** One page of what changed after a second; throws the action's failure. */
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
  // The key of the items depends on the action.
  const { pages, ...found } = output as unknown as {
    pages: { next?: { starting_after?: string | null } | null } | null
  }
  const items = (found as Record<string, unknown>)[`${kind}s`] as Found[]
  return { items, next: pages?.next?.starting_after || undefined }
}

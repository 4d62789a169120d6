/** `until` ends it besides the server; `over` is called when it has ended. */
export type Live = { until?: AbortSignal | undefined; over?(): void }

const live = new WeakMap<Response, Live>()

/**
 * Marks an answer as one that lasts as long as its reader stays: it holds no slot of its caller, and ends when the server
 * shuts down.
 */
export function asLive(answer: Response, how: Live = {}): Response {
  live.set(answer, how)
  return answer
}

/** How a live answer ends; `undefined` of all others. */
export function liveOf(answer: Response): Live | undefined {
  return live.get(answer)
}

/** The same answer; if it is live, it ends with these signals too. */
export function endingBy(answer: Response, signals: readonly AbortSignal[]): Response {
  const how = live.get(answer)
  if (how === undefined || signals.length === 0) return answer
  return asLive(answer, { ...how, until: AbortSignal.any([...(how.until ? [how.until] : []), ...signals]) })
}

/** Whether a request is for a live list. */
export function wantsLive(request: Request): boolean {
  return request.method === 'GET' && /text\/event-stream/i.test(request.headers.get('accept') ?? '')
}

/** A list that grows. */
export type LiveSource<Entry extends { id: string }> = {
  /** What comes after an entry, oldest first, or from the start; `null` where that is no longer known. */
  since(id: string | null): readonly Entry[] | null
  /** The latest ones, newest first. */
  latest(limit: number): readonly Entry[]
  /** Calls back after each entry. Returns a function that ends this. */
  listen(listener: () => void): () => void
}

const heartbeatMs = 15_000

/**
 * A list as server-sent events, each with its id: after `Last-Event-ID`, or the `latest` so many and then all that
 * come. If entries since then are no longer known it sends `event: missed`, and the reader has to start over.
 */
export function liveList<Entry extends { id: string }>(
  source: LiveSource<Entry>,
  lastEventId: string | null,
  latest = 0,
): Response {
  const newest = () => source.latest(1)[0]?.id ?? null
  let first: string | null =
    `:\n\n${lastEventId === null ? eventsOf(source.latest(latest).toReversed()) : ''}`
  let position = lastEventId ?? newest()
  let wake = () => {}
  let gone = false
  const end = source.listen(() => wake())

  function next(): string {
    const entries = source.since(position)
    position = entries === null ? newest() : (entries.at(-1)?.id ?? position)
    return entries === null ? 'event: missed\ndata: {}\n\n' : eventsOf(entries)
  }

  async function woken(): Promise<string> {
    for (;;) {
      const text = gone ? '' : next()
      if (text !== '' || gone) return text
      const isLate = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(resolve, heartbeatMs, true).unref()
        wake = () => {
          clearTimeout(timer)
          resolve(false)
        }
      })
      if (isLate) return ':\n\n'
    }
  }

  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const text = first ?? (await woken())
      first = null
      if (!gone) controller.enqueue(Buffer.from(text))
    },
    cancel() {
      gone = true
      end()
      wake()
    },
  })
  const headers = { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' }
  return asLive(new Response(body, { headers }))
}

function eventsOf(entries: readonly { id: string }[]): string {
  return entries.map((entry) => `id: ${entry.id}\ndata: ${JSON.stringify(entry)}\n\n`).join('')
}

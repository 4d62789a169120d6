import { batch, signal } from '@preact/signals'
import { Refused, renewals, streamOf } from './server.ts'

/** Milliseconds until it is tried again, doubled each time. */
const firstPause = 250
const longestPause = 5000
/** A tab that nobody sees gives its connection back: a browser has six for one host, in all tabs. */
const hiddenMs = 5000
/** Whoever was away for longer reads anew, in place of hearing everything. */
const awayMs = 60_000

export type Listener = {
  /** Each event once, in order. Those of one chunk come in one batch of signals. */
  onEvent(id: string, data: unknown, event: string): void
  /** `live` also when it begins: what was read before may be old. */
  onState?(state: 'live' | 'lost'): void
  /** Events are missing: read what you show anew. */
  onMissed?(): void
  /** The id after which it begins; else with the next event. */
  since?: string | number | undefined
}

/** How many live lists are cut off at the moment. */
export const lost = signal(0)

/** Hears a stream of the server until the returned function is called, over all breaks of the connection. */
export function live(path: string, listener: Listener): () => void {
  const closing = new AbortController()
  void hear(path, listener, closing.signal)
  return () => closing.abort()
}

async function hear(path: string, listener: Listener, closing: AbortSignal): Promise<void> {
  const place = placeOf(listener)
  let pause = firstPause
  let isLost: boolean | undefined
  let renewal = renewals.peek()
  const state = (now: 'live' | 'lost') => {
    if (isLost === (now === 'lost')) return
    if (isLost !== undefined || now === 'lost') lost.value += now === 'lost' ? 1 : -1
    isLost = now === 'lost'
    listener.onState?.(now)
  }
  closing.addEventListener('abort', () => {
    if (isLost) lost.value -= 1
  })
  while (!closing.aborted) {
    const away = performance.now()
    while (document.hidden && !closing.aborted) await woken(closing)
    if (closing.aborted) return
    if (performance.now() - away > awayMs || renewal !== renewals.peek()) place.forget()
    renewal = renewals.peek()
    const ending = new AbortController()
    const stop = endWhenHidden(ending, closing)
    try {
      const reader = await streamOf(path, place.last(), ending.signal)
      state('live')
      place.begun()
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        pause = firstPause
        const { value } = read
        batch(() => place.take(value))
      }
    } catch (error) {
      if (error instanceof Refused && error.status === 400) place.forget()
    }
    stop()
    if (closing.aborted || document.hidden) continue
    state('lost')
    await woken(closing, pause)
    pause = Math.min(pause * 2, longestPause)
  }
}

/** Where a stream is: what was heard, and what comes in. */
function placeOf({ onEvent, onMissed, since }: Listener) {
  // Several events can share an id, as all changes of one write do: it begins again before the last id, and what was
  // heard of that one is left out.
  let before: string | undefined = since === undefined ? undefined : String(since)
  let current: string | undefined
  let heard = new Set<string>()
  let isBehind = false
  let hasBegun = false
  let rest = ''
  let fields = { id: '', event: 'message', data: [] as string[] }

  function dispatch(): void {
    const { id, event, data } = fields
    fields = { id: '', event: 'message', data: [] }
    if (event === 'missed') onMissed?.()
    if (event === 'missed' || data.length === 0) return
    const text = data.join('\n')
    if (id !== current) {
      before = current ?? before
      current = id
      heard = new Set()
    }
    const key = `${event} ${text}`
    if (heard.has(key)) return
    heard.add(key)
    onEvent(id, parsed(text), event)
  }

  return {
    last: () => before ?? current,
    begun() {
      rest = ''
      fields = { id: '', event: 'message', data: [] }
      // What came in between nobody has told: of the first id that was heard, the one before is not known either.
      if (isBehind || (hasBegun && before === undefined)) onMissed?.()
      isBehind = false
      hasBegun = true
    },
    forget() {
      before = undefined
      current = undefined
      isBehind = true
    },
    take(chunk: string) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const whole of lines) {
        const line = whole.endsWith('\r') ? whole.slice(0, -1) : whole
        if (line === '') dispatch()
        else if (line.startsWith('data:')) fields.data.push(valueIn(line, 5))
        else if (line.startsWith('id:')) fields.id = valueIn(line, 3)
        else if (line.startsWith('event:')) fields.event = valueIn(line, 6)
      }
    },
  }
}

function valueIn(line: string, from: number): string {
  return line.slice(line[from] === ' ' ? from + 1 : from)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Ends a connection with what it is for, and when nobody has looked at the tab for a while. */
function endWhenHidden(ending: AbortController, closing: AbortSignal): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const looked = () => {
    clearTimeout(timer)
    if (document.hidden) timer = setTimeout(() => ending.abort(), hiddenMs)
  }
  const close = () => ending.abort()
  document.addEventListener('visibilitychange', looked)
  closing.addEventListener('abort', close)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', looked)
    closing.removeEventListener('abort', close)
  }
}

/** Until somebody looks, the network is back, somebody has signed in, or so many milliseconds are over. */
async function woken(closing: AbortSignal, ms?: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const over = new AbortController()
  const { signal } = over
  const timer = ms === undefined ? undefined : setTimeout(resolve, ms)
  const wake = () => resolve()
  document.addEventListener('visibilitychange', wake, { signal })
  for (const event of ['online', 'storage']) addEventListener(event, wake, { signal })
  closing.addEventListener('abort', wake, { signal })
  const now = renewals.peek()
  const stop = renewals.subscribe((count) => count !== now && resolve())
  await promise
  stop()
  clearTimeout(timer)
  over.abort()
}

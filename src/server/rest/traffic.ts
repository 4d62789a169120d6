import type { ResponseEvent } from '../../client/call.ts'
import { misplaced } from './call-query.ts'
import { type LiveSource, liveList, wantsLive } from './live.ts'

/** A request that a client made of Intercom, and what came of it; no header, no body. */
export type TrafficEntry = ResponseEvent & {
  /** Ids grow, within this process. */
  id: string
  /** Unix ms by this machine's clock, when its answer was there. */
  at: number
}

/** One of Intercom's ten-second windows, as the answers' headers tell it. */
export type TrafficWindow = {
  /** The Unix second at which it ends. */
  ends_at: number
  /** What all users of the token's app may send in it together. */
  allowed: number
  used: number
  /** What others sent: other processes and programs that share the limit. Never too high. */
  foreign: number
  refused: number
}

/** What a client asked Intercom, lately; in memory only. */
export type Traffic = LiveSource<TrafficEntry> & {
  /** The hook of `createIntercom`. */
  onResponse(event: ResponseEvent): void
  /** Newest first. */
  windows(limit: number): TrafficWindow[]
}

/** The most entries that are kept, and the most windows: an hour of them. */
const kept = 1000
const windowsKept = 360
const windowMs = 10_000

/** `now`: Unix ms. */
export function trafficOf(now: () => number = Date.now): Traffic {
  const process = Math.floor(now()).toString(36)
  const listeners = new Set<() => void>()
  let entries: TrafficEntry[] = []
  let windows: (TrafficWindow & { least: number })[] = []
  let count = 0

  function countIn({ rate_limit, status }: ResponseEvent, at: number): void {
    if (rate_limit === null) return
    const { limit, remaining, reset } = rate_limit
    // The header names the end of this window or of one of the next two (docs/intercom-api.md 1.5).
    const left = (((reset * 1000 - at) % windowMs) + windowMs) % windowMs
    const ends_at = Math.round((at + left) / 1000)
    const last = windows.findLast((one) => one.ends_at === ends_at)
    const window = last ?? { ends_at, allowed: limit, used: 0, foreign: 0, refused: 0, least: limit }
    if (last === undefined) windows.push(window)
    if (windows.length > windowsKept) windows = windows.slice(-windowsKept)
    window.allowed = limit
    window.used += 1
    if (status === 429) window.refused += 1
    window.least = Math.min(window.least, remaining)
    window.foreign = Math.max(0, limit - window.least - window.used)
  }

  return {
    onResponse(event) {
      const at = now()
      count += 1
      entries.push({ id: `${process}-${count}`, at, ...event })
      if (entries.length >= 2 * kept) entries = entries.slice(-kept)
      countIn(event, at)
      for (const listener of listeners) listener()
    },
    latest: (limit) => newest(entries, Math.min(limit, kept)),
    since(id) {
      const [of, number] = id === null ? [process, 0] : id.split('-')
      const after = count - Number(number)
      if (of !== process || !(after >= 0 && after <= entries.length)) return null
      return after === 0 ? [] : entries.slice(-after)
    },
    windows: (limit) => newest(windows, limit).map(({ least: _, ...window }) => window),
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** `GET /traffic`: a list, newest first, or live. */
export function trafficList(traffic: Traffic, request: Request): Response {
  const live = wantsLive(request)
  const limit = limitOf(request, live ? 0 : 100)
  if (limit === null) return wrongLimit()
  if (live) return liveList(traffic, request.headers.get('last-event-id') || null, limit)
  return answer({ requests: traffic.latest(limit) })
}

/** `GET /traffic/limits`: the windows, newest first. */
export function trafficWindows(traffic: Traffic, request: Request): Response {
  const limit = limitOf(request, 100)
  return limit === null ? wrongLimit() : answer({ windows: traffic.windows(limit) })
}

/** The last so many, the newest first. */
function newest<One>(all: readonly One[], limit: number): One[] {
  return all.slice(Math.max(0, all.length - limit)).reverse()
}

function limitOf(request: Request, usual: number): number | null {
  const { searchParams } = new URL(request.url)
  if (misplaced(searchParams, ['limit']) !== undefined) return null
  const given = searchParams.get('limit')
  if (given === null) return usual
  return /^\d{1,4}$/.test(given) && Number(given) <= kept ? Number(given) : null
}

function wrongLimit(): Response {
  const error = `The query takes limit (0 to ${kept}), once, and nothing else.`
  return answer({ success: false, error, code: 'invalid_query' }, 400)
}

function answer(value: object, status = 200): Response {
  return Response.json(value, { status, headers: { 'Cache-Control': 'no-store' } })
}

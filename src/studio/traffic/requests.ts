import { type Signal, useComputed } from '@preact/signals'
import { session } from '../shell/session.ts'
import { type Growing, kept, useGrowing } from './growing.ts'

/** A request to Intercom, as the local one or the server's client has seen it. */
export type Asked = {
  key: string
  /** ms. */
  at: number
  method: string
  /** With its query. */
  path: string
  route: string
  status: number | null
  ms: number
  /** What broke it: a fault that was injected, or how the connection failed. */
  broke: string | null
  /** Everything that is known of it. */
  all: Readonly<Record<string, unknown>>
}

type OfLocal = {
  number: number
  at: number
  method: string
  path: string
  operation: string | null
  status: number | null
  duration_ms: number
  fault: string | null
}

type OfClient = {
  id: string
  at: number
  method: string
  path: string
  route: string
  status: number | null
  code: string | null
  ms: number
}

/** Requests, newest first: of everybody to a local Intercom, else of this server's client. */
export function useRequests(): Omit<Growing<unknown>, 'entries'> & {
  requests: Signal<readonly Asked[] | null>
} {
  const isLocal = session.value?.local === true
  const path = isLocal ? '/workspace/requests' : '/traffic'
  const { entries, ...rest } = useGrowing<OfLocal | OfClient>(
    path,
    `${path}?limit=${kept}`,
    (one) => ('number' in one ? String(one.number) : one.id),
    (body) => (body as { requests: (OfLocal | OfClient)[] }).requests,
  )
  const requests = useComputed(() => entries.value?.map(askedOf) ?? null)
  return { requests, ...rest }
}

const made = new WeakMap<object, Asked>()

/** Made once for each, since all are drawn anew whenever one comes. */
function askedOf(one: OfLocal | OfClient): Asked {
  const before = made.get(one)
  if (before !== undefined) return before
  const { at, method, path, status } = one
  const asked =
    'number' in one
      ? {
          key: String(one.number),
          route: one.operation ?? 'No such path',
          ms: one.duration_ms,
          broke: one.fault,
        }
      : {
          key: one.id,
          route: `${method} ${one.route}`,
          ms: one.ms,
          broke: status === null ? one.code : null,
        }
  const whole = { ...asked, at, method, path, status, all: one }
  made.set(one, whole)
  return whole
}

export function hasFailed({ status, broke }: Asked): boolean {
  return status === null || status >= 400 || broke !== null
}

export type Latency = { route: string; count: number; failed: number; p50: number; p95: number; most: number }

/** How long the requests of each route took, in ms, the slowest first. */
export function latencies(requests: readonly Asked[]): Latency[] {
  return [...Map.groupBy(requests, ({ route }) => route)]
    .map(([route, all]) => {
      const times = all.map(({ ms }) => ms).sort((a, b) => a - b)
      const at = (share: number) => times[Math.max(0, Math.ceil(share * times.length) - 1)] ?? 0
      const failed = all.filter(hasFailed).length
      return { route, count: all.length, failed, p50: at(0.5), p95: at(0.95), most: at(1) }
    })
    .sort((a, b) => b.p95 - a.p95)
}

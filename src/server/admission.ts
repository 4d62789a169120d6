import type { IncomingMessage } from 'node:http'
import { type Desk, deskOf } from './callers.ts'
import { guardOf } from './guard.ts'
import { callerOf } from './keys.ts'
import type { Handler, Mount } from './mount.ts'
import type { Refusal } from './refusal.ts'
import type { ServerOptions } from './server.ts'

/** A request that may pass: who handles it, how large its body may be, and how to give its place back. */
export type Visit = { name: string | null; handler: Handler; bodyBytes: number; leave(): void }

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Judges requests by their head alone. Throws an `IntercomError` on a policy that cannot be. */
export function admission(options: ServerOptions) {
  const { mounts, limits } = options
  const guard = guardOf(options)
  const desks = options.callers.map((caller) => deskOf(caller, mounts))
  let running = 0
  let open = 0

  function place(desk: Desk): (() => void) | Refusal {
    if (running >= limits.concurrentCalls) return crowded
    const leave = desk.enter()
    if (typeof leave !== 'function') return leave
    running += 1
    return () => {
      running -= 1
      leave()
    }
  }

  /** Strangers have places of their own, so that they take none of the callers'. */
  function openVisit(handler: Handler, bodyBytes: number): Visit | Refusal {
    if (bodyBytes > 0 && open >= limits.concurrentCalls) return crowded
    const places = bodyBytes > 0 ? 1 : 0
    open += places
    const leave = () => {
      open -= places
    }
    return { name: null, handler, bodyBytes, leave }
  }

  function admit(request: IncomingMessage): Visit | Refusal {
    const twice = ['host', 'origin', 'authorization', 'content-length'].find(
      (name) => (request.headersDistinct[name]?.length ?? 0) > 1,
    )
    if (twice !== undefined) return wrong(`The header ${twice} came twice. Send it once.`)
    if (!methods.includes(request.method ?? '')) return wrong(`Use one of the methods ${methods.join(', ')}.`)
    const path = pathOf(request.url)
    if (path === undefined) return wrong('Send the path of the URL alone, starting with a slash.')
    const mount = mountOf(mounts, path)
    if (mount !== undefined && 'open' in mount) {
      return openVisit(mount.open, mount.bodyBytes ?? 0)
    }
    const { host, origin, authorization } = request.headers
    const refusal = guard({ host, origin })
    if (refusal) return refusal
    const desk = callerOf(desks, authorization)
    if ('status' in desk) return desk
    const handler = mount && desk.handlers.get(mount.path)
    if (handler === undefined) return nothingHere(mounts)
    const leave = place(desk)
    if (typeof leave !== 'function') return leave
    return { name: desk.name, handler, bodyBytes: limits.bodyBytes, leave }
  }

  return {
    admit,
    async close() {
      await Promise.all(desks.map((desk) => desk.close()))
    },
  }
}

function pathOf(target: string | undefined): string | undefined {
  return target?.startsWith('/') ? target.split('?', 1)[0] : undefined
}

/** The longest mounted path that the path is or lies below. */
function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  return mounts
    .filter((mount) => path === mount.path || path.startsWith(`${mount.path}/`))
    .toSorted((a, b) => b.path.length - a.path.length)[0]
}

function nothingHere(mounts: readonly Mount[]): Refusal {
  const paths = mounts.map(({ path }) => path).join(', ')
  return { status: 404, code: 'no_such_path', error: `Nothing is served there. Paths: ${paths}.` }
}

function wrong(error: string): Refusal {
  return { status: 400, code: 'malformed_request', error }
}

const crowded: Refusal = {
  status: 503,
  code: 'server_busy',
  error: 'The server has as many calls under way as it takes. Nothing was done; repeat in a second.',
  headers: { 'Retry-After': '1' },
}

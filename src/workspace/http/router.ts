import { RegExpRouter } from 'hono/router/reg-exp-router'
import { SmartRouter } from 'hono/router/smart-router'
import { TrieRouter } from 'hono/router/trie-router'
import { ApiError, unknownResource } from './api-error.ts'
import type { Route, RouteHandler } from './call.ts'
import { operations } from './operations.ts'
import { isRemoved, nameless, notInThisVersion, otherOperations, rangeOf } from './versions.ts'

/** The handler of a request and its properties. */
interface Found {
  readonly handle: RouteHandler
  readonly reads?: boolean
  readonly status?: 202 | 204
  readonly accept?: string
  /** Whether it is answered without a check of scopes: the answer does not depend on the token. */
  readonly unserved?: true
  /** The first and the last version that has it; absent if all do. */
  readonly since?: string
  readonly until?: string
  /** As in Intercom's description, such as `GET /contacts/{id}`; absent for an unknown path. */
  readonly operation?: string
}

interface Addressed extends Found {
  readonly method: string
  readonly path: string
}

const allOperations = [...operations, ...otherOperations]
/** Operations as the description names their parameters. */
const described = new Map(allOperations.map((operation) => [nameless(operation), operation]))

/** Finds the handler of a request and its path parameters; an unknown path gets a handler that answers 404. */
export type Find = (method: string, path: string) => { route: Found; params: Record<string, string> }

/**
 * Builds the table of all routes: emulated ones, then the rest of 2.12 (501), then operations of other versions only.
 * The first match wins, fixed segments before parameters.
 */
export function buildRouter(routes: readonly Route[]): Find {
  const router = new SmartRouter<Found>({ routers: [new RegExpRouter(), new TrieRouter()] })
  const known = new Set<string>()
  const add = ({ method, path, handle, reads = method === 'GET', status, accept, unserved }: Addressed) => {
    if (known.has(`${method} ${path}`)) return
    known.add(`${method} ${path}`)
    const plain = `${method} ${path.replace(/:(\w+)/g, '{$1}')}`
    const operation = described.get(nameless(plain)) ?? plain
    const { since, until } = rangeOf(operation)
    router.add(method, path, {
      handle,
      reads,
      operation,
      ...(since && { since }),
      ...(until && { until }),
      ...(status && { status }),
      ...(accept && { accept }),
      ...(unserved && { unserved }),
    })
  }
  const missing = allOperations.map((operation) => ({
    ...split(operation),
    handle: notEmulated(operation),
    ...unserved,
  }))
  const all: Addressed[] = [...routes, ...missing]
  for (const route of all) if (!route.path.includes(':')) add(route)
  for (const route of all) if (route.path.includes(':')) add(route)

  return (method, path) => {
    const clean = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
    const [matches, values] = router.match(method === 'HEAD' ? 'GET' : method, clean)
    const first = matches[0]
    if (first === undefined) return { route: isRemoved(clean) ? removedPath : unknownPath, params: {} }
    const params: Record<string, string> = {}
    for (const [name, at] of Object.entries(first[1])) {
      const value = typeof at === 'number' ? values?.[at] : at
      if (value !== undefined) params[name] = decode(value)
    }
    return { route: first[0], params }
  }
}

function decode(value: string): string {
  if (!value.includes('%')) return value
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** `GET /contacts/{contact_id}/tags/{id}` as method and `/contacts/:id/tags/:sub`. */
function split(operation: string): { method: string; path: string } {
  const [method = '', template = ''] = operation.split(' ')
  const names = [':id', ':sub']
  return { method, path: template.replace(/\{[a-z_]+\}/g, () => names.shift() ?? ':more') }
}

function notEmulated(operation: string): RouteHandler {
  return () => {
    throw new ApiError(501, 'not_emulated', `This workspace does not emulate ${operation} yet`)
  }
}

const unserved = { reads: true, unserved: true } as const

const unknownPath: Found = {
  ...unserved,
  handle: () => {
    throw unknownResource()
  },
}

const removedPath: Found = {
  ...unserved,
  handle: () => {
    throw notInThisVersion()
  },
}

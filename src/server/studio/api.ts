import type { Operator } from '../approvals/operator.ts'
import { boundedLive } from '../bounded-live.ts'
import { moved } from '../fetch-adapter.ts'
import type { MountHandler, OnBehalf, Visit } from '../mounts.ts'
import type { Refusal } from '../refusal.ts'
import { type Session, whileSignedIn } from '../sessions.ts'
import { type LocalIntercom, localHandler } from './local.ts'
import type { Who } from './session.ts'

/** Paths of the server's REST that a session asks as its caller. */
const ofCaller = ['/actions', '/openapi.json', '/manifest.json', '/metrics', '/sends', '/traffic']

/** Bytes of a body: the local Intercom's own limit, for fixtures and attachments. */
const bodyBytes = 5 * 1024 * 1024
/** Live lists of one session. */
const mostLive = 32

export type ApiOptions = {
  /** What an operator may ask at `/approvals`; absent where no call is held. */
  approvalsOf?: ((operator: Operator) => MountHandler) | undefined
  /** What an operator is told of at `/sends`: the writes of all their callers. */
  sendsOf?: ((operator: Operator) => MountHandler) | undefined
  /** What an operator is told of at `/notifications`; absent where none are received. */
  notificationsOf?: ((operator: Operator) => MountHandler) | undefined
  /** The local Intercom in this process, where it is one. */
  local?: LocalIntercom | undefined
}

type Asked = Session<Who>

/**
 * What a session may ask below `/studio/api`: the table of it. `path` is what follows that, as it was sent.
 */
export function apiOf({ local, approvalsOf, sendsOf, notificationsOf }: ApiOptions) {
  const bounds = new WeakMap<Asked, ReturnType<typeof boundedLive>>()

  /** Counts the live lists of a session, and ends them with it. */
  function bounded(session: Asked, handler: MountHandler): MountHandler {
    const bound = bounds.get(session) ?? boundedLive(mostLive, 'This session')
    bounds.set(session, bound)
    return bound(whileSignedIn(session, handler))
  }

  function ofLocal(session: Asked, path: string, token: string): Visit {
    const handler = bounded(session, localHandler(local as LocalIntercom, path, token))
    return { name: `studio:${session.who.caller ?? session.who.operator?.name}`, handler, bodyBytes }
  }

  function byOperator(session: Asked, { name }: Operator, { fetch }: MountHandler, path: string): Visit {
    const handler = bounded(session, { fetch: (asked) => fetch(moved(asked, path)) })
    return { name: `operator:${name}`, handler, bodyBytes: 512 * 1024 }
  }

  return (session: Asked, path: string): Visit | OnBehalf | Refusal => {
    // As `URL` reads it, or not at all: `..`, `//` and the like lead elsewhere than they say.
    const read = URL.parse(`http://local${path}`)
    if (read?.pathname !== path || path.includes('//') || path.includes('\\')) return malformed
    const [, first = ''] = path.split('/')
    const { caller, operator } = session.who
    if (first === 'intercom' || first === 'workspace') {
      if (local === undefined) return localOnly
      const rest = path.slice(first.length + 1)
      if (first === 'intercom')
        return /^\/_workspace(\/|$)/i.test(rest)
          ? noSuchPath
          : ofLocal(session, rest || '/', local.accessToken)
      if (/^\/tokens(\/|$)/.test(rest)) return noTokens
      return ofLocal(session, `/_workspace${rest}`, local.adminKey)
    }
    if (first === 'approvals') {
      if (approvalsOf === undefined) return noSuchPath
      if (operator === null) return operatorsOnly
      return byOperator(session, operator, approvalsOf(operator), path)
    }
    if (first === 'notifications') {
      if (notificationsOf === undefined) return noSuchPath
      if (operator === null) return operatorsOnly
      return byOperator(session, operator, notificationsOf(operator), path)
    }
    if (first === 'sends' && operator !== null && sendsOf !== undefined)
      return byOperator(session, operator, sendsOf(operator), path)
    if (!ofCaller.includes(`/${first}`)) return noSuchPath
    if (caller === null) return callersOnly
    const via: OnBehalf['via'] = ({ fetch }) =>
      bounded(session, { fetch: (asked) => fetch(moved(asked, path)) })
    return { caller, path, via }
  }
}

const malformed: Refusal = {
  status: 400,
  code: 'malformed_request',
  error: 'The path must be written out: without empty parts, dots as parts, and backslashes.',
}

const noSuchPath: Refusal = {
  status: 404,
  code: 'no_such_path',
  error: 'Nothing is served at this path. docs/studio.md lists what the studio may ask.',
}

const localOnly: Refusal = {
  status: 404,
  code: 'local_only',
  error: 'This server calls a real Intercom: the desk and the lab are for a local one.',
}

const noTokens: Refusal = {
  status: 403,
  code: 'no_tokens',
  error: 'The studio shows no tokens. Ask the control plane itself, with its admin key.',
}

const operatorsOnly: Refusal = {
  status: 403,
  code: 'not_an_operator',
  error: "Only an operator may see this. Sign in with an operator's key.",
}

const callersOnly: Refusal = {
  status: 403,
  code: 'not_a_caller',
  error: 'An operator calls no action. Sign in with an API key of this server.',
}

import type { IncomingMessage } from 'node:http'
import { refused } from '../approvals/answers.ts'
import type { Operator } from '../approvals/operator.ts'
import type { Caller } from '../caller.ts'
import { forwarded, isForwarded } from '../host-guard.ts'
import type { KeyOrToken } from '../key-or-token.ts'
import type { KeyContext, OnBehalf, Visit, VisitedMount } from '../mounts.ts'
import type { Refusal } from '../refusal.ts'
import { pagesOf, signInBytes } from '../sessions.ts'
import { type ApiOptions, apiOf } from './api.ts'
import { filesPath, shellPage, studioFile } from './files.ts'
import { sessionHandler, studioSessions } from './session.ts'

export type StudioOptions = ApiOptions & {
  callers: readonly Pick<Caller, 'name' | 'keyHash'>[]
  people: KeyOrToken
  /** Who decides on a local Intercom, without a key. */
  localOperator?: Operator | undefined
  /** The address by which browsers come, where it is configured. */
  publicUrl?: string | undefined
  /** ms. */
  now?: (() => number) | undefined
}

/** The studio: the page at `/studio` and below, and what it asks, below `/studio/api`. */
export type StudioMount = VisitedMount & {
  /** What follows the server's address in a link that lets one browser in, once, within ten minutes. */
  link(): string
  /** Ends the sessions of callers and operators who are not who they were. */
  recheck(): void
}

export function studioMount(options: StudioOptions): StudioMount {
  const { callers, people, localOperator = null, local, publicUrl } = options
  const sessions = studioSessions(callers, people, options.now)
  const pages = pagesOf(publicUrl)
  const contexts = new Map<string, KeyContext>()
  const hasNoKey = callers.some(({ keyHash }) => keyHash === null)
  const signIn = sessionHandler({
    sessions,
    contexts,
    local,
    receives: options.notificationsOf !== undefined,
  })
  const api = apiOf(options)

  function apiVisit(request: IncomingMessage, path: string): Visit | OnBehalf | Refusal {
    const { method = '', headers } = request
    const reads = method === 'GET' || method === 'HEAD'
    if (reads ? !pages.isFromOwnPage(headers) : !pages.isOwnPage(headers)) return wrongOrigin
    if (path === '/session') {
      if (!reads && method !== 'POST' && method !== 'DELETE') return methodNotAllowed('GET, POST, DELETE')
      return { name: null, handler: signIn(request), bodyBytes: method === 'POST' ? signInBytes : 0 }
    }
    const session = sessions.find(headers)
    return session === null ? signedOut : api(session, path)
  }

  return {
    path: '/studio',
    isOwnPage: pages.isOwnPage,
    recheck: sessions.recheck,
    handler(context) {
      const { name, grant } = context
      return {
        fetch: () => refused(404, 'no_such_path', 'The studio is for browsers: open its link.'),
        begin() {
          const isKey = callers.some((one) => one.name === name)
          if (isKey && grant === undefined) contexts.set(name, context)
        },
        end: () => void contexts.delete(name),
      }
    },
    visit(request) {
      const { method = '', url = '' } = request
      if (hasNoKey && isForwarded(request)) return forwarded
      const path = url.split('?', 1)[0] ?? ''
      if (path.startsWith('/studio/api/')) return apiVisit(request, path.slice('/studio/api'.length))
      if (method !== 'GET' && method !== 'HEAD') return methodNotAllowed('GET')
      return { name: null, handler: { fetch: (asked) => page(path, asked) }, bodyBytes: 0 }
    },
    link() {
      const [caller] = callers
      const { name = null, keyHash = null } = callers.length === 1 ? (caller ?? {}) : {}
      const who = { caller: name, keyHash, operator: localOperator }
      const opens = who.caller !== null || who.operator !== null
      return opens ? `/studio/#code=${sessions.invite(who)}` : '/studio/'
    },
  }
}

async function page(path: string, { headers }: Request): Promise<Response> {
  const file = path.startsWith(filesPath)
    ? await studioFile(path.slice(filesPath.length), headers.get('if-none-match'))
    : null
  if (file !== null) return file
  const wantsPage = /\btext\/html\b/i.test(headers.get('accept') ?? '')
  if (wantsPage && !path.startsWith(filesPath)) return shellPage()
  return refused(404, 'no_such_path', 'Nothing is served at this path. Open /studio/ in a browser.')
}

function methodNotAllowed(allowed: string): Refusal {
  return {
    status: 405,
    code: 'method_not_allowed',
    error: `This path takes ${allowed} only.`,
    headers: { Allow: allowed },
  }
}

const wrongOrigin: Refusal = {
  status: 403,
  code: 'wrong_origin',
  error: 'Only the studio of this server may ask this, from its own address and port.',
}

const signedOut: Refusal = {
  status: 401,
  code: 'signed_out',
  error: 'Nobody is signed in. Open the link that the server prints, or sign in with a key.',
}

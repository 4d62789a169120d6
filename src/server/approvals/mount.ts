import type { IncomingMessage } from 'node:http'
import { ownerIn } from '../keys.ts'
import type { MountHandler, OperatorMount, Visit } from '../mounts.ts'
import type { Refusal } from '../refusal.ts'
import { ownApproval } from '../rest/own-approval.ts'
import { pagesOf, signInBytes, signInOf, whileSignedIn } from '../sessions.ts'
import { networkOf } from '../stranger-places.ts'
import { answeredBy, json, refused } from './answers.ts'
import type { Operator } from './operator.ts'
import { type Desk, operatorRoutes } from './operator-routes.ts'
import { isPagePath, pageFile } from './page.ts'
import { type Sessions, tokenHeader } from './sessions.ts'
import { whileOperator } from './while-operator.ts'

/** Bytes of a sign-in or a decision: a text that is sent has 100,000 characters at most. */
const bodyBytes = 512 * 1024
const sessionPath = '/approvals/session'

export type ApprovalsMountOptions = Desk & {
  operators: readonly Operator[]
  /** The address by which browsers come, where it is configured. */
  publicUrl?: string | undefined
  sessions: Sessions
}

/**
 * `/approvals`: operators decide here, with a key or on the page; a caller sees what became of its own calls. Without
 * operators only that is left.
 */
export function approvalsMount(options: ApprovalsMountOptions): OperatorMount {
  const { operators, publicUrl, store, sessions } = options
  const { isOwnPage, isFromOwnPage } = pagesOf(publicUrl)

  function sessionHandler(request: IncomingMessage): MountHandler {
    const { headers, socket } = request
    const secure = headers.origin?.startsWith('https:') ?? false
    const network = networkOf(socket.remoteAddress ?? '')
    return {
      async fetch(asked) {
        if (asked.method === 'DELETE')
          return json({ operator: null }, 200, { 'Set-Cookie': sessions.signOut(headers) })
        if (asked.method !== 'POST') return json({ operator: sessions.operatorOf(headers)?.name ?? null })
        const given = signInOf(await asked.text())
        if (given === null) return refused(400, 'malformed_request', 'A sign-in takes { "key": … }.')
        const signedIn = await sessions.signIn(given, network, secure)
        if ('status' in signedIn)
          return refused(signedIn.status, signedIn.code, signedIn.error, {}, signedIn.headers)
        const { who: operator, token, seconds, cookie } = signedIn
        return json({ operator: operator.name, token, seconds }, 200, { 'Set-Cookie': cookie })
      },
    }
  }

  /** The page and the sign-in, which come before any key. */
  function openVisit(request: IncomingMessage, path: string): Visit | Refusal | null {
    const { method, headers } = request
    if (operators.length === 0) return null
    const reads = method === 'GET' || method === 'HEAD'
    if (path === sessionPath) {
      if (!reads && method !== 'POST' && method !== 'DELETE') return null
      if (!reads && !isOwnPage(headers)) return wrongOrigin
      return { name: null, handler: sessionHandler(request), bodyBytes: method === 'POST' ? signInBytes : 0 }
    }
    if (!reads) return null
    const wantsPage = /\btext\/html\b/i.test(headers.accept ?? '')
    if (!isPagePath(path) && !wantsPage) return null
    return { name: null, handler: { fetch: () => pageFile(path) }, bodyBytes: 0 }
  }

  const visitBy = (operator: Operator) => visitOf(operator, operatorRoutes(options, operator, 'api'))

  return {
    path: '/approvals',
    isOwnPage,
    handler: ({ name }) => ({
      fetch: (request) =>
        answeredBy(async () => {
          const own = async (id: string) => {
            const approval = await store.get(id)
            return approval?.caller === name ? approval : null
          }
          const isRead = request.method === 'GET' || request.method === 'HEAD'
          return ((isRead || null) && (await ownApproval(own, request))) ?? notAnOperator()
        }),
    }),
    visitBy,
    visit(request) {
      const { method = '', headers, url = '' } = request
      const path = url.split('?', 1)[0] ?? ''
      const byKey = ownerIn(operators, headers.authorization)
      if (byKey !== undefined) return visitBy(byKey)
      if (headers.authorization !== undefined) return null
      const open = openVisit(request, path)
      if (open !== null) return open
      if (operators.length === 0) return null
      const session = sessions.find(headers)
      const reads = method === 'GET' || method === 'HEAD'
      // A caller without a key asks for what became of its call; pages do not.
      const isCaller = reads && path !== '/approvals' && headers['sec-fetch-site'] === undefined
      if (session === null) return isCaller && headers[tokenHeader] === undefined ? null : signedOut
      if (reads ? !isFromOwnPage(headers) : !isOwnPage(headers)) return wrongOrigin
      const operator = session.who
      return visitOf(operator, whileSignedIn(session, operatorRoutes(options, operator, 'page')))
    },
  }
}

function visitOf(operator: Operator, handler: MountHandler): Visit {
  return { name: `operator:${operator.name}`, handler: whileOperator(operator, handler), bodyBytes }
}

function notAnOperator(): Response {
  return refused(
    403,
    'not_an_operator',
    'Only an operator may see all approvals and decide. An API key sees its own: GET /approvals/{id}.',
  )
}

const wrongOrigin: Refusal = {
  status: 403,
  code: 'wrong_origin',
  error: 'Only the approval page of this server may ask this with a session.',
}

const signedOut: Refusal = {
  status: 401,
  code: 'signed_out',
  error:
    'Nobody is signed in. Sign in at /approvals, or send an operator\'s key as "Authorization: Bearer KEY".',
  headers: { 'WWW-Authenticate': 'Bearer realm="modulex-intercom"' },
}

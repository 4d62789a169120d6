import { hash } from 'node:crypto'
import { newRequestId } from '../ids.ts'
import type { Store } from '../store/store.ts'
import { ApiError, invalid } from './api-error.ts'
import type { Route } from './call.ts'
import { noInput, parseBody } from './input.ts'
import { RateLimit } from './rate-limit.ts'
import { buildRouter } from './router.ts'
import { defaultVersion, versionOf } from './versions.ts'

/** A request, whatever brought it: a socket or a `Request` in memory. */
export interface Incoming {
  readonly method: string
  readonly origin: string
  /** Path and query as sent. */
  readonly target: string
  readonly header: (name: string) => string | undefined
  /** The decoded body; undefined when it was larger than {@link maxBodyBytes}. */
  readonly body: string | undefined
}

/** An answer ready for the wire. */
export interface Outgoing {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
}

/** Intercom documents no limit (dossier 1.1); a larger body is a 400 here. */
export const maxBodyBytes = 5 * 1024 * 1024

const statusTexts: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  406: 'Not Acceptable',
  409: 'Conflict',
  422: 'Unprocessable Entity',
  500: 'Internal Server Error',
  501: 'Not Implemented',
}

/** Names the release that answers, a different thing from the API version (dossier 1.1). */
const release = hash('sha1', 'modulex-intercom workspace')

/**
 * Makes the function that answers every request of a workspace: authentication, rate count, version, media
 * type, route, then the headers that all answers share (dossier 1.1 to 1.5). Whatever goes wrong inside a
 * route becomes an `error.list`; only `onFault` learns of an unexpected exception.
 */
export function buildAnswer(
  store: Store,
  routes: readonly Route[],
  onFault?: (error: unknown) => void,
): (incoming: Incoming) => Outgoing {
  const find = buildRouter(routes)
  const rates = new RateLimit(store.clock, store.app.id_code)

  return (incoming) => {
    const started = performance.now()
    const requestId = newRequestId()
    const headers: Record<string, string> = {}
    let version = defaultVersion
    let status = 200
    let body = ''
    try {
      const adminId = authenticate(store, incoming.header('authorization'))
      const rate = rates.count()
      headers['X-RateLimit-Limit'] = String(rate.limit)
      headers['X-RateLimit-Remaining'] = String(rate.remaining)
      headers['X-RateLimit-Reset'] = String(rate.reset)
      version = versionOf(incoming.header('intercom-version'))
      checkAccept(incoming.header('accept'))
      const mark = incoming.target.indexOf('?')
      const path = mark === -1 ? incoming.target : incoming.target.slice(0, mark)
      const query = new URLSearchParams(mark === -1 ? '' : incoming.target.slice(mark + 1))
      const { route, params } = find(incoming.method, path)
      if (incoming.body === undefined) throw invalid('The request body is too large')
      const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD'
      const input = hasBody ? parseBody(incoming.body) : noInput
      const { method, origin } = incoming
      const call = { store, adminId, version, method, path, origin, params, query, body: input }
      const answer = route.reads ? route.handle(call) : store.write(() => route.handle(call))
      if (answer !== null) body = JSON.stringify(answer)
    } catch (error) {
      const known = error instanceof ApiError ? error : fault(error, onFault)
      status = known.status
      body = errorBody(known, requestId)
    }
    headers['Content-Type'] = 'application/json; charset=utf-8'
    headers['Date'] = new Date(store.clock.now()).toUTCString()
    headers['Status'] = `${status} ${statusTexts[status] ?? ''}`
    headers['Intercom-Version'] = version
    headers['X-Intercom-Version'] = release
    headers['X-Request-Id'] = requestId
    headers['ETag'] = `W/"${hash('md5', body)}"`
    headers['Cache-Control'] = 'max-age=0, private, must-revalidate'
    headers['Vary'] = 'Accept-Encoding'
    headers['X-Runtime'] = ((performance.now() - started) / 1000).toFixed(6)
    return { status, headers, body: incoming.method === 'HEAD' ? '' : body }
  }
}

const bearer = /^bearer +(\S+)$/i

/** The admin of a token. Missing, malformed and unknown tokens read the same (dossier 1.2). */
function authenticate(store: Store, header: string | undefined): number {
  const token = header === undefined ? undefined : bearer.exec(header.trim())?.[1]
  const row =
    token === undefined
      ? undefined
      : store.db.get<{ admin_id: number }>('SELECT admin_id FROM tokens WHERE token = ?', token)
  if (row === undefined) throw new ApiError(401, 'unauthorized', 'Access Token Invalid')
  return row.admin_id
}

/** 406 when the client takes no JSON; no header means that it takes anything. */
function checkAccept(accept: string | undefined): void {
  if (accept === undefined || accept === '') return
  const takes = accept.toLowerCase()
  if (takes.includes('*/*') || takes.includes('application/json') || takes.includes('application/*')) return
  const message = 'The Accept header should send a media type of application/json'
  throw new ApiError(406, 'media_type_not_acceptable', message, true)
}

function fault(error: unknown, onFault: ((error: unknown) => void) | undefined): ApiError {
  onFault?.(error)
  return new ApiError(500, 'server_error', 'An unexpected error occurred')
}

function errorBody(error: ApiError, requestId: string): string {
  const errors = [{ code: error.code, message: error.message }]
  // 406 alone carries no request_id at all (dossier 1.4).
  if (error.status === 406) return JSON.stringify({ type: 'error.list', errors })
  return JSON.stringify({ type: 'error.list', request_id: error.anonymous ? null : requestId, errors })
}

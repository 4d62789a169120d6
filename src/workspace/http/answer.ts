import { isUtf8 } from 'node:buffer'
import { hash } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import { type Clock, systemClock } from '../clock.ts'
import type { Wire } from '../faults/wire.ts'
import { newRequestId } from '../ids.ts'
import { inVersion } from '../shapes/in-version.ts'
import type { Store } from '../store/store.ts'
import { wakeSnoozed } from '../threads/wake.ts'
import { ApiError, invalid, rateLimitExceeded } from './api-error.ts'
import { authenticate, checkScope } from './authenticate.ts'
import { File, Json, type Route } from './call.ts'
import { noInput, parseBody } from './input.ts'
import { RateLimitWindows } from './rate-limit.ts'
import { buildRouter, type Find } from './router.ts'
import { isAtLeast, namedVersion, notInThisVersion, versionOf } from './versions.ts'

/** A request, from a socket or a `Request` in memory. */
export interface Incoming {
  readonly method: string
  readonly origin: string
  /** Path and query as sent. */
  readonly target: string
  readonly header: (name: string) => string | undefined
  /** The decoded body; undefined if it is larger than {@link maxBodyBytes} or not UTF-8. */
  readonly body: string | undefined
  /** An injected fault: the error to answer with once the caller is authenticated. */
  readonly refusal?: ApiError | undefined
}

/** An answer to write. */
export interface Outgoing {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string | Buffer<ArrayBuffer>
  /** Writes the answer itself, for as long as the caller listens. */
  readonly live?: (wire: Wire) => void
}

/** Intercom documents no limit (docs/intercom-api.md 1.1); a larger body is a 400 here. */
export const maxBodyBytes = 5 * 1024 * 1024

/** A body as text; undefined if it is too large or not valid UTF-8. */
export function bodyText(bytes: Buffer): string | undefined {
  return bytes.length > maxBodyBytes || !isUtf8(bytes) ? undefined : bytes.toString('utf8')
}

/** `X-Intercom-Version`: the release, not the API version (docs/intercom-api.md 1.1). */
const release = hash('sha1', 'modulex-intercom workspace')

/** What {@link buildAnswer} shares with the workspace; all optional. */
export interface Surroundings {
  readonly find?: Find
  /** Without it calls are counted but not limited. */
  readonly rates?: RateLimitWindows
  /** The clock of the `Date` header. @default the machine's clock */
  readonly server?: Clock
  /** Changes the HTML of a message or note before it is stored. */
  readonly rewrite?: (html: string) => string
  /** Called with an unexpected exception, which the answer does not show. */
  readonly onError?: ((error: unknown) => void) | undefined
}

/**
 * Builds the function that answers every request of a workspace: authentication, rate limit, version, media type,
 * route, scope, then the headers of every answer (docs/intercom-api.md 1.1 to 1.5). Errors of a route become an
 * `error.list`.
 */
export function buildAnswer(
  store: Store,
  routes: readonly Route[],
  { find = buildRouter(routes), rates, server = systemClock, rewrite = asItIs, onError }: Surroundings = {},
): (incoming: Incoming) => Outgoing {
  const rateLimit = rates ?? new RateLimitWindows(store.clock, store.app.id_code, false)

  return (incoming) => {
    const started = performance.now()
    const requestId = newRequestId()
    const headers: Record<string, string> = {}
    let version = namedVersion(incoming.header('intercom-version'))
    let status = 200
    let body: string | Buffer<ArrayBuffer> = ''
    let type = 'application/json; charset=utf-8'
    try {
      const { token, adminId, app, scopes } = authenticate(store, incoming.header('authorization'))
      // An unauthenticated caller gets no rate limit headers (docs/intercom-api.md 1.5).
      if (incoming.refusal?.status === 401) throw incoming.refusal
      const rate = rateLimit.count(app)
      headers['X-RateLimit-Limit'] = String(rate.limit)
      headers['X-RateLimit-Remaining'] = String(rate.remaining)
      headers['X-RateLimit-Reset'] = String(rate.reset)
      if (incoming.refusal?.status === 429) headers['X-RateLimit-Remaining'] = '0'
      if (incoming.refusal !== undefined) throw incoming.refusal
      if (rate.refused) throw rateLimitExceeded()
      wakeSnoozed(store)
      version = versionOf(incoming.header('intercom-version'))
      const mark = incoming.target.indexOf('?')
      const path = mark === -1 ? incoming.target : incoming.target.slice(0, mark)
      const query = new URLSearchParams(mark === -1 ? '' : incoming.target.slice(mark + 1))
      const { route, params } = find(incoming.method, path)
      checkAccept(incoming.header('accept'), route.accept)
      const { since = version, until = version } = route
      if (!isAtLeast(version, since) || !isAtLeast(until, version)) throw notInThisVersion()
      if (!route.unserved) checkScope(scopes, route.reads === true)
      if (incoming.body === undefined) throw invalid('The request body is too large or not valid UTF-8')
      const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD'
      const input = hasBody ? parseBody(incoming.body) : noInput
      const { method, origin } = incoming
      const call = { store, adminId, version, method, path, origin, params, query, body: input, rewrite }
      const author = {
        cause: 'request' as const,
        request_id: requestId,
        route: route.operation,
        token: store.history.tokenId(token),
        admin_id: adminId,
      }
      const answer = route.reads
        ? route.handle(call)
        : store.history.by(author, () => store.write(() => route.handle(call)))
      if (answer instanceof File) {
        body = answer.bytes
        type = answer.type
      } else {
        const shown = inVersion(answer, version)
        if (shown !== null) body = shown instanceof Json ? shown.text : JSON.stringify(shown)
      }
      status = route.status ?? 200
    } catch (error) {
      const known = error instanceof ApiError ? error : fault(error, onError)
      status = known.status
      body = errorBody(known, requestId)
      if (known.link !== undefined) headers['Link'] = known.link
    }
    // An empty body is not JSON: clients that go by the type would fail to parse it.
    if (body !== '') headers['Content-Type'] = type
    headers['Date'] = new Date(server.now()).toUTCString()
    headers['Status'] = `${status} ${STATUS_CODES[status] ?? 'Unknown'}`
    headers['Intercom-Version'] = version
    headers['X-Intercom-Version'] = release
    headers['X-Request-Id'] = requestId
    headers['ETag'] = `W/"${hash('sha256', body).slice(0, 32)}"`
    headers['Cache-Control'] = 'max-age=0, private, must-revalidate'
    headers['Vary'] = 'Accept-Encoding'
    // A HEAD gets the length of the GET's body.
    if (incoming.method === 'HEAD') headers['Content-Length'] = String(Buffer.byteLength(body))
    headers['X-Runtime'] = ((performance.now() - started) / 1000).toFixed(6)
    return { status, headers, body: incoming.method === 'HEAD' ? '' : body }
  }
}

function asItIs(html: string): string {
  return html
}

/** JSON, as itself, in a wildcard, or as the vendor type that older clients send (docs/intercom-api.md 1.1). */
const json = /^(?:\*\/\*|application\/(?:\*|json|(?:vnd\.intercom(?:\.[\w.-]+)?)\+json))$/

/** 406 if the client does not accept JSON, without a header it accepts anything; or if it accepts no `wanted`. */
function checkAccept(accept = '', wanted: string | undefined): void {
  if (accept.trim() === '' && wanted === undefined) return
  const taken = accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.toLowerCase().split(';')
    const fits = wanted === undefined ? json.test(type.trim()) : [wanted, '*/*'].includes(type.trim())
    return fits && !parameters.some((one) => /^\s*q\s*=\s*0(?:\.0*)?\s*$/.test(one))
  })
  if (taken) return
  const message = `The Accept header should send a media type of ${wanted ?? 'application/json'}`
  throw new ApiError(406, 'media_type_not_acceptable', message, 'absent')
}

function fault(error: unknown, onError: ((error: unknown) => void) | undefined): ApiError {
  onError?.(error)
  return new ApiError(500, 'server_error', 'An unexpected error occurred')
}

function errorBody({ code, message, requestId, keyed }: ApiError, id: string): string {
  if (keyed) return JSON.stringify({ error_key: code, message })
  const errors = [{ code, message }]
  if (requestId === 'absent') return JSON.stringify({ type: 'error.list', errors })
  return JSON.stringify({ type: 'error.list', request_id: requestId === 'null' ? null : id, errors })
}

import { checkHeaders } from './headers.ts'
import type { OpenApiSchema } from './openapi.ts'
import { findRoute, type Route } from './operations.ts'
import { checkPages } from './pages.ts'
import type { Validate } from './schema-validator.ts'
import {
  CODES_WITHOUT_REQUEST_ID,
  ERROR_CODES,
  EXTRA_STATUSES,
  NOT_EMULATED,
  OTHER_VERSIONS,
  RESHAPING_VERSIONS,
  UNDESCRIBED_STATUSES,
} from './statuses.ts'

/** An answer as it was received. `body` is undefined if it is empty, text if it is not JSON, and bytes for a file. */
export interface ReceivedAnswer {
  readonly method: string
  /** May have a query. */
  readonly path: string
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
  /** If given, the requested version is compared with the one that answered. */
  readonly requestHeaders?: Headers
}

/** Violations in an answer. The workspace's own paths (`/_workspace/…`) are not checked. */
export function checkResponse(
  routes: readonly Route[],
  validate: Validate,
  answer: ReceivedAnswer,
): string[] {
  if (answer.path.startsWith('/_workspace')) return []
  const isHead = answer.method === 'HEAD'
  const route = findRoute(routes, isHead ? 'GET' : answer.method, answer.path)
  const violations = [
    ...checkStatus(route, answer),
    ...(isHead ? [] : checkBody(route, validate, answer)),
    ...checkHeaders(answer),
  ]
  const name = route?.name ?? `${answer.method} ${answer.path}`
  return violations.map((violation) => `${name} ${answer.status}: ${violation}`)
}

function checkStatus(route: Route | undefined, answer: ReceivedAnswer): string[] {
  const { status } = answer
  if (!route) {
    const known =
      UNDESCRIBED_STATUSES.includes(status) ||
      status === NOT_EMULATED ||
      (status === 200 && existsInItsVersion(answer))
    return known ? [] : ['undocumented status of an unknown operation']
  }
  const extra = EXTRA_STATUSES.some(
    (row) => row.status === status && (row.operations === 'every' || row.operations.includes(route.name)),
  )
  const documented = String(status) in route.operation.responses
  return documented || extra || status === NOT_EMULATED ? [] : ['undocumented status']
}

/** Whether the operation exists in another version and that version was requested. */
function existsInItsVersion({ method, path, requestHeaders }: ReceivedAnswer): boolean {
  const version = requestHeaders?.get('intercom-version') ?? ''
  return OTHER_VERSIONS.some((row) => row.operation.test(`${method} ${path}`) && row.versions.test(version))
}

function checkBody(route: Route | undefined, validate: Validate, answer: ReceivedAnswer): string[] {
  const { status, body } = answer
  if (typeof body === 'string') return ['/: not JSON']
  if (body instanceof Uint8Array) return DOWNLOADS.includes(route?.name ?? '') ? [] : ['/: not JSON']
  if (status >= 400) return checkError(route, validate, answer)
  const described = route?.operation.responses[String(status)]
  if (!described) return []
  const schema = described.content?.['application/json']?.schema
  if (!schema) return body === undefined ? [] : ['/: must be empty']
  if (body === undefined) return ['/: must not be empty']
  if (RESHAPING_VERSIONS.test(answer.requestHeaders?.get('intercom-version') ?? '')) return checkPages(body)
  return [...validate(schema, body), ...checkPages(body)]
}

/** What answers with a file; the description gives its answer no content. */
const DOWNLOADS = ['GET /download/content/data/{job_identifier}']

const ERROR: OpenApiSchema = { $ref: '#/components/schemas/error' }
const ERROR_WITHOUT_REQUEST_ID: OpenApiSchema = { $ref: '#/components/schemas/error_without_request_id' }

/** Intercom says nothing of a request id about a media type or a path that no version has (docs/intercom-api.md 1.3, 1.4). */
function isAnonymous(route: Route | undefined, answer: ReceivedAnswer): boolean {
  const { status } = answer
  return status === 406 || (status === 404 && route === undefined && !existsInItsVersion(answer))
}

/** Its own 400 and 422 are no error lists (docs/intercom-api.md 3.14); those that every operation has are. */
const PHONE_SWITCH = 'POST /phone_call_redirects'

function isKeyed(body: unknown): boolean {
  const { error_key: key, type } = body as { error_key?: unknown; type?: unknown }
  return typeof key === 'string' || type === 'error.list'
}

function checkError(route: Route | undefined, validate: Validate, answer: ReceivedAnswer): string[] {
  const { body, status } = answer
  if (route?.name === PHONE_SWITCH && status === 400) return isKeyed(body) ? [] : ['/: no error_key']
  const violations = validate(isAnonymous(route, answer) ? ERROR_WITHOUT_REQUEST_ID : ERROR, body)
  if (violations.length > 0) return violations
  const { errors, request_id } = body as { errors: { code: string }[]; request_id?: string | null }
  if (errors.length !== 1) violations.push(`/errors: holds ${errors.length}, not one`)
  for (const { code } of errors) {
    if (!ERROR_CODES[status]?.includes(code)) violations.push(`/errors/0/code: '${code}' is not documented`)
    if (CODES_WITHOUT_REQUEST_ID.includes(code) !== (request_id === null) && !isAnonymous(route, answer)) {
      violations.push(`/request_id: ${request_id === null ? 'null' : 'not null'} with code '${code}'`)
    }
  }
  return violations
}

import { checkHeaders } from './headers.ts'
import type { OpenApiSchema } from './openapi.ts'
import { findRoute, type Route } from './operations.ts'
import { checkPages } from './pages.ts'
import {
  CODES_WITHOUT_REQUEST_ID,
  ERROR_CODES,
  EXTRA_STATUSES,
  NOT_EMULATED,
  OTHER_VERSIONS,
  UNDESCRIBED_STATUSES,
} from './statuses.ts'
import type { Validate } from './validator.ts'

/** One answer as it came over the wire. An empty body is `undefined`, one that is no JSON is its text. */
export interface Answer {
  readonly method: string
  /** May carry a query. */
  readonly path: string
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
  /** Given, the version that was asked for is compared with the one that answered. */
  readonly requestHeaders?: Headers
}

/** Complaints about an answer. The workspace's own paths (`/_workspace/…`) are nobody's business here. */
export function checkResponse(routes: readonly Route[], validate: Validate, answer: Answer): string[] {
  if (answer.path.startsWith('/_workspace')) return []
  const isHead = answer.method === 'HEAD'
  const route = findRoute(routes, isHead ? 'GET' : answer.method, answer.path)
  const complaints = [
    ...checkStatus(route, answer),
    ...(isHead ? [] : checkBody(route, validate, answer)),
    ...checkHeaders(answer),
  ]
  const name = route?.name ?? `${answer.method} ${answer.path}`
  return complaints.map((complaint) => `${name} ${answer.status}: ${complaint}`)
}

function checkStatus(route: Route | undefined, answer: Answer): string[] {
  const { status } = answer
  if (!route) {
    const known =
      UNDESCRIBED_STATUSES.includes(status) ||
      status === NOT_EMULATED ||
      (status === 200 && isOfItsVersion(answer))
    return known ? [] : ['undocumented status of an unknown operation']
  }
  const extra = EXTRA_STATUSES.some(
    (row) => row.status === status && (row.operations === 'every' || row.operations.includes(route.name)),
  )
  const documented = String(status) in route.operation.responses
  return documented || extra || status === NOT_EMULATED ? [] : ['undocumented status']
}

/** Whether another version has the operation, and that version was asked for. */
function isOfItsVersion({ method, path, requestHeaders }: Answer): boolean {
  const version = requestHeaders?.get('intercom-version') ?? ''
  return OTHER_VERSIONS.some(
    (row) => row.operation.test(`${method} ${path}`) && row.versions.includes(version),
  )
}

function checkBody(route: Route | undefined, validate: Validate, answer: Answer): string[] {
  const { status, body } = answer
  if (typeof body === 'string') return ['/: not JSON']
  if (status >= 400) return checkError(validate, answer)
  const described = route?.operation.responses[String(status)]
  if (!described) return []
  const schema = described.content?.['application/json']?.schema
  if (!schema) return body === undefined ? [] : ['/: must be empty']
  if (body === undefined) return ['/: must not be empty']
  return [...validate(schema, body), ...checkPages(body)]
}

const ERROR: OpenApiSchema = { $ref: '#/components/schemas/error' }
const ERROR_WITHOUT_REQUEST_ID: OpenApiSchema = { $ref: '#/components/schemas/error_without_request_id' }

function checkError(validate: Validate, { status, body }: Answer): string[] {
  const complaints = validate(status === 406 ? ERROR_WITHOUT_REQUEST_ID : ERROR, body)
  if (complaints.length > 0) return complaints
  const { errors, request_id } = body as { errors: { code: string }[]; request_id?: string | null }
  if (errors.length !== 1) complaints.push(`/errors: holds ${errors.length}, not one`)
  for (const { code } of errors) {
    if (!ERROR_CODES[status]?.includes(code)) complaints.push(`/errors/0/code: '${code}' is not documented`)
    if (CODES_WITHOUT_REQUEST_ID.includes(code) !== (request_id === null) && status !== 406) {
      complaints.push(`/request_id: ${request_id === null ? 'null' : 'not null'} with code '${code}'`)
    }
  }
  return complaints
}

import type { OpenApiParameter, OpenApiSchema } from './openapi.ts'
import { findRoute, type Route } from './operations.ts'
import type { Validate } from './schema-validator.ts'

/** A request as it was sent. `body` is undefined if there is none, and text if it is not JSON. */
export interface SentRequest {
  readonly method: string
  /** May have a query. */
  readonly path: string
  readonly headers: Headers
  readonly body?: unknown
}

const VERSION = '2.12'

const perPage: OpenApiSchema = { type: 'integer', minimum: 1, maximum: 150 }
const page: OpenApiSchema = { type: 'integer', minimum: 1 }
const cursor: OpenApiSchema = { type: 'string', pattern: '.' }
const before: OpenApiSchema = { type: 'string', pattern: '^\\d+$' }

/** Query parameters that the description omits, all from docs/intercom-api.md 3. */
const EXTRA_PARAMETERS: Readonly<Record<string, Readonly<Record<string, OpenApiSchema>>>> = {
  'GET /contacts': { per_page: perPage, starting_after: cursor },
  'GET /contacts/{id}/notes': { page, per_page: perPage },
  'GET /contacts/{id}/companies': { page, per_page: perPage },
  'GET /companies/{id}/contacts': { page, per_page: perPage, starting_after: cursor },
  'GET /articles': { page, per_page: perPage },
  'GET /events': { per_page: perPage, before },
  'GET /articles/search': { page, per_page: perPage },
  'GET /help_center/collections': { page, per_page: perPage },
}

/** Violations in a request that a client sends to Intercom. */
export function checkRequest(routes: readonly Route[], validate: Validate, request: SentRequest): string[] {
  const route = findRoute(routes, request.method, request.path)
  if (!route) return [`${request.method} ${request.path}: not an operation of the description`]
  const violations = [
    ...checkRequestHeaders(request),
    ...checkQuery(route, validate, request.path),
    ...checkRequestBody(route, validate, request),
  ]
  return violations.map((violation) => `${route.name}: ${violation}`)
}

function checkRequestHeaders({ headers, body }: SentRequest): string[] {
  const violations: string[] = []
  const version = headers.get('intercom-version')
  if (version !== VERSION) violations.push(`header intercom-version: ${version}, not ${VERSION}`)
  if (!/^Bearer \S+$/.test(headers.get('authorization') ?? '')) {
    violations.push('header authorization: no bearer token')
  }
  if (!/application\/json|\*\/\*/.test(headers.get('accept') ?? '')) {
    violations.push('header accept: does not accept JSON')
  }
  if (body !== undefined && !headers.get('content-type')?.startsWith('application/json')) {
    violations.push('header content-type: not JSON')
  }
  return violations
}

function checkQuery(route: Route, validate: Validate, path: string): string[] {
  const query = new URLSearchParams(path.split('?')[1] ?? '')
  const described = (route.operation.parameters ?? []).filter((parameter) => parameter.in === 'query')
  const schemas: Record<string, OpenApiSchema> = {
    ...Object.assign({}, ...described.map(keysOf)),
    ...EXTRA_PARAMETERS[route.name],
  }
  const violations = described
    .filter(
      (parameter) => parameter.required && !Object.keys(keysOf(parameter)).some((key) => query.has(key)),
    )
    .map(({ name }) => `query ${name}: missing`)
  for (const [name, value] of query) {
    const schema = schemas[name]
    if (!schema) violations.push(`query ${name}: unknown`)
    else violations.push(...validate(schema, typed(value, schema)).map((text) => `query ${name} ${text}`))
  }
  return violations
}

/** A parameter as it stands in a query: an object as its own keys (`explode`). */
function keysOf({ name, schema = {} }: OpenApiParameter): Record<string, OpenApiSchema> {
  if (schema.type !== 'object') return { [name]: schema }
  return Object.assign({}, schema.properties, ...(schema.oneOf ?? []).map(({ properties }) => properties))
}

function typed(value: string, schema: OpenApiSchema): unknown {
  if (schema.type === 'integer' && /^-?\d+$/.test(value)) return Number(value)
  if (schema.type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true'
  return value
}

function checkRequestBody(route: Route, validate: Validate, { body }: SentRequest): string[] {
  const described = route.operation.requestBody
  if (!described) return body === undefined ? [] : ['/: takes no body']
  if (typeof body === 'string') return ['/: not JSON']
  if (body === undefined) return ['/: body is missing']
  const schema = described.content['application/json']?.schema
  return schema ? validate(schema, body) : []
}

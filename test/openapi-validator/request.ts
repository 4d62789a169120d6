import type { OpenApiSchema } from './openapi.ts'
import { findRoute, type Route } from './operations.ts'
import type { Validate } from './validator.ts'

/** One request as it went over the wire. No body is `undefined`, one that is no JSON is its text. */
export interface Question {
  readonly method: string
  /** May carry a query. */
  readonly path: string
  readonly headers: Headers
  readonly body?: unknown
}

const VERSION = '2.12'

const perPage: OpenApiSchema = { type: 'integer', minimum: 1, maximum: 150 }
const page: OpenApiSchema = { type: 'integer', minimum: 1 }
const cursor: OpenApiSchema = { type: 'string', pattern: '.' }

/** Query parameters the description forgot, all from docs/intercom-api.md 3. */
const EXTRA_PARAMETERS: Readonly<Record<string, Readonly<Record<string, OpenApiSchema>>>> = {
  'GET /contacts': { per_page: perPage, starting_after: cursor },
  'GET /contacts/{id}/notes': { page, per_page: perPage },
  'GET /contacts/{id}/companies': { page, per_page: perPage },
  'GET /companies/{id}/contacts': { page, per_page: perPage, starting_after: cursor },
}

/** Complaints about a request that a client sends to Intercom. */
export function checkRequest(routes: readonly Route[], validate: Validate, question: Question): string[] {
  const route = findRoute(routes, question.method, question.path)
  if (!route) return [`${question.method} ${question.path}: no operation of the description`]
  const complaints = [
    ...checkRequestHeaders(question),
    ...checkQuery(route, validate, question.path),
    ...checkRequestBody(route, validate, question),
  ]
  return complaints.map((complaint) => `${route.name}: ${complaint}`)
}

function checkRequestHeaders({ headers, body }: Question): string[] {
  const complaints: string[] = []
  const version = headers.get('intercom-version')
  if (version !== VERSION) complaints.push(`header intercom-version: ${version}, not ${VERSION}`)
  if (!/^Bearer \S+$/.test(headers.get('authorization') ?? '')) {
    complaints.push('header authorization: no bearer token')
  }
  if (!/application\/json|\*\/\*/.test(headers.get('accept') ?? '')) {
    complaints.push('header accept: does not take JSON')
  }
  if (body !== undefined && !headers.get('content-type')?.startsWith('application/json')) {
    complaints.push('header content-type: not JSON')
  }
  return complaints
}

function checkQuery(route: Route, validate: Validate, path: string): string[] {
  const query = new URLSearchParams(path.split('?')[1] ?? '')
  const described = (route.operation.parameters ?? []).filter((parameter) => parameter.in === 'query')
  const schemas: Record<string, OpenApiSchema> = {
    ...Object.fromEntries(described.map(({ name, schema }) => [name, schema ?? {}])),
    ...EXTRA_PARAMETERS[route.name],
  }
  const complaints = described
    .filter(({ name, required }) => required && !query.has(name))
    .map(({ name }) => `query ${name}: missing`)
  for (const [name, value] of query) {
    const schema = schemas[name]
    if (!schema) complaints.push(`query ${name}: unknown`)
    else complaints.push(...validate(schema, typed(value, schema)).map((text) => `query ${name} ${text}`))
  }
  return complaints
}

function typed(value: string, schema: OpenApiSchema): unknown {
  if (schema.type === 'integer' && /^-?\d+$/.test(value)) return Number(value)
  if (schema.type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true'
  return value
}

function checkRequestBody(route: Route, validate: Validate, { body }: Question): string[] {
  const described = route.operation.requestBody
  if (!described) return body === undefined ? [] : ['/: takes no body']
  if (typeof body === 'string') return ['/: not JSON']
  if (body === undefined) return ['/: body is missing']
  const schema = described.content['application/json']?.schema
  return schema ? validate(schema, body) : []
}

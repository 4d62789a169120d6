import { amend } from './amend.ts'
import { readDescription } from './openapi.ts'
import { findRoute, type Route, routesOf } from './operations.ts'
import { checkRequest, type SentRequest } from './request.ts'
import { checkResponse, type ReceivedAnswer } from './response.ts'
import { createSchemaValidator } from './schema-validator.ts'

export type { ReceivedAnswer, SentRequest }

/** Checks requests and answers against Intercom's own OpenAPI description, independently of client and workspace. */
export interface OpenApiValidator {
  /** Every operation of the description, by names such as `GET /contacts/{id}`. */
  readonly operations: readonly string[]
  /** The operation that a request addresses; undefined if the description has none. */
  operationOf(method: string, path: string): string | undefined
  /** Violations in a client's request; empty if it is valid. */
  checkRequest(request: SentRequest): string[]
  /** Violations in an answer; empty if it is valid. */
  checkResponse(answer: ReceivedAnswer): string[]
}

/** The reason shown by a skipped test. */
export const HOW_TO_GET_THE_DESCRIPTION =
  'no OpenAPI description: get descriptions/2.12/api.intercom.io.yaml from github.com/intercom/Intercom-OpenAPI ' +
  'and set INTERCOM_OPENAPI to its path'

let loaded: Promise<OpenApiValidator | null> | undefined

/** The validator for the description at INTERCOM_OPENAPI, loaded once; null if that is not set. */
export function loadValidator(): Promise<OpenApiValidator | null> {
  loaded ??= load(process.env['INTERCOM_OPENAPI'])
  return loaded
}

async function load(file: string | undefined): Promise<OpenApiValidator | null> {
  if (!file) return null
  const description = amend(await readDescription(file))
  const routes: readonly Route[] = routesOf(description)
  const validate = createSchemaValidator(description)
  return {
    operations: routes.map((route) => route.name),
    operationOf: (method, path) => findRoute(routes, method, path)?.name,
    checkRequest: (request) => checkRequest(routes, validate, request),
    checkResponse: (answer) => checkResponse(routes, validate, answer),
  }
}

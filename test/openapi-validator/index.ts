import { amend } from './amend.ts'
import { readDescription } from './openapi.ts'
import { findRoute, type Route, routesOf } from './operations.ts'
import { checkRequest, type Question } from './request.ts'
import { type Answer, checkResponse } from './response.ts'
import { createValidator } from './validator.ts'

export type { Answer, Question }

/** Judges what goes over the wire by Intercom's own description, so that client and workspace need not. */
export interface Referee {
  /** Every operation of the description, by names such as `GET /contacts/{id}`. */
  readonly operations: readonly string[]
  /** The operation a request is meant for; undefined when the description has none. */
  operationOf(method: string, path: string): string | undefined
  /** Complaints about a request of a client; none when it is as described. */
  checkRequest(question: Question): string[]
  /** Complaints about an answer; none when it is as described. */
  checkResponse(answer: Answer): string[]
}

/** What a skipped test says: where the description is, and how to name it. */
export const HOW_TO_GET_THE_DESCRIPTION =
  'no description to judge by: get descriptions/2.12/api.intercom.io.yaml from github.com/intercom/Intercom-OpenAPI ' +
  'and set INTERCOM_OPENAPI to its path'

let loaded: Promise<Referee | null> | undefined

/** The referee for the description that INTERCOM_OPENAPI names; null when it names none. Loaded once. */
export function loadReferee(): Promise<Referee | null> {
  loaded ??= load(process.env['INTERCOM_OPENAPI'])
  return loaded
}

async function load(file: string | undefined): Promise<Referee | null> {
  if (!file) return null
  const description = amend(await readDescription(file))
  const routes: readonly Route[] = routesOf(description)
  const validate = createValidator(description)
  return {
    operations: routes.map((route) => route.name),
    operationOf: (method, path) => findRoute(routes, method, path)?.name,
    checkRequest: (question) => checkRequest(routes, validate, question),
    checkResponse: (answer) => checkResponse(routes, validate, answer),
  }
}

import { AssertionError } from 'node:assert/strict'
import type { Incoming, Outgoing } from '../../src/workspace/http/answer.ts'
import { loadValidator, type OpenApiValidator } from './index.ts'
import { isUnvalidated } from './unvalidated.ts'

const validator = await loadValidator()
const violations = new Set<string>()

/**
 * Wraps a workspace's answers: one that violates the description is thrown to the caller and also makes the process
 * exit with 1, since a fault or a client may swallow the error. What a fault does to an answer later is not checked.
 */
export function validated(answer: (incoming: Incoming) => Outgoing): (incoming: Incoming) => Outgoing {
  if (validator === null) return answer
  return (incoming) => {
    const outgoing = answer(incoming)
    const found = isUnvalidated() ? [] : violationsOf(validator, incoming, outgoing)
    if (found.length === 0) return outgoing
    if (violations.size === 0) process.once('exit', fail)
    for (const violation of found) violations.add(violation)
    throw new AssertionError({
      message: `Not as Intercom's API description and docs/intercom-api.md allow:\n${found.join('\n')}`,
    })
  }
}

function violationsOf(
  openApi: OpenApiValidator,
  incoming: Incoming,
  { status, headers, body }: Outgoing,
): string[] {
  const version = incoming.header('intercom-version')
  const found = openApi.checkResponse({
    method: incoming.method,
    path: incoming.target,
    status,
    headers: new Headers(headers),
    body: bodyOf(body),
    requestHeaders: new Headers(version === undefined ? {} : { 'intercom-version': version }),
  })
  // An injected fault may have any status; the rest of the answer must still be valid.
  return incoming.refusal
    ? found.filter((violation) => !/undocumented status|is not documented$/.test(violation))
    : found
}

function bodyOf(body: Outgoing['body']): unknown {
  if (typeof body !== 'string') return body
  return body === '' ? undefined : JSON.parse(body)
}

function fail(): void {
  process.stderr.write(
    `Not as Intercom's API description and docs/intercom-api.md allow:\n${[...violations].join('\n')}\n`,
  )
  process.exitCode = 1
}

import type { ReceivedAnswer } from './response.ts'

const REQUEST_ID = /^([0-9a-v]{20}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** The form of each header that every answer carries (docs/intercom-api.md 1.1). */
const EVERY_ANSWER: Readonly<Record<string, RegExp>> = {
  'x-request-id': REQUEST_ID,
  'intercom-version': /^(1\.[0-4]|2\.(\d|1[0-7])|Unstable|Preview)$/,
  'x-intercom-version': /^[0-9a-f]{40}$/,
  'x-runtime': /^\d+(\.\d+)?$/,
  'cache-control': /^max-age=0, private, must-revalidate$/,
  vary: /\bAccept-Encoding\b/i,
  status: /^\d{3} \S/,
  etag: /^W\/"[0-9a-f]{32}"$/,
}

const JSON_TYPE = /^application\/json; charset=utf-8$/

/** What a known caller is told about its budget (docs/intercom-api.md 1.5). */
const RATE_LIMIT: Readonly<Record<string, RegExp>> = {
  'x-ratelimit-limit': /^[1-9]\d*$/,
  'x-ratelimit-remaining': /^\d+$/,
  'x-ratelimit-reset': /^\d{10}$/,
}

/** Violations in the headers of one answer, its body's `request_id` included. */
export function checkHeaders(answer: ReceivedAnswer): string[] {
  const { headers, status, body } = answer
  const authenticated = status !== 401
  const violations = formViolations(headers, {
    ...EVERY_ANSWER,
    ...(authenticated ? RATE_LIMIT : {}),
    ...(body === undefined
      ? {}
      : { 'content-type': body instanceof Uint8Array ? /^application\/octet-stream$/ : JSON_TYPE }),
  })

  const statusLine = headers.get('status')
  if (statusLine && !statusLine.startsWith(`${status} `)) {
    violations.push(`header status: '${statusLine}' on a ${status}`)
  }
  if (Number(headers.get('x-ratelimit-remaining')) > Number(headers.get('x-ratelimit-limit'))) {
    violations.push('header x-ratelimit-remaining: above the limit')
  }
  // A job that runs is another limit than that of calls (3.17).
  const isOfCalls = status === 429 && !answer.path.startsWith('/export/')
  if (isOfCalls && headers.get('x-ratelimit-remaining') !== '0') {
    violations.push('header x-ratelimit-remaining: not 0 on a 429')
  }
  const asked = answer.requestHeaders?.get('intercom-version')
  const applied = headers.get('intercom-version')
  if (asked && status < 400 && asked !== applied) {
    violations.push(`header intercom-version: asked for ${asked}, got ${applied}`)
  }
  const requestId = (body as { request_id?: unknown } | null | undefined)?.request_id
  if (typeof requestId === 'string' && requestId !== headers.get('x-request-id')) {
    violations.push('header x-request-id: is not the request_id of the body')
  }
  return violations
}

function formViolations(headers: Headers, forms: Readonly<Record<string, RegExp>>): string[] {
  return Object.entries(forms).flatMap(([name, form]) => {
    const value = headers.get(name)
    if (value === null) return [`header ${name}: missing`]
    return form.test(value) ? [] : [`header ${name}: '${value}' does not look like ${form}`]
  })
}

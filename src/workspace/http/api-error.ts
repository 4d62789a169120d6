/**
 * An error that Intercom answers: thrown anywhere below a route and answered as an `error.list`
 * (docs/intercom-api.md 1.4).
 */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  /** Search errors and `bad_request` answer `request_id: null`, a few have none (docs/intercom-api.md 1.1, 1.4). */
  readonly requestId: 'named' | 'null' | 'absent'
  /** The answer's `Link` header. */
  link: string | undefined
  /** Answered as `{error_key, message}`, which the phone switch does (docs/intercom-api.md 3.14). */
  keyed = false

  constructor(status: number, code: string, message: string, requestId: ApiError['requestId'] = 'named') {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.requestId = requestId
  }
}

/** 400 `parameter_invalid`, the usual answer to a bad value. */
export function invalid(message: string): ApiError {
  return new ApiError(400, 'parameter_invalid', message)
}

/** 400 `parameter_not_found`, for a parameter that is missing (docs/intercom-api.md 1.4). */
export function missing(message: string): ApiError {
  return new ApiError(400, 'parameter_not_found', message)
}

/** 400 `type_mismatch`, for a value of the wrong JSON type (docs/intercom-api.md 1.4; the text is ours). */
export function mismatch(name: string, expected: string): ApiError {
  return new ApiError(400, 'type_mismatch', `${name} must be ${expected}`)
}

/**
 * 400 `bad_request` / `bad 'x' parameter`, for an unknown key on strict endpoints (docs/intercom-api.md 1.4).
 */
export function badParameter(name: string): ApiError {
  return new ApiError(400, 'bad_request', `bad '${name}' parameter`, 'null')
}

/** 400 `bad_request` with words of its own; it has no request id either (docs/intercom-api.md 3.17). */
export function badRequest(message: string): ApiError {
  return new ApiError(400, 'bad_request', message, 'null')
}

/** 404 `not_found`; the text differs by endpoint (docs/intercom-api.md 3). */
export function notFound(message = 'Resource Not Found'): ApiError {
  return new ApiError(404, 'not_found', message)
}

/** 404 for a path that no version has; it has no `request_id` (docs/intercom-api.md 1.3; the text is ours). */
export function unknownResource(): ApiError {
  const message = 'The requested resource does not exist. Please check the path.'
  return new ApiError(404, 'not_found', message, 'absent')
}

/** 429 `rate_limit_exceeded` in the words that were seen live (docs/intercom-api.md 1.5). */
export function rateLimitExceeded(): ApiError {
  return new ApiError(429, 'rate_limit_exceeded', 'The rate limit for the App has been exceeded')
}

/** 409 `conflict`: identifiers are taken. */
export function conflict(message: string): ApiError {
  return new ApiError(409, 'conflict', message)
}

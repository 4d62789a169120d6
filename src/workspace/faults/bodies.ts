import { STATUS_CODES } from 'node:http'
import { ApiError, rateLimitExceeded } from '../http/api-error.ts'

/**
 * Intercom's own code and message for a status (docs/intercom-api.md 1.2, 1.4, 1.5); those of 400, 405, 500, 502 and
 * 504 are not known.
 */
const errors: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['parameter_invalid', 'A parameter is invalid'],
  401: ['unauthorized', 'Access Token Invalid'],
  403: ['api_plan_restricted', 'Active subscription needed.'],
  404: ['not_found', 'Resource Not Found'],
  405: ['action_forbidden', 'Action not allowed'],
  406: ['media_type_not_acceptable', 'The Accept header should send a media type of application/json'],
  408: ['request_timeout', 'The server would not wait any longer for the client'],
  409: ['conflict', 'Resource conflict'],
  422: ['unprocessable_entity', 'Unprocessable entity'],
  500: ['server_error', 'Server error'],
  502: ['server_error', 'Bad gateway'],
  503: ['service_unavailable', 'Sorry, the API service is temporarily unavailable'],
  504: ['server_timeout', 'Server timeout'],
}

/** The error that a `status` fault answers with. */
export function refusalOf(status: number, code: string | undefined, message: string | undefined): ApiError {
  if (status === 429 && code === undefined && message === undefined) return rateLimitExceeded()
  const [usualCode, usualMessage] = errors[status] ?? [
    status < 500 ? 'client_error' : 'server_error',
    `Error ${status}`,
  ]
  // Only a 406 has no request id (docs/intercom-api.md 1.4).
  const requestId = status === 406 ? 'absent' : 'named'
  return new ApiError(status, code ?? usualCode, message ?? usualMessage, requestId)
}

/** nginx's own names for these. */
const titles: Readonly<Record<number, string>> = {
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
}

/** The error page of a gateway in front of Intercom, without Intercom's headers. */
export function gatewayPage(status: number) {
  const title = `${status} ${titles[status] ?? STATUS_CODES[status] ?? 'Error'}`
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
  return { status, headers: { 'Content-Type': 'text/html' }, body }
}

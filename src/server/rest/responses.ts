import type { JsonSchema } from '../../core/describe.ts'

/** What the statuses of an action that did not succeed say, and what to do then. */
export const statuses = [
  [
    '400',
    'BadRequest',
    'No JSON object, a malformed header, or Intercom found the request wrong. No effect.',
  ],
  ['401', 'NoKey', 'The API key of this server is missing or wrong.'],
  [
    '403',
    'NotAllowed',
    'The policy of the key, or the permissions of the Intercom token, exclude it. No effect.',
  ],
  ['404', 'NotFound', 'No such action, or Intercom has no such thing. No effect.'],
  [
    '409',
    'Unknown',
    'It may have taken effect: do not repeat it before you have checked, as the error says. With X-Outcome: rejected it had no effect: Intercom found a conflict.',
  ],
  [
    '422',
    'Unprocessable',
    'A parameter does not fit, or an Idempotency-Key came with another input. No effect.',
  ],
  ['429', 'TooManyCalls', 'The key has made too many calls. No effect; repeat it after Retry-After.'],
  [
    '503',
    'NotSent',
    "No effect: Intercom's rate limit, the deadline or an outage came first. Repeat it after Retry-After.",
  ],
] as const

/** The body of every one of them. */
export const failure: JsonSchema = {
  type: 'object',
  description:
    'What happened and what to do next. Of an action it is the whole envelope, other keys at defaults.',
  properties: { success: { type: 'boolean', const: false }, error: { type: 'string' } },
  required: ['success', 'error'],
  additionalProperties: true,
}

const text = { type: 'string' }
const headers = {
  'X-Outcome': {
    description: 'not_sent, rejected (no effect) or unknown (it may have taken effect).',
    schema: { type: 'string', enum: ['not_sent', 'rejected', 'unknown'] },
  },
  'X-Error-Code': { description: "Intercom's own error code where it gave one, else ours.", schema: text },
  'X-Retryable': {
    description: 'Whether repeating the same call is safe and may help.',
    schema: { type: 'string', enum: ['true', 'false'] },
  },
  'X-Intercom-Request-Id': { description: "What Intercom's support asks for.", schema: text },
}
const retryAfter = { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } }

/** The same as response objects of OpenAPI, with the schema of `failure` as a component of its name. */
export const responses: { status: string; name: string; response: JsonSchema }[] = statuses.map(
  ([status, name, description]) => ({
    status,
    name,
    response: {
      description,
      headers: { ...headers, ...(status === '503' || status === '429' ? retryAfter : {}) },
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
    },
  }),
)

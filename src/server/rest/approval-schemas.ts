import type { JsonSchema } from '../../core/describe.ts'

const time = { type: ['integer', 'null'], description: 'Unix milliseconds.' }
const seconds = { description: 'Seconds.', schema: { type: 'integer' } }

/** `GET /approvals/{id}`. */
export const approval: JsonSchema = {
  type: 'object',
  description: 'What became of a call that was held for a person.',
  properties: {
    id: { type: 'string' },
    action: { type: 'string' },
    state: { type: 'string', enum: ['waiting', 'approved', 'declined', 'lapsed', 'done'] },
    decision: {
      type: ['string', 'null'],
      enum: ['approve', 'edit', 'decline', null],
      description: 'null while nobody has decided; edit: approved with another text.',
    },
    created_at: { ...time, type: 'integer' },
    expires_at: { ...time, type: 'integer' },
    decided_at: time,
    reason: { type: ['string', 'null'], description: 'Why it was declined.' },
    edited: { description: 'The whole input as a person changed it, or null.' },
    output: {
      type: ['object', 'null'],
      properties: {},
      additionalProperties: true,
      description: "The action's envelope, once the call was made.",
    },
    failure: { type: ['object', 'null'], properties: {}, additionalProperties: true },
  },
  required: [
    'id',
    'action',
    'state',
    'decision',
    'created_at',
    'expires_at',
    'decided_at',
    'reason',
    'edited',
    'output',
    'failure',
  ],
}

/** A call that waits. */
export const heldResponse: JsonSchema = {
  description:
    'A person has to approve this call first: no effect yet. The same call again, after Retry-After, answers its outcome.',
  headers: {
    Location: { description: 'Where the approval tells its state.', schema: { type: 'string' } },
    'Retry-After': seconds,
    'X-Error-Code': {
      description: 'held, or approval_under_way.',
      schema: { type: 'string', enum: ['held', 'approval_under_way'] },
    },
  },
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
}

/** Headers of the answer to a call that a person has approved. */
export const decisionHeaders: JsonSchema = {
  'X-Approval': { description: 'The id of its approval.', schema: { type: 'string' } },
  'X-Approval-Decision': {
    description: 'edit: with another text than was asked for.',
    schema: { type: 'string', enum: ['approve', 'edit'] },
  },
}

export const approvalPath: JsonSchema = {
  '/approvals/{id}': {
    get: {
      operationId: 'get_approval',
      summary: 'Get an approval',
      description: 'What became of a call of this key that was held for a person.',
      'x-openai-isConsequential': false,
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      responses: {
        200: {
          description: 'The approval.',
          headers: { 'Retry-After': { ...seconds, description: 'Seconds, while it is not over.' } },
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Approval' } } },
        },
        401: { $ref: '#/components/responses/NoKey' },
        404: { $ref: '#/components/responses/NotFound' },
      },
    },
  },
}

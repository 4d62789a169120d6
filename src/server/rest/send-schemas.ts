import type { JsonSchema } from '../../core/describe.ts'
import { sendStates } from './sends/send.ts'

const text = { type: 'string' }
const textOrNull = { type: ['string', 'null'] }
const time = { type: ['integer', 'null'], description: 'Unix milliseconds.' }
const object = { properties: {}, additionalProperties: true }

const row: Record<string, JsonSchema> = {
  id: text,
  caller: { ...text, description: 'The name of the API key.' },
  action: text,
  title: text,
  state: {
    ...text,
    enum: [...sendStates],
    description:
      'sent: once. verified: its answer was lost, and it was found by reading. unknown: it may have taken effect. refused: it has not. held: for a person.',
  },
  persisted: { type: 'boolean', description: 'false: only this process knows of it.' },
  idempotency_key: textOrNull,
  approval_id: textOrNull,
  begun_at: time,
  changed_at: { ...time, type: 'integer' },
  error: textOrNull,
  code: textOrNull,
  conversation_id: textOrNull,
}

const step: JsonSchema = {
  type: 'object',
  properties: {
    at: { ...time, description: 'Unix milliseconds; null where the time was not recorded.' },
    step: {
      ...text,
      enum: [
        ...['held', 'approved', 'edited', 'declined', 'lapsed', 'recorded', 'transmitted', 'answered'],
        ...[
          'answer_lost',
          'rejected',
          'found',
          'not_found',
          'absent',
          'look_failed',
          'interrupted',
          'replayed',
          'ended',
        ],
      ],
    },
  },
  required: ['at', 'step'],
  additionalProperties: true,
}

/** `GET /sends` and `GET /sends/{id}`. */
export const sendSchemas: Record<string, JsonSchema> = {
  SendRow: { type: 'object', properties: row, required: Object.keys(row) },
  Send: {
    type: 'object',
    description: 'A write and its story.',
    properties: {
      ...row,
      steps: { type: 'array', items: step },
      answer: {
        type: ['object', 'null'],
        ...object,
        description: 'The envelope and the failure, whole or by ids.',
      },
      next: { ...textOrNull, description: 'What to do about it.' },
    },
    required: [...Object.keys(row), 'steps', 'answer', 'next'],
  },
  Look: {
    type: 'object',
    description: 'What looking for a send in Intercom came to.',
    properties: {
      look: {
        ...text,
        enum: ['found', 'not_there', 'unknown'],
        description:
          'found: it was sent once. not_there: it is proven that it took no effect. unknown: nothing was seen, which proves nothing.',
      },
      item_id: { ...textOrNull, description: 'The part, the note, … that was found.' },
      says: text,
      send: { $ref: '#/components/schemas/Send' },
    },
    required: ['look', 'item_id', 'says', 'send'],
  },
}

const failed = (description: string): JsonSchema => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
})

const inQuery = (name: string, schema: JsonSchema) => ({ name, in: 'query', required: false, schema })

export const sendPaths: JsonSchema = {
  '/sends': {
    get: {
      operationId: 'list_sends',
      summary: 'List sends',
      description: 'The writes of this key and what became of them, the newest first.',
      'x-openai-isConsequential': false,
      parameters: [
        inQuery('state', { type: 'string', enum: [...sendStates] }),
        inQuery('action', text),
        inQuery('limit', { type: 'integer', minimum: 1, maximum: 200, default: 50 }),
        inQuery('before', text),
      ],
      responses: {
        200: {
          description: 'A page. It may be short: there is more as long as next is not null.',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                properties: {
                  sends: { type: 'array', items: { $ref: '#/components/schemas/SendRow' } },
                  next: textOrNull,
                },
                required: ['sends', 'next'],
              },
            },
          },
        },
        400: failed('The query is wrong.'),
      },
    },
  },
  '/sends/{id}': {
    get: {
      operationId: 'get_send',
      summary: 'Get a send',
      description: 'A write of this key, its story step by step, and what to do about it.',
      'x-openai-isConsequential': false,
      parameters: [{ name: 'id', in: 'path', required: true, schema: text }],
      responses: {
        200: {
          description: 'The send.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Send' } } },
        },
        404: failed('There is none with this id.'),
      },
    },
  },
  '/sends/{id}/look': {
    post: {
      operationId: 'look_for_send',
      summary: 'Look for a send',
      description:
        'Looks in Intercom for a write of this key whose outcome is unknown, and records what it finds. It sends nothing.',
      'x-openai-isConsequential': false,
      parameters: [{ name: 'id', in: 'path', required: true, schema: text }],
      requestBody: {
        required: false,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: {
                input: {
                  type: 'object',
                  ...object,
                  description: 'The parameters of the call, where the server asks for them.',
                },
              },
              additionalProperties: false,
            },
          },
        },
      },
      responses: {
        200: {
          description: 'What it came to.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Look' } } },
        },
        400: failed('The body is wrong.'),
        403: failed('This key may no longer call the action.'),
        404: failed('There is none with this id.'),
        409: failed(
          'Its outcome is known, it is under way, nothing tells it from others, or its input is needed.',
        ),
        422: failed('The input is not that of the call.'),
        503: failed('The journal cannot be read.'),
      },
    },
  },
}

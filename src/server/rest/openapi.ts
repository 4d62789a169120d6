import manifest from '../../../package.json' with { type: 'json' }
import type { Description, JsonSchema } from '../../core/describe.ts'
import { failure, responses } from './responses.ts'

/** Longest description of an operation that a GPT Action takes. */
const longestDescription = 300

/**
 * The OpenAPI 3.1 document of the actions: `operationId` is the action's name. `keeps`: whether the server keeps
 * intents, and so takes `Idempotency-Key`.
 */
export function openapiOf(described: readonly Description[], origin: string, keeps: boolean): JsonSchema {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Intercom',
      version: manifest.version,
      description: 'Contacts, conversations, notes, tags and messages in Intercom, one operation per action.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: origin }],
    security: [{ key: [] }],
    paths: Object.fromEntries(
      described.map((one) => [`/actions/${one.name}`, { post: operationOf(one, keeps) }]),
    ),
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key of this server.' } },
      schemas: {
        ...Object.fromEntries(described.flatMap(schemasOf)),
        Failure: failure,
      },
      responses: Object.fromEntries(responses.map(({ name, response }) => [name, response])),
      ...(keeps ? { parameters: { IdempotencyKey: idempotencyKey } } : {}),
    },
  }
}

function operationOf(described: Description, keeps: boolean): JsonSchema {
  const { name, title, description, effect, input_schema, output_schema } = described
  return {
    operationId: name,
    summary: title,
    description: shortened(description),
    'x-openai-isConsequential': effect !== 'read',
    ...(keeps && effect !== 'read'
      ? { parameters: [{ $ref: '#/components/parameters/IdempotencyKey' }] }
      : {}),
    requestBody: {
      required: input_schema['required'] !== undefined,
      content: { 'application/json': { schema: reference(inputName(output_schema)) } },
    },
    responses: {
      200: {
        description: 'It worked.',
        content: { 'application/json': { schema: reference(String(output_schema['title'])) } },
      },
      ...Object.fromEntries(
        responses.map(({ status, name }) => [status, { $ref: `#/components/responses/${name}` }]),
      ),
    },
  }
}

/** Whole sentences, as many as fit; `/manifest.json` has them all. */
function shortened(description: string): string {
  if (description.length <= longestDescription) return description
  const end = description.lastIndexOf('. ', longestDescription - 1)
  return end === -1 ? `${description.slice(0, longestDescription - 1)}…` : description.slice(0, end + 1)
}

function schemasOf({ input_schema, output_schema }: Description): [string, unknown][] {
  return [
    [inputName(output_schema), withProperties(input_schema)],
    [String(output_schema['title']), withProperties({ ...output_schema, required: keysOf(output_schema) })],
  ]
}

/** An envelope always has all its keys. */
function keysOf({ properties }: JsonSchema): string[] {
  return Object.keys(properties as Record<string, unknown>)
}

/** `GetContactOutput` → `GetContactInput`. */
function inputName(output_schema: JsonSchema): string {
  return String(output_schema['title']).replace(/Output$/, 'Input')
}

function reference(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` }
}

/** GPT Actions refuse an object schema that names no properties. */
function withProperties(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withProperties)
  if (typeof node !== 'object' || node === null) return node
  const schema = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withProperties(value)]))
  return schema['type'] === 'object' ? { properties: {}, ...schema } : schema
}

const idempotencyKey: JsonSchema = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Your own id for what you intend. A second call with the same key and input sends nothing and gets the first outcome.',
  schema: { type: 'string', minLength: 1, maxLength: 128 },
}

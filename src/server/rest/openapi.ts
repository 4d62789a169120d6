import manifest from '../../../package.json' with { type: 'json' }
import { type Description, type JsonSchema, withProperties } from '../../core/describe.ts'
import type { OutputMode } from '../../tools/offer.ts'
import { approval, approvalPath, decisionHeaders, heldResponse } from './approval-schemas.ts'
import { explanationSchema } from './explanation.ts'
import { failure, responses } from './responses.ts'
import { sendPaths, sendSchemas } from './send-schemas.ts'

/** Longest description of an operation that a GPT Action takes. */
const longestDescription = 300

/**
 * What a server does beside answering: `keeps`, whether it has a journal and so takes `Idempotency-Key`; `held`, the
 * actions of which a call may wait for a person.
 */
export type Served = { keeps: boolean; held: ReadonlySet<string> }

/**
 * The OpenAPI 3.1 document of the actions: `operationId` is the action's name. Full answers are described with
 * Intercom's objects.
 */
export async function openapiOf(
  described: readonly Description[],
  origin: string,
  { keeps, held }: Served,
  output: OutputMode,
): Promise<JsonSchema> {
  const full = output === 'full' ? await import('./answer-schemas.json', { with: { type: 'json' } }) : null
  const writes = described.some(({ effect }) => effect !== 'read')
  const answers: Record<string, JsonSchema> = {
    ...Object.fromEntries(
      described.map(({ output_schema }) => [output_schema['title'], ofAllKeys(output_schema)]),
    ),
    ...full?.default,
  }
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
    paths: {
      ...Object.fromEntries(
        described.map((one) => [
          `/actions/${one.name}`,
          { parameters: [explainParameter], post: operationOf(one, keeps, held.has(one.name)) },
        ]),
      ),
      ...(held.size === 0 ? {} : approvalPath),
      ...(writes ? sendPaths : {}),
    },
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key of this server.' } },
      schemas: {
        ...Object.fromEntries(
          described.map((one) => [inputName(one.output_schema), withProperties(one.input_schema)]),
        ),
        ...Object.fromEntries(
          namesIn(described, answers).map((name) => [name, withProperties(answers[name] ?? {})]),
        ),
        Failure: failure,
        Explanation: explanationSchema,
        ...(held.size === 0 ? {} : { Approval: approval }),
        ...(writes ? sendSchemas : {}),
      },
      responses: {
        ...Object.fromEntries(responses.map(({ name, response }) => [name, response])),
        ...(held.size === 0 ? {} : { Held: heldResponse }),
      },
      parameters: { Explain: explain, DryRun: dryRun, ...(keeps ? { IdempotencyKey: idempotencyKey } : {}) },
    },
  }
}

function operationOf(described: Description, keeps: boolean, mayBeHeld: boolean): JsonSchema {
  const { name, title, description, effect, input_schema, output_schema } = described
  return {
    operationId: name,
    summary: title,
    description: shortened(description),
    'x-openai-isConsequential': effect !== 'read',
    ...(effect === 'read'
      ? {}
      : { parameters: keeps ? [idempotencyKeyParameter, dryRunParameter] : [dryRunParameter] }),
    requestBody: {
      required: input_schema['required'] !== undefined,
      content: { 'application/json': { schema: reference(inputName(output_schema)) } },
    },
    responses: {
      200: {
        description: 'It worked.',
        content: { 'application/json': { schema: reference(String(output_schema['title'])) } },
        ...(mayBeHeld ? { headers: decisionHeaders } : {}),
      },
      ...(mayBeHeld ? { 202: { $ref: '#/components/responses/Held' } } : {}),
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

/** The contract's schema of an envelope, which always has all its keys. */
function ofAllKeys(output_schema: JsonSchema): JsonSchema {
  return { ...output_schema, required: Object.keys(output_schema['properties'] as object) }
}

/** The envelopes of the actions, and the schemas that they refer to. */
function namesIn(described: readonly Description[], answers: Record<string, JsonSchema>): string[] {
  const names = new Set(described.map(({ output_schema }) => String(output_schema['title'])))
  for (const name of names) {
    const references = JSON.stringify(answers[name]).matchAll(/"#\/components\/schemas\/(\w+)"/g)
    for (const [, referred = ''] of references) names.add(referred) // visited in its turn
  }
  return [...names]
}

/** `GetContactOutput` → `GetContactInput`. */
function inputName(output_schema: JsonSchema): string {
  return String(output_schema['title']).replace(/Output$/, 'Input')
}

function reference(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` }
}

const [idempotencyKeyParameter, dryRunParameter, explainParameter] = [
  'IdempotencyKey',
  'DryRun',
  'Explain',
].map((name) => ({ $ref: `#/components/parameters/${name}` }))

const flag = { in: 'query', required: false, schema: { type: 'boolean' } }

const dryRun: JsonSchema = {
  ...flag,
  name: 'dry_run',
  description:
    'true: look things up and write nothing. The request that would be sent stands in place of its answer; no person is asked.',
}

const explain: JsonSchema = {
  ...flag,
  name: 'explain',
  description:
    'true: answer an Explanation, which holds the envelope, its compact text, failure, trace and the requests as they were sent.',
}

const idempotencyKey: JsonSchema = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'A key of your own for this write. A second call with the same key and input sends nothing and gets the first outcome.',
  schema: { type: 'string', minLength: 1, maxLength: 128 },
}

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { cachedFile } from './cache.ts'

/** The part of an OpenAPI 3.0 schema that Intercom's description uses. */
export interface OpenApiSchema {
  $ref?: string
  type?: string
  nullable?: boolean
  enum?: (string | number | boolean | null)[]
  format?: string
  pattern?: string
  maximum?: number
  minimum?: number
  maxItems?: number
  minItems?: number
  required?: string[]
  properties?: Record<string, OpenApiSchema>
  additionalProperties?: boolean | OpenApiSchema
  items?: OpenApiSchema
  allOf?: OpenApiSchema[]
  anyOf?: OpenApiSchema[]
  oneOf?: OpenApiSchema[]
}

/** A media type's schema and named examples. Empty answers have no content at all. */
interface OpenApiContent {
  'application/json'?: { schema?: OpenApiSchema; examples?: Record<string, { value: unknown }> }
}

export interface OpenApiParameter {
  name: string
  in: string
  required?: boolean
  schema?: OpenApiSchema
}

/** One method of one path, as the description states it. */
export interface OpenApiOperation {
  operationId?: string
  /** `Contacts`, `Notes`. */
  tags?: string[]
  parameters?: OpenApiParameter[]
  requestBody?: { required?: boolean; content: OpenApiContent }
  responses: Record<string, { content?: OpenApiContent }>
}

/** Intercom's OpenAPI description, as far as the validator uses it. */
export interface Description {
  paths: Record<string, Record<string, OpenApiOperation>>
  components: { schemas: Record<string, OpenApiSchema> }
}

const require = createRequire(import.meta.url)

/** Reads the description from a YAML file. */
export async function readDescription(file: string): Promise<Description> {
  const yaml = await readFile(file, 'utf8')
  const parse = () => JSON.stringify((require('yaml') as typeof import('yaml')).parse(yaml))
  // Not validated: a description of another shape fails the first check.
  return JSON.parse(await readFile(cachedFile(yaml, '.json', parse), 'utf8')) as Description
}

import { hash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'

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
export interface OpenApiContent {
  'application/json'?: { schema?: OpenApiSchema; examples?: Record<string, { value: unknown }> }
}

/** One method of one path, as the description states it. */
export interface OpenApiOperation {
  operationId?: string
  /** What Intercom files the operation under: `Contacts`, `Notes`. */
  tags?: string[]
  parameters?: { name: string; in: string; required?: boolean; schema?: OpenApiSchema }[]
  requestBody?: { required?: boolean; content: OpenApiContent }
  responses: Record<string, { content?: OpenApiContent }>
}

/** Intercom's OpenAPI description, as far as the referee reads it. */
export interface Description {
  paths: Record<string, Record<string, OpenApiOperation>>
  components: { schemas: Record<string, OpenApiSchema> }
}

/** Parsing the YAML takes half a second; each of a hundred test processes would spend it. */
const cache = new URL('../../node_modules/.cache/openapi/', import.meta.url)

/** Reads the description from a YAML file, or what was parsed of the same text before. */
export async function readDescription(file: string): Promise<Description> {
  const yaml = await readFile(file, 'utf8')
  const parsed = new URL(`${hash('sha256', yaml)}.json`, cache)
  try {
    // The referee never sees another file here; a shape it cannot use shows in the first check.
    return JSON.parse(await readFile(parsed, 'utf8')) as Description
  } catch {
    const { parse } = await import('yaml')
    const description = parse(yaml) as Description
    const partial = new URL(`${process.pid}.partial`, cache)
    await mkdir(cache, { recursive: true })
    await writeFile(partial, JSON.stringify(description))
    await rename(partial, parsed)
    return description
  }
}

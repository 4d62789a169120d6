import type { OpenApiSchema } from './openapi.ts'

type JsonSchema = Record<string, unknown>

/** Unix seconds stop making sense here; milliseconds are always above it. */
const LAST_SECOND = 9_999_999_999

/**
 * OpenAPI 3.0 to JSON Schema 2020-12. Every object that names its properties is closed where it is used,
 * so an unknown key fails, and union branches and `$ref`s are seen through. Objects without any named
 * property (custom attributes) stay open.
 */
export function toJsonSchema(
  schema: OpenApiSchema,
  components: Readonly<Record<string, OpenApiSchema>>,
): JsonSchema {
  const converted = convert(schema, components)
  return isClosed(schema, components) ? { ...converted, unevaluatedProperties: false } : converted
}

/** All component schemas as `$defs`. They are closed where they are used, not where they stand. */
export function toDefinitions(components: Readonly<Record<string, OpenApiSchema>>): JsonSchema {
  return mapValues(components, (schema) => convert(schema, components))
}

function convert(schema: OpenApiSchema, components: Readonly<Record<string, OpenApiSchema>>): JsonSchema {
  const used = (child: OpenApiSchema): JsonSchema => toJsonSchema(child, components)
  const branch = (child: OpenApiSchema): JsonSchema => convert(child, components)
  const result: JsonSchema = {}

  if (schema.$ref) result['$ref'] = schema.$ref.replace('#/components/schemas/', '#/$defs/')
  if (schema.type) result['type'] = schema.type
  if (schema.enum) result['enum'] = schema.enum
  if (schema.format) result['format'] = schema.format
  if (schema.pattern) result['pattern'] = schema.pattern
  if (schema.minimum !== undefined) result['minimum'] = schema.minimum
  if (schema.maximum !== undefined) result['maximum'] = schema.maximum
  if (schema.minItems !== undefined) result['minItems'] = schema.minItems
  if (schema.maxItems !== undefined) result['maxItems'] = schema.maxItems
  if (Array.isArray(schema.required)) result['required'] = schema.required
  if (schema.properties) result['properties'] = mapValues(schema.properties, used)
  if (schema.items) result['items'] = used(schema.items)
  if (typeof schema.additionalProperties === 'object') {
    result['additionalProperties'] = used(schema.additionalProperties)
  } else if (schema.additionalProperties !== undefined) {
    result['additionalProperties'] = schema.additionalProperties
  }
  for (const union of ['allOf', 'anyOf', 'oneOf'] as const) {
    const branches = schema[union]
    if (branches) result[union] = branches.map(branch)
  }
  if (schema.type === 'integer' && (schema.format === 'date-time' || schema.format === 'timestamp')) {
    delete result['format']
    result['maximum'] = LAST_SECOND
  }
  // Not `anyOf` with null: its errors would bury the one that matters.
  return schema.nullable ? { if: { type: 'null' }, else: result } : result
}

function isClosed(
  schema: OpenApiSchema,
  components: Readonly<Record<string, OpenApiSchema>>,
  seen: readonly string[] = [],
): boolean {
  if (schema.additionalProperties !== undefined) return false
  if (schema.properties) return true
  const branches = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  const name = schema.$ref?.replace('#/components/schemas/', '')
  const target = name !== undefined && !seen.includes(name) ? components[name] : undefined
  if (target && name !== undefined) return isClosed(target, components, [...seen, name])
  return branches.some((branch) => isClosed(branch, components, seen))
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
}

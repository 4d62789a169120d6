import type { JsonSchema } from '../core/describe.ts'

/**
 * A schema in the form of the providers' strict mode: every property required, optional ones nullable, no defaults, no
 * additional properties. `null` where an object is open, for which strict mode has no form.
 */
export function strictSchema(schema: JsonSchema): JsonSchema | null {
  const { properties, required = [], additionalProperties, ...rest } = schema
  if (schema['type'] === 'array') {
    const items = strictSchema((schema['items'] ?? {}) as JsonSchema)
    return items === null ? null : { ...schema, items }
  }
  if (schema['type'] !== 'object') return schema
  if (additionalProperties !== false) return null
  const strict: Record<string, JsonSchema> = {}
  for (const [name, property] of Object.entries((properties ?? {}) as Record<string, JsonSchema>)) {
    const own = strictSchema(property)
    if (own === null) return null
    strict[name] = (required as string[]).includes(name) ? own : nullable(own)
  }
  return { ...rest, properties: strict, required: Object.keys(strict), additionalProperties: false }
}

/** An input to a strict schema, or the JSON text of one, without the nulls that stand for what is left out. */
export function withoutNulls(input: unknown): unknown {
  const given = typeof input === 'string' ? parsed(input) : input
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text // the action's own check says what is wrong with it
  }
}

function nullable(schema: JsonSchema): JsonSchema {
  const { default: defaultValue, type, description, ...rest } = schema
  const meaning =
    defaultValue === undefined ? 'null leaves it out' : `null means ${JSON.stringify(defaultValue)}`
  return {
    ...rest,
    type: [type, 'null'],
    description: `${description}. ${meaning}`,
    ...(Array.isArray(schema['enum']) ? { enum: [...schema['enum'], null] } : {}),
  }
}

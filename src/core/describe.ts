import { z } from 'zod'
import type { ActionInfo, Effect } from './action.ts'

/** A JSON Schema (draft 2020-12) as plain data. */
export type JsonSchema = { [key: string]: unknown }

/** A parameter in the form of the contract. */
export type Parameter = { type: string; required: boolean; description: string; default?: unknown }

/** An action as data, for manifests, documentation and adapters. */
export type Description = {
  name: string
  title: string
  description: string
  effect: Effect
  parameters: Record<string, Parameter>
  input_schema: JsonSchema
  output_schema: JsonSchema
}

/** Everything that an action declares, as JSON. */
export function describe(action: ActionInfo): Description {
  const { name, title, description, effect } = action
  const input_schema = inputSchema(action)
  return {
    name,
    title,
    description,
    effect,
    parameters: parameters(input_schema),
    input_schema,
    output_schema: outputSchema(action),
  }
}

const inputSchemas = new WeakMap<z.ZodType, JsonSchema>()

/** JSON Schema of what a caller may send. Made once for each action: do not change it. */
export function inputSchema({ input }: Pick<ActionInfo, 'input'>): JsonSchema {
  const known = inputSchemas.get(input)
  if (known !== undefined) return known
  const { $schema, ...schema } = z.toJSONSchema(input, { io: 'input' })
  const made = tidied(schema) as JsonSchema
  inputSchemas.set(input, made)
  return made
}

/** JSON Schema of the envelope, equal to the contract's. */
function outputSchema(action: Pick<ActionInfo, 'name' | 'output'>): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(action.output, { io: 'input' })
  const plain = tidied(schema) as JsonSchema & { properties: Record<string, JsonSchema> }
  for (const [key, property] of Object.entries(plain.properties)) {
    property['title'] = words(key, ' ')
    if (property['type'] === 'array') delete property['default'] // the contract leaves an empty list unstated
  }
  return { ...plain, title: `${words(action.name, '')}Output` }
}

/** The names of an action's parameters. */
export function parametersOf(action: Pick<ActionInfo, 'input'>): string[] {
  return Object.keys((inputSchema(action)['properties'] as object | undefined) ?? {})
}

function parameters(schema: JsonSchema): Record<string, Parameter> {
  const required = (schema['required'] as string[] | undefined) ?? []
  const entries = Object.entries(schema['properties'] as Record<string, JsonSchema>).map(
    ([name, property]) => {
      const parameter: Parameter = {
        type: String(property['type']),
        required: required.includes(name),
        description: String(property['description']),
      }
      if ('default' in property) parameter.default = property['default']
      return [name, parameter] as const
    },
  )
  return Object.fromEntries(entries)
}

/**
 * A schema in which every object has `properties`, even if empty. The contract has open objects without, for which
 * hosts such as Gemini and GPT Actions refuse the tool, or every tool beside it.
 */
export function withProperties(schema: JsonSchema): JsonSchema {
  const inside = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inside)
    return typeof value === 'object' && value !== null ? withProperties(value as JsonSchema) : value
  }
  const plain = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, inside(value)]))
  return plain['type'] === 'object' ? { properties: {}, ...plain } : plain
}

/** Undoes zod's spelling where the contract's differs: nullable types, loose objects, safe-integer bounds. */
function tidied(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(tidied)
  if (typeof node !== 'object' || node === null) return node
  const schema = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, tidied(value)]),
  ) as JsonSchema
  const { type, ...rest } = schema
  if (Array.isArray(type)) return { ...rest, anyOf: type.map((one) => ({ type: one })) }
  if (type === 'integer') {
    if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum']
    if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum']
  }
  if (type === 'object' && isEmpty(schema['additionalProperties'])) {
    schema['additionalProperties'] = true
    delete schema['propertyNames']
    if (isEmpty(schema['properties'])) delete schema['properties']
  }
  return schema
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** `get_contact` → `GetContact` or `Get Contact`. */
function words(name: string, between: string): string {
  return name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(between)
}

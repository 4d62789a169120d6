import { DEVIATIONS } from './deviations.ts'
import type { Description, OpenApiSchema } from './openapi.ts'
import { REQUIRED_KEYS } from './required-keys.ts'

const ID_PATTERNS = { hex24: '^[0-9a-f]{24}$', digits: '^[0-9]+$' }

/** The description with the listed deviations in place and, on top, the keys that must not be missing. */
export function amend(original: Description, { requiredKeys = true } = {}): Description {
  const description = structuredClone(original)
  for (const deviation of DEVIATIONS) replace(description, deviation.at, deviation.schema)
  if (requiredKeys) requireKeys(description)
  return description
}

/** The schema at `name.key.key`, where `[]` stands for an array's items, or at `GET /path 200`. */
export function schemaAt(description: Description, at: string): OpenApiSchema | undefined {
  const [method, template, status] = at.split(' ')
  if (method && template && status) {
    const response = description.paths[template]?.[method.toLowerCase()]?.responses[status]
    return response?.content?.['application/json']?.schema
  }
  const [name = '', ...keys] = at.split('.')
  return keys.reduce<OpenApiSchema | undefined>(
    (schema, key) => (key === '[]' ? schema?.items : schema?.properties?.[key]),
    description.components.schemas[name],
  )
}

function replace(description: Description, at: string, schema: OpenApiSchema): void {
  const copy = structuredClone(schema)
  const [method, template, status] = at.split(' ')
  if (method && template && status) {
    const response = description.paths[template]?.[method.toLowerCase()]?.responses[status]
    if (!response) throw new Error(`The description has no ${at}.`)
    response.content = { 'application/json': { ...response.content?.['application/json'], schema: copy } }
    return
  }
  const dot = at.lastIndexOf('.')
  if (dot < 0) {
    description.components.schemas[at] = copy
    return
  }
  const parent = schemaAt(description, at.slice(0, dot))
  if (!parent) throw new Error(`The description has no ${at.slice(0, dot)}.`)
  const key = at.slice(dot + 1)
  if (key === '[]') parent.items = copy
  else parent.properties = { ...parent.properties, [key]: copy }
}

function requireKeys(description: Description): void {
  for (const [at, row] of Object.entries(REQUIRED_KEYS)) {
    const schema = schemaAt(description, at)
    if (!schema) throw new Error(`The description has no ${at}.`)
    schema.required = [...row.keys]
    if (row.type) schema.properties = { ...schema.properties, type: { type: 'string', enum: [row.type] } }
    if (row.id)
      schema.properties = { ...schema.properties, id: { type: 'string', pattern: ID_PATTERNS[row.id] } }
  }
}

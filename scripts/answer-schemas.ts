// src/server/rest/answer-schemas.json: what /openapi.json says of answers, from the types of the actions.
import type { Type, TypeReference } from 'typescript/unstable/sync'
import type { Description, JsonSchema } from '../src/index.ts'
import type { ActionTypes } from './types-of.ts'

/** JSON Schemas by name: the envelope of every action that succeeded, and Intercom's objects in them. */
export function answerSchemas(descriptions: Description[], types: ActionTypes): Record<string, JsonSchema> {
  const { checker, Results, properties } = types
  const objects: Record<string, JsonSchema> = {}

  function schemaOf(type: Type): JsonSchema {
    const text = checker.typeToString(type)
    if (text === 'unknown') return {}
    if (text === 'number') return { type: 'integer' } // ids, counts and Unix seconds
    if (/^(string|boolean|null)$/.test(text)) return { type: text }
    if (text === 'true') return { type: 'boolean' } // with false, which is left out

    if (type.isStringLiteralType()) return { type: 'string', const: type.value }
    if (type.isUnionType()) return unionOf(type.getTypes())
    if (checker.isArrayType(type)) {
      const [item] = checker.getTypeArguments(type as TypeReference) // every array is one
      return { type: 'array', items: item ? schemaOf(item) : {} }
    }
    const alias = type.getAliasSymbol()
    if (alias === undefined || type.getAliasTypeArguments().length > 0) return objectOf(type)
    if (!(alias.name in objects)) {
      objects[alias.name] = {}
      objects[alias.name] = { ...described(alias.getDocumentationComment(checker)), ...objectOf(type) }
    }
    return { $ref: `#/components/schemas/${alias.name}` }
  }

  function unionOf(all: readonly Type[]): JsonSchema {
    const given = all.filter((type) => !/^(null|undefined|false)$/.test(checker.typeToString(type)))
    const values = given.flatMap((type) => (type.isStringLiteralType() ? [type.value] : []))
    const options = values.length > 1 ? [{ type: 'string', enum: values }] : given.map(schemaOf)
    if (all.some((type) => checker.typeToString(type) === 'null')) options.push({ type: 'null' })
    return options.length === 1 ? { ...options[0] } : { anyOf: options }
  }

  /** Open: Intercom may answer more than is declared. */
  function objectOf(type: Type): JsonSchema & { properties?: JsonSchema; required?: string[] } {
    const [index] = checker.getIndexInfosOfType(type)
    if (index) return { type: 'object', additionalProperties: schemaOf(index.valueType) }
    if (!type.isObjectType() && !type.isIntersectionType())
      throw new Error(`JSON has no ${checker.typeToString(type)}`)
    const own = properties(type)
    return {
      type: 'object',
      properties: Object.fromEntries(
        own.map(({ name, type, description }) => [name, { ...described(description), ...schemaOf(type) }]),
      ),
      required: own.filter(({ optional }) => !optional).map(({ name }) => name),
    }
  }

  // Always null here, but openapi-fetch loses a key that can be nothing else.
  const error = { anyOf: [{ type: 'string' }, { type: 'null' }] }
  const envelopes = descriptions.map(({ name, output_schema }) => {
    const result = Results.get(name)
    if (result === undefined) throw new Error(`${name} has no types`)
    const { properties: own, required = [] } = objectOf(result)
    return [
      output_schema['title'],
      {
        type: 'object',
        properties: { success: { type: 'boolean', const: true }, error, ...own },
        required: ['success', 'error', ...required],
        additionalProperties: false,
      },
    ]
  })
  return { ...Object.fromEntries(envelopes), ...objects }
}

/** Prose without the citations that only a reader of the repository can follow. */
function described(comment: string): JsonSchema {
  const description = comment.replaceAll(/\s*\(docs\/[^)]*\)/g, '').replaceAll('\n', ' ')
  return description === '' ? {} : { description }
}

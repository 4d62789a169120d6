import { hash } from 'node:crypto'
import { createRequire } from 'node:module'
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import { cachedFile } from './cache.ts'
import { toDefinitions, toJsonSchema } from './json-schema.ts'
import type { Description, OpenApiSchema } from './openapi.ts'

/** Violations in a value, each with its path. */
export type Validate = (schema: OpenApiSchema, value: unknown) => string[]

const require = createRequire(import.meta.url)

/** A validator for the schemas of one description. A schema is compiled when it is first needed, once. */
export function createSchemaValidator(description: Description): Validate {
  const { schemas } = description.components
  const definitions = JSON.stringify({ $id: 'description', $defs: toDefinitions(schemas) })
  const digest = hash('sha256', definitions)
  const compiled = new Map<OpenApiSchema, ValidateFunction>()

  return (schema, value) => {
    let validate = compiled.get(schema)
    if (!validate) {
      validate = compile(definitions, digest, pointAtDescription(toJsonSchema(schema, schemas)))
      compiled.set(schema, validate)
    }
    return validate(value) ? [] : violations(validate.errors ?? [])
  }
}

function pointAtDescription(schema: Record<string, unknown>): string {
  return JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"description#/')
}

function compile(definitions: string, digest: string, schema: string): ValidateFunction {
  const { version } = require('ajv/package.json') as { version: string }
  const code = cachedFile(`${version}${digest}${schema}`, '.cjs', () => {
    const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js')
    const { default: formats } = require('ajv-formats') as typeof import('ajv-formats')
    const { default: standalone } =
      require('ajv/dist/standalone/index.js') as typeof import('ajv/dist/standalone/index.js')
    // Checking the schemas themselves would take longer than all the validation in a process.
    const options = { allErrors: true, strict: false, validateSchema: false, code: { source: true } }
    const ajv = new Ajv2020(options)
    formats.default(ajv)
    ajv.addSchema(JSON.parse(definitions))
    return standalone(ajv, ajv.compile(JSON.parse(schema)))
  })
  return require(code) as ValidateFunction
}

const SUMMARIES = new Set(['if', 'anyOf', 'oneOf'])

function violations(errors: readonly ErrorObject[]): string[] {
  const summaries = errors.filter((error) => SUMMARIES.has(error.keyword))
  const details = errors.filter((error) => !SUMMARIES.has(error.keyword))
  const shown = details.filter(
    (error) =>
      error.keyword !== 'unevaluatedProperties' ||
      // When a branch fails, all its keys count as unevaluated: only the cause is worth reporting.
      !details.some((other) => other !== error && explains(other, error, summaries)),
  )
  return [...new Set((shown.length > 0 ? shown : errors).map(sentence))]
}

function explains(cause: ErrorObject, unknownKey: ErrorObject, summaries: readonly ErrorObject[]): boolean {
  if (!isWithin(cause.instancePath, unknownKey.instancePath)) return false
  if (cause.keyword !== 'unevaluatedProperties') return true
  return (
    cause.instancePath !== unknownKey.instancePath &&
    summaries.some((summary) => summary.instancePath === unknownKey.instancePath)
  )
}

function isWithin(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}/`)
}

function sentence(error: ErrorObject): string {
  const place = error.instancePath || '/'
  const params = error.params as Record<string, unknown>
  if (error.keyword === 'unevaluatedProperties' || error.keyword === 'additionalProperties') {
    return `${place}: unknown key '${params['unevaluatedProperty'] ?? params['additionalProperty']}'`
  }
  if (error.keyword === 'required') return `${place}: missing key '${params['missingProperty']}'`
  if (error.keyword === 'enum') return `${place}: must be one of ${JSON.stringify(params['allowedValues'])}`
  return `${place}: ${error.message}`
}

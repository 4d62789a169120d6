// Subpath `/functions`: the actions as plain tools, for calling a model of any provider without a framework.

import { notChosen } from '../actions/select.ts'
import { flag } from '../check-options.ts'
import type { JsonSchema } from '../core/describe.ts'
import { failed } from '../core/run.ts'
import type { ActionName, Intercom } from '../intercom.ts'
import { callableTools, confirmationText, type ToolCallOptions, type ToolResult } from './callable.ts'
import { formatterOf } from './invoke.ts'
import { checkToolOptions, type ToolOptions } from './offer.ts'

export { confirmationText, type ToolCallOptions, type ToolOptions, type ToolResult }

/** Options of `intercomTools`. */
export type FunctionToolOptions = ToolOptions & {
  /**
   * Give schemas the form of the providers' strict mode: all properties required, the optional ones nullable. A tool
   * whose schema has no such form keeps its own, with `strict: false`.
   * @default false
   */
  strict?: boolean | undefined
}

/** A tool as every provider takes it, under slightly different keys. */
export type FunctionTool = {
  name: ActionName
  description: string
  /**
   * JSON Schema of the arguments. When `strict` is true: every property is required and none is open; `null` is
   * how a model leaves one out.
   */
  parameters: JsonSchema
  /** Whether `parameters` follow the rules of strict mode; pass it to the provider. */
  strict: boolean
  /** Whether a person may have to confirm a call, which `needsApproval` of all tools tells. */
  needsApproval: boolean
}

/** The tools to offer a model, and the function that runs them. */
export type FunctionTools = {
  tools: FunctionTool[]
  /** Whether a person has to confirm this call: pass `{ approved: true }` after one has. */
  needsApproval(name: string, given: unknown): Promise<boolean>
  /**
   * Runs the tool a model asked for. `given` is what it sent: an object, or its JSON text. Never rejects: an
   * unknown name, too, is answered with a text for the model.
   */
  call(name: string, given: unknown, options?: ToolCallOptions): Promise<ToolResult>
}

/**
 * The actions as tools for function calling. Throws an `IntercomError` on options that name no action or parameter.
 *
 * @example
 * const { tools, call } = intercomTools(intercom, { sends: 'confirm' })
 * const answer = await call(toolCall.function.name, toolCall.function.arguments)
 * messages.push({ role: 'tool', tool_call_id: toolCall.id, content: answer.text })
 */
export function intercomTools(
  intercom: Pick<Intercom, 'call'>,
  options: FunctionToolOptions = {},
): FunctionTools {
  checkToolOptions(options, { strict: flag })
  const { strict = false, ...offer } = options
  const callable = callableTools(intercom, offer)
  const byName = new Map(callable.map((tool) => [tool.description.name, tool]))
  const tools = callable.map(({ description: { name, description, input_schema }, mayNeedApproval }) => {
    const narrow = strict ? strictSchema(input_schema) : null
    return {
      name: name as ActionName, // the tools are the actions'
      description,
      parameters: narrow ?? input_schema,
      strict: narrow !== null,
      needsApproval: mayNeedApproval,
    }
  })
  return {
    tools,
    needsApproval: async (name, given) => (await byName.get(name)?.needsApproval(given)) ?? false,
    async call(name, given, callOptions) {
      const tool = byName.get(name)
      if (tool !== undefined) return await tool.call(given, callOptions)
      const format = await formatterOf(offer.output ?? 'compact')
      const { output } = failed(...notChosen(name, [...byName.keys()], offer.toolsets), (text) => text)
      return { ...(await format(output)), isError: true }
    },
  }
}

/**
 * A schema in the form of the providers' strict mode: every property required, optional ones nullable, no defaults, no
 * additional properties. `null` where an object is open, for which strict mode has no form.
 */
function strictSchema(schema: JsonSchema): JsonSchema | null {
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

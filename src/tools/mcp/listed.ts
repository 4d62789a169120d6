import type { Tool as McpTool } from '@modelcontextprotocol/server'
import type { AnyAction, Effect } from '../../core/action.ts'
import { withProperties } from '../../core/describe.ts'
import type { Grant } from '../grant.ts'
import type { Tool } from '../policy.ts'

/** The hints of an effect: hosts decide by them what to ask people. */
const annotations = {
  read: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  update: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
  create: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
  send: { readOnlyHint: false, destructiveHint: true, idempotentHint: false },
} as const satisfies Record<Effect, object>

function hintsOf({ effect, overwrites, destructive }: AnyAction): object {
  const hints = annotations[effect]
  return { ...hints, destructiveHint: destructive ?? overwrites ?? hints.destructiveHint }
}

/**
 * A tool as `tools/list` shows it. `grant`: it says the scopes that it needs, as ChatGPT reads them
 * (developers.openai.com/apps-sdk/build/auth), beside the tool and in `_meta`.
 */
export function listed({ action, description }: Tool, grant: Grant | null): McpTool {
  const { name, title, input_schema, output_schema } = description
  return {
    name,
    title,
    description: description.description,
    inputSchema: withProperties(input_schema) as McpTool['inputSchema'], // an object schema, made by zod
    outputSchema: output_schema as McpTool['outputSchema'], // the contract's
    annotations: { title, ...hintsOf(action), openWorldHint: true },
    ...(grant === null ? {} : securityOf(grant.scopesOf(action.effect))),
  }
}

function securityOf(scopes: readonly string[]) {
  const securitySchemes = [{ type: 'oauth2', scopes: [...scopes] }]
  return { securitySchemes, _meta: { securitySchemes } }
}

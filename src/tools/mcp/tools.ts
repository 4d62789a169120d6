import type { Tool as McpTool } from '@modelcontextprotocol/server'
import type { Effect } from '../../core/effect.ts'
import type { Tool } from '../policy.ts'

/** What hosts are told of an effect: they decide by it what to ask people. */
const annotations = {
  read: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  update: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
  create: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
  send: { readOnlyHint: false, destructiveHint: true, idempotentHint: false },
} as const satisfies Record<Effect, object>

/** A tool as `tools/list` shows it. */
export function listed({ action, description }: Tool): McpTool {
  const { name, title, input_schema, output_schema } = description
  return {
    name,
    title,
    description: description.description,
    inputSchema: input_schema as McpTool['inputSchema'], // an object schema, made by zod
    outputSchema: output_schema as McpTool['outputSchema'], // the contract's
    annotations: { title, ...annotations[action.effect], openWorldHint: true },
  }
}

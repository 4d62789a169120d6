import {
  type CallToolResult,
  type InputRequiredResult,
  type Tool as McpTool,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server'
import { inOtherToolset } from '../../actions/select.ts'
import type { AnyAction, Effect } from '../../core/action.ts'
import { withProperties } from '../../core/describe.ts'
import { didYouMean } from '../../core/nearest.ts'
import { IntercomError, quotedName, sentences } from '../../errors.ts'
import { held } from '../held.ts'
import { type Approve, invoke, type Offer } from '../invoke.ts'
import type { Tool } from '../policy.ts'
import { sentArguments } from './arguments.ts'
import type { Asking, Confirmations } from './confirm.ts'
import { withProgress } from './progress.ts'

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

/** A tool as `tools/list` shows it. */
export function listed({ action, description }: Tool): McpTool {
  const { name, title, input_schema, output_schema } = description
  return {
    name,
    title,
    description: description.description,
    inputSchema: withProperties(input_schema) as McpTool['inputSchema'], // an object schema, made by zod
    outputSchema: output_schema as McpTool['outputSchema'], // the contract's
    annotations: { title, ...hintsOf(action), openWorldHint: true },
  }
}

/**
 * `tools/call`: every failure is a result with `isError`, except a tool that does not exist. `mode`: how the client can
 * ask a person; `null` when it cannot.
 */
export async function callTool(
  offer: Offer,
  { name, arguments: given }: { name: string; arguments?: unknown },
  confirmations: Confirmations,
  { mode, context, askedBy }: Omit<Asking, 'mode'> & { mode: Asking['mode'] | null },
): Promise<CallToolResult | InputRequiredResult> {
  const tool = offer.tools.get(name)
  if (tool === undefined) {
    const next = inOtherToolset(name, offer.toolsets) ?? didYouMean(name, [...offer.tools.keys()])
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      sentences(`Unknown tool: ${quotedName(name)}`, next),
    )
  }
  const { approver } = offer
  const approve: Approve<InputRequiredResult> = async (input, look) => {
    if (mode === 'form' || (mode === 'url' && approver !== null))
      return await confirmations.ask(tool, input, look, { context, mode, askedBy })
    if (approver === null) throw cannotAsk()
    return await held(approver, tool, { askedBy })(input, look)
  }
  const { signal } = context.mcpReq
  const invoked = await withProgress(context, () =>
    invoke(offer, tool, sentArguments(given), approve, { signal }),
  )
  if ('question' in invoked) return invoked.question
  const { output, structured, text, remark } = invoked
  const texts = remark === undefined ? [text] : [text, remark]
  const content = texts.map((one) => ({ type: 'text' as const, text: one }))
  return { content, structuredContent: structured, isError: !output.success }
}

function cannotAsk(): IntercomError {
  return new IntercomError(
    'this server sends only what a person confirms, and this client cannot ask a person',
    {
      code: 'confirmation_unavailable',
      hint: 'Nothing was sent. Use a client that supports elicitation, or have the operator of the server allow sends.',
    },
  )
}

import {
  type CallToolResult,
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server'
import type { Envelope } from '../../core/action.ts'
import { didYouMean } from '../../core/nearest.ts'
import { failed } from '../../core/run.ts'
import { IntercomError } from '../../errors.ts'
import { readingOf } from '../compact/output.ts'
import { underWay } from './progress.ts'
import type { Offer } from './server.ts'

/** `tools/call`: every failure is a result with `isError`, except a tool that does not exist. */
export async function callTool(
  offer: Offer,
  { name, arguments: given }: { name: string; arguments?: unknown },
  context: ServerContext,
  canAsk: boolean,
): Promise<CallToolResult | InputRequiredResult> {
  const tool = offer.tools.get(name)
  if (tool === undefined) {
    const near = didYouMean(name, [...offer.tools.keys()])
    const shown = JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${shown}.${near}`)
  }
  try {
    const input = tool.input(given ?? {})
    if (tool.needsApproval) {
      if (!canAsk) throw cannotAsk()
      const question = await offer.confirmations.ask(tool, input, context)
      if (question !== null) return question
    }
    const { signal } = context.mcpReq
    const { output } = await underWay(context, () => offer.intercom.call(name as string, input, { signal }))
    return resultOf(output, offer)
  } catch (error) {
    if (!(error instanceof IntercomError)) throw error
    return resultOf(failed(tool.action, error, (text) => text).output, offer)
  }
}

function resultOf(output: Envelope, offer: Offer): CallToolResult {
  const { structured, text } = readingOf(output, offer.output)
  return { content: [{ type: 'text', text }], structuredContent: structured, isError: !output.success }
}

/** Never a way for the model to confirm itself. */
function cannotAsk(): IntercomError {
  return new IntercomError('this server sends only what a person confirms, and this client cannot ask one', {
    code: 'confirmation_unavailable',
    hint: 'Nothing was sent. Use a client that supports elicitation, or have the operator of the server allow sends.',
  })
}

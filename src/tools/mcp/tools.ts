import {
  type CallToolResult,
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server'
import { inOtherToolset } from '../../actions/select.ts'
import { didYouMean } from '../../core/nearest.ts'
import { IntercomError, quotedName, sentences } from '../../errors.ts'
import { held } from '../held.ts'
import { type Approve, invoke } from '../invoke.ts'
import type { Offer } from '../offer.ts'
import type { AppClient, ApprovalApp } from './app.ts'
import { sentArguments } from './arguments.ts'
import type { Asking, Confirmations } from './confirm.ts'
import { linksOf } from './links.ts'
import { withProgress } from './progress.ts'

/** Who asks. `mode`: how the client can ask a person; `null` when it cannot. */
export type Client = Omit<Asking, 'mode'> & AppClient & { mode: Asking['mode'] | null }

/**
 * `tools/call`: every failure is a result with `isError`, except a tool that does not exist.
 */
export async function callTool(
  offer: Offer,
  { name, arguments: given }: { name: string; arguments?: unknown },
  confirmations: Confirmations,
  { mode, context, askedBy, apps }: Client,
  app: ApprovalApp | null,
): Promise<CallToolResult | InputRequiredResult> {
  const tool = offer.tools.get(name)
  if (tool === undefined) {
    const decided = await app?.call(name, sentArguments(given), { askedBy, apps })
    if (decided) return decided
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
  const { output, failure, structured, text, remark, approval } = invoked
  const meta = await app?.meta(approval?.id ?? failure?.approval?.id, { askedBy, apps })
  const texts = remark === undefined ? [text] : [text, remark]
  const content: CallToolResult['content'] = texts.map((one) => ({ type: 'text', text: one }))
  content.push(...linksOf(offer, tool, sentArguments(given), output))
  return { content, structuredContent: structured, isError: !output.success, ...meta }
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

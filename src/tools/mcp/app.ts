import type {
  CallToolResult,
  Tool as McpTool,
  ReadResourceResult,
  Resource,
} from '@modelcontextprotocol/server'
import type { Approval } from '../../approvals/approval.ts'
import type { Approver } from '../../approvals/holding.ts'
import type { Preview } from '../../core/preview.ts'
import { IntercomError } from '../../errors.ts'
import type { Offer } from '../invoke.ts'
import type { Seals } from './seals.ts'

/** MCP Apps: documents that a host shows beside a result (`modelcontextprotocol/ext-apps`, 2026-01-26). */
export const uiExtension = 'io.modelcontextprotocol/ui'

const uri = 'ui://modulex-intercom/approval.html'
const mimeType = 'text/html;profile=mcp-app'
/** Where a result tells the app, and not the model, of an approval. */
const key = 'modulex-intercom/approval'
const stateUri = /^intercom:\/\/approvals\/([\w-]+)$/

/** The app as `resources/list` shows it. It loads nothing and connects to nothing. */
export const approvalApp: Resource = {
  uri,
  name: 'approval',
  title: 'Approval',
  description: 'What a call would do that waits for a person',
  mimeType,
}

/** Of a tool whose calls may wait: where hosts find the app. */
export const appOfTool = { _meta: { ui: { resourceUri: uri } } }

/** `resources/read` of the app, and of what it reads while it is open: an approval of this caller. `null`: neither. */
export async function readOfApp(offer: Offer, wanted: string): Promise<ReadResourceResult | null> {
  if (offer.approver === null) return null
  if (wanted === uri) {
    const { default: assets } = await import('../../composer/assets.json', { with: { type: 'json' } })
    const ui = { csp: { connectDomains: [], resourceDomains: [] }, prefersBorder: true }
    return { contents: [{ uri, mimeType, text: assets.app, _meta: { ui } }] }
  }
  const id = stateUri.exec(wanted)?.[1]
  const approval = id === undefined ? null : await offer.approver.own(id)
  if (approval === null) return null
  const text = JSON.stringify(cardOf(offer, approval))
  return { contents: [{ uri: wanted, mimeType: 'application/json', text }] }
}

/** What the app draws of an approval. `seal`: lets it decide. */
export function metaOf(offer: Offer, approval: Approval, seal?: string): { _meta: { [key: string]: unknown } } {
  return { _meta: { [key]: { ...cardOf(offer, approval), ...(seal === undefined ? {} : { seal }) } } }
}

/** Without who decided, and without what this caller may not read by itself. */
function cardOf({ tools, approver }: Offer, approval: Approval): object {
  const { workspace: _, decided_by: __, act_by: ___, preview, outcome, ...seen } = approval
  const reads = (collection: string) =>
    [...tools.values()].some(({ action }) => action.resource?.collection === collection)
  return {
    ...seen,
    title: tools.get(approval.action)?.description.title ?? approval.action,
    url: approver?.link(approval.id) ?? null,
    preview: preview && readable(preview, reads('contacts'), reads('conversations')),
    outcome: outcome && {
      output: { success: outcome.output.success, error: outcome.output.error },
      failure: outcome.failure && { outcome: outcome.failure.outcome, hint: outcome.failure.hint },
    },
  }
}

function readable(preview: Preview, contacts: boolean, conversations: boolean): Preview {
  const { to, conversation } = preview
  const unnamed = { name: null, email: null, role: null, company: null, warnings: [] }
  return {
    ...preview,
    to: contacts ? to : to.map((one) => ({ ...one, ...unnamed })),
    conversation: conversations ? conversation : conversation && { ...conversation, subject: null, last: [] },
  }
}

/** The tool by which an app decides. Hosts keep it from models; one that does not has no seal to give it. */
export const decideTool: McpTool = {
  name: 'decide_approval',
  title: 'Decide on an approval',
  description: 'Only for the app that shows an approval to a person. It decides nothing without the seal that the app has.',
  inputSchema: {
    type: 'object',
    properties: {
      approval_id: { type: 'string' },
      seal: { type: 'string' },
      decision: { type: 'string', enum: ['approve', 'decline'] },
      reason: { type: ['string', 'null'] },
    },
    required: ['approval_id', 'seal', 'decision'],
  },
  annotations: {
    title: 'Decide on an approval',
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: true,
  },
  _meta: { ui: { visibility: ['app'] } },
}

/** A decision of the app's: it counts once, for the approval, the caller and the input that the seal was made for. */
export async function decideByApp(
  offer: Offer & { approver: Approver },
  seals: Seals,
  given: unknown,
  askedBy: string | null,
): Promise<CallToolResult> {
  const { approver } = offer
  const { approval_id, seal, decision, reason } = (given ?? {}) as { [key: string]: unknown }
  const approval = typeof approval_id === 'string' ? await approver.own(approval_id) : null
  if (decision !== 'approve' && decision !== 'decline') return refused('decision takes "approve" or "decline"')
  if (approval === null || !(await seals.open(approval, seal)))
    return refused('this is not the seal of an approval that waits; call the tool again for a new card')
  const said = typeof reason === 'string' && reason.trim() !== '' ? reason.trim() : null
  try {
    const by = `the user of ${askedBy ?? 'an MCP client'}`
    const decided = await approver.decide(
      approval.id,
      decision === 'approve' ? { approve: true } : { decline: said },
      by,
      'app',
    )
    await approver.answer(decided).catch(() => null) // what came of it is in the record
  } catch (error) {
    if (!(error instanceof IntercomError)) throw error
    const isLate = ['already_decided', 'approval_lapsed'].includes(error.code)
    if (!isLate) return refused(error.message)
  }
  const now = (await approver.own(approval.id)) ?? approval
  return { content: [{ type: 'text', text: `Approval ${now.id} is ${now.state}.` }], ...metaOf(offer, now) }
}

function refused(why: string): CallToolResult {
  return { content: [{ type: 'text', text: `Nothing was decided: ${why}.` }], isError: true }
}

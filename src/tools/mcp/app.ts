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
import type { Offer } from '../offer.ts'
import type { Tool } from '../policy.ts'
import { listed } from './listed.ts'
import { type Seals, sealsOf } from './seals.ts'

/** MCP Apps: documents that a host shows beside a result (`modelcontextprotocol/ext-apps`, 2026-01-26). */
export const uiExtension = 'io.modelcontextprotocol/ui'

/** Where a person may decide within the client, which it has to be trusted with. */
export type ConfirmBy = readonly ('form' | 'app')[]

/** A client of one request: its name, and whether it shows apps. `null`: it has not said. */
export type AppClient = { askedBy: string | null; apps: boolean | null }

/** Whether a client that declares this shows apps; `null` where it has not said. */
export function showsApps(declared: { extensions?: object | undefined } | undefined): boolean | null {
  return declared === undefined ? null : Object.hasOwn(declared.extensions ?? {}, uiExtension)
}

const uri = 'ui://modulex-intercom/approval.html'
const mimeType = 'text/html;profile=mcp-app'
/** Where a result tells the app, and not the model, of an approval. */
const key = 'modulex-intercom/approval'
const stateUri = /^intercom:\/\/approvals\/([\w-]+)$/

/** It loads nothing and connects to nothing. */
const app: Resource = {
  uri,
  name: 'approval',
  title: 'Approval',
  description: 'Shows a person what a call would do that waits for them',
  mimeType,
}

/** The app that shows approvals, on the server's side. */
export type ApprovalApp = {
  resources: Resource[]
  /** The tools as a client gets them: those that may wait name the app. */
  listed(tools: readonly Tool[], client: AppClient): McpTool[]
  /** The app itself, and an approval of this caller, which it reads while it is open. `null`: neither. */
  read(uri: string): Promise<ReadResourceResult | null>
  /** A decision of the app's. `null`: this is not its tool, or not this client's. */
  call(name: string, given: unknown, client: AppClient): Promise<CallToolResult | null>
  /** What a result tells the app of an approval. */
  meta(id: string | undefined, client: AppClient): Promise<{ _meta?: { [key: string]: unknown } }>
}

/** `null` where no call waits for a person. */
export function approvalApp(offer: Offer, confirmBy: ConfirmBy): ApprovalApp | null {
  const { approver, grant } = offer
  if (approver === null) return null
  const seals = confirmBy.includes('app') ? sealsOf() : null
  const decides = ({ apps }: AppClient) => seals !== null && apps === true
  return {
    resources: [app],
    listed: (tools, client) => [
      ...tools.map((tool) => {
        const one = listed(tool, grant)
        return tool.mayNeedApproval && client.apps !== false
          ? { ...one, _meta: { ...one._meta, ui: { resourceUri: uri } } }
          : one
      }),
      ...(decides(client) ? [decideTool] : []),
    ],
    async read(wanted) {
      if (wanted === uri) return { contents: [{ uri, mimeType, text: await html(), _meta: { ui } }] }
      const id = stateUri.exec(wanted)?.[1]
      const approval = id === undefined ? null : await approver.own(id)
      if (approval === null) return null
      const text = JSON.stringify(cardOf(offer, approval))
      return { contents: [{ uri: wanted, mimeType: 'application/json', text }] }
    },
    async call(name, given, client) {
      if (name !== decideTool.name || !decides(client) || seals === null) return null
      return await decided({ ...offer, approver }, seals, given, client)
    },
    async meta(id, client) {
      const approval = id === undefined || client.apps === false ? null : await approver.own(id)
      if (approval === null) return {}
      const seal =
        decides(client) && seals !== null && approval.state === 'waiting'
          ? { seal: await seals.make(approval) }
          : {}
      return { _meta: { [key]: { ...cardOf(offer, approval), ...seal } } }
    },
  }
}

const ui = { csp: { connectDomains: [], resourceDomains: [] }, prefersBorder: true }

async function html(): Promise<string> {
  const { default: assets } = await import('../../composer/assets.json', { with: { type: 'json' } })
  return assets.app
}

/** Without who decided, and without what this caller may not read by itself. */
function cardOf({ tools, approver, grant }: Offer, approval: Approval): object {
  const { workspace: _, decided_by: __, act_by: ___, preview, outcome, ...seen } = approval
  const reads = (collection: string) =>
    (grant?.allows('read') ?? true) &&
    [...tools.values()].some(
      ({ action, mayNeedApproval }) => !mayNeedApproval && action.resource?.collection === collection,
    )
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
  const { to, from, conversation } = preview
  const unnamed = { name: null, email: null, role: null, company: null, warnings: [] }
  return {
    ...preview,
    to: contacts ? to : to.map((one) => ({ ...one, ...unnamed })),
    from: contacts || from?.type !== 'contact' ? from : { ...from, name: null, email: null },
    conversation: conversations ? conversation : conversation && { ...conversation, subject: null, last: [] },
  }
}

/** The tool by which an app decides. Hosts keep it from models; one that does not has no seal to give it. */
const decideTool: McpTool = {
  name: 'decide_approval',
  title: 'Decide on an approval',
  description:
    'Only for the app that shows an approval to a person. It decides nothing without the seal that the app has.',
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

/** It counts once, for the approval, the caller and the input that the seal was made for. */
async function decided(
  offer: Offer & { approver: Approver },
  seals: Seals,
  given: unknown,
  { askedBy }: AppClient,
): Promise<CallToolResult> {
  const { approver } = offer
  const { approval_id, seal, decision, reason } = (given ?? {}) as { [key: string]: unknown }
  if (decision !== 'approve' && decision !== 'decline')
    return refused('decision takes "approve" or "decline"')
  const approval = typeof approval_id === 'string' ? await approver.own(approval_id) : null
  if (approval === null || !(await seals.open(approval, seal)))
    return refused('this is not the seal of an approval that waits. Call the tool again for a new one')
  const said = typeof reason === 'string' && reason.trim() !== '' ? reason.trim() : null
  try {
    const choice = decision === 'approve' ? { approve: true as const } : { decline: said }
    const now = await approver.decide(approval.id, choice, `the user of ${askedBy ?? 'an MCP client'}`, 'app')
    await approver.answer(now).catch(() => null) // what came of it is in the record
  } catch (error) {
    if (!(error instanceof IntercomError)) throw error
    // somebody else was faster: the app shows what they decided
    if (!['already_decided', 'approval_lapsed'].includes(error.code)) return refused(error.message)
  }
  const now = (await approver.own(approval.id)) ?? approval
  const text = `Approval ${now.id} is ${now.state}.`
  return { content: [{ type: 'text', text }], _meta: { [key]: cardOf(offer, now) } }
}

function refused(why: string): CallToolResult {
  return { content: [{ type: 'text', text: `Nothing was decided: ${why}.` }], isError: true }
}

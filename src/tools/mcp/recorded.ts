import {
  createRequestStateCodec,
  inputRequired,
  inputResponse,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server'
import type { Approval, Decision as PersonsDecision } from '../../approvals/approval.ts'
import type { Approver } from '../../approvals/holding.ts'
import { IntercomError } from '../../errors.ts'
import type { Tool } from '../policy.ts'
import { type Confirmations, confirmationForm, editable, isChanged } from './confirm.ts'

/** Seconds for which a question is good; the approval that it is about has its own end. */
const ttlSeconds = 24 * 3600

/** What a question's state seals: the approval that it is about. */
type Asked = { id: string }

/**
 * Questions about approvals that are recorded: the answer to one counts in every process that shares the file, once, and
 * what it comes to is known after a crash.
 */
export function recordedConfirmations(approver: Approver): Confirmations<Asked> {
  let codec: RequestStateCodec<Asked> | undefined
  const sealed = () => (codec ??= createRequestStateCodec<Asked>({ key: approver.store.sealKey, ttlSeconds }))

  return {
    verify: (state, context) => sealed().verify(state, context),
    async ask(tool, input, look, { context, mode, askedBy }) {
      const call = { action: tool.action.name, input, askedBy, asksAnew: mode === 'form' }
      const asked = context.mcpReq.requestState<Asked>()
      const own = asked === undefined ? null : await approver.same(asked.id, call)
      const answered = own?.state === 'lapsed' ? null : own
      const held = answered === null ? await approver.hold(call, look) : { approval: answered, earlier: null }
      if ('answer' in held) return held
      let { approval } = held
      if (approval.state === 'waiting') {
        const response = answered === null ? 'none' : responseOf(context, mode, approval, tool)
        if (response === 'none') {
          const inputRequests = requests(approver, approval, mode, tool)
          if (inputRequests !== null)
            return {
              question: inputRequired({
                inputRequests,
                requestState: await sealed().mint({ id: approval.id }),
              }),
            }
        } else if (response !== 'undecided') {
          approval = await decided(approver, approval, response, askedBy)
        }
      }
      return { answer: await approver.answer(approval, held.earlier) }
    },
  }
}

function requests(approver: Approver, approval: Approval, mode: 'form' | 'url', tool: Tool) {
  const { id, input, preview, caller, asked_by: client, created_at: since } = approval
  if (mode === 'form') return { confirm: confirmationForm(tool, input, preview, { caller, client, since }) }
  const url = approver.link(id)
  if (url === null) return null
  const message = `${tool.description.title}? A person has to approve it. The page shows what would be sent.`
  return { open: inputRequired.elicitUrl({ message, url }) }
}

/** A person's decision; `undecided`: they dismissed the question, or their client answered in their place. */
function responseOf(
  { mcpReq }: ServerContext,
  mode: 'form' | 'url',
  { input, preview }: Approval,
  tool: Tool,
): PersonsDecision | 'none' | 'undecided' {
  const answer = inputResponse(mcpReq.inputResponses, mode === 'form' ? 'confirm' : 'open')
  if (answer.kind !== 'elicit') return 'none'
  if (mode === 'url') return 'undecided' // on the page
  const { confirm, text, reason } = answer.content ?? {}
  const said = typeof reason === 'string' && reason.trim() !== '' ? reason : null
  if (answer.action === 'decline' || (answer.action === 'accept' && confirm === false))
    return { decline: said }
  if (answer.action !== 'accept' || confirm !== true) return 'undecided'
  const before = editable(tool, input, preview)
  return {
    approve: true,
    ...(before && isChanged(text, before.text) ? { edited: { [before.name]: text } } : {}),
  }
}

/** Where somebody else was faster, their decision holds. */
async function decided(
  approver: Approver,
  { id }: Approval,
  decision: PersonsDecision,
  askedBy: string | null,
): Promise<Approval> {
  try {
    return await approver.decide(id, decision, `the user of ${askedBy ?? 'an MCP client'}`, 'elicitation')
  } catch (error) {
    const isLate =
      error instanceof IntercomError && ['already_decided', 'approval_lapsed'].includes(error.code)
    const now = isLate ? await approver.own(id) : null
    if (now === null) throw error
    return now
  }
}

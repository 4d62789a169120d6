import { actions } from '../../actions/index.ts'
import { notChosen } from '../../actions/select.ts'
import type { AnyAction } from '../../core/action.ts'
import { failed } from '../../core/run.ts'
import { IntercomError, textOf } from '../../errors.ts'
import type { Tool } from '../../tools/policy.ts'
import { answerOf } from './answer.ts'
import type { Offer } from './handler.ts'
import { intentOf } from './idempotency.ts'

/** `POST /actions/{name}`. Every refusal is the action's own envelope. */
export async function callAction(offer: Offer, name: string, request: Request): Promise<Response> {
  const tool = offer.tools.get(name)
  const [action, unknown] = tool ? [tool.action, null] : notChosen<AnyAction>(actions, name)
  try {
    if (tool === undefined) throw unknown
    if (request.method !== 'POST') throw onlyPost()
    if (tool.needsApproval) throw nobodyToAsk()
    return await performed(offer, tool, request)
  } catch (error) {
    const failure = error instanceof IntercomError ? error : defect(error, tool)
    const allow = failure.code === 'method_not_allowed' ? { Allow: 'POST' } : {}
    return answerOf(
      failed(action, failure, (text) => text),
      'full',
      allow,
    )
  }
}

async function performed(offer: Offer, tool: Tool, request: Request): Promise<Response> {
  const { name, effect } = tool.action
  // A read is made anew each time, so a key says nothing about it.
  const idempotencyKey = effect === 'read' ? undefined : intentOf(request, offer.idempotencyScope)
  const input = tool.input(await inputOf(request))
  // Whoever named an intent comes back for its outcome: it goes on when the client leaves.
  const options = idempotencyKey === undefined ? { signal: request.signal } : { idempotencyKey }
  const result = await offer.intercom.call<string>(name, input, options)
  const { trace, failure } = result
  const replayed =
    idempotencyKey !== undefined && trace.attempts === 0 && (failure === null || failure.status !== null)
  return answerOf(result, offer.output, replayed ? { 'Idempotent-Replayed': 'true' } : {})
}

async function inputOf(request: Request): Promise<unknown> {
  const text = await request.text().catch(() => 'a body that did not arrive')
  if (text === '') return {}
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json *(;|$)/i.test(type)) {
    throw new IntercomError('the body is not declared as JSON', {
      code: 'unsupported_media_type',
      hint: 'Nothing was sent. Send it with Content-Type: application/json.',
    })
  }
  const input = parsed(text)
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input
  throw new IntercomError('the body is not a JSON object', {
    code: 'invalid_json',
    hint: 'Nothing was sent. Send the parameters of the action as one JSON object.',
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Never a 500: hosts repeat those. */
function defect(error: unknown, tool: Tool | undefined): IntercomError {
  return new IntercomError(textOf(error), {
    code: 'internal',
    outcome: tool?.action.effect === 'read' ? 'rejected' : 'unknown',
    hint: 'This is a defect in the integration, not in the input.',
  })
}

function onlyPost(): IntercomError {
  return new IntercomError('an action is called by POST', { code: 'method_not_allowed' })
}

function nobodyToAsk(): IntercomError {
  return new IntercomError(
    'this server sends only what a person confirms, and over REST nobody can be asked',
    {
      code: 'confirmation_unavailable',
      hint: 'Nothing was sent. Use an MCP client that supports elicitation, or have the operator of the server allow sends.',
    },
  )
}

import type { Approval } from '../approvals/approval.ts'
import type { Trace } from '../client/call.ts'
import type { Envelope, Result } from '../core/action.ts'
import { serialized } from '../core/envelope.ts'
import type { Preview } from '../core/preview.ts'
import { failed, parsedInput } from '../core/run.ts'
import { failureOf, IntercomError, textOf } from '../errors.ts'
import type { CallOptions, Intercom } from '../intercom.ts'
import type { About, FormattedOutput, Names } from './compact/format.ts'
import { insufficientScope, lacking } from './grant.ts'
import type { Mentions } from './mentions.ts'
import type { Offer, OutputMode } from './offer.ts'
import type { Tool } from './policy.ts'

/**
 * The result of a call, as it is and as a model sees it; without a trace when the client was never called. `remark`: what a
 * person has decided or changed, where the output does not say it. `approval`: under which it was made.
 */
export type Invoked = Result &
  FormattedOutput & { trace?: Trace; remark?: string | undefined; approval?: Approval | undefined }

/** `never` for an adapter that asks no questions. */
type Asked<Question> = [Question] extends [never] ? never : { question: Question }

/** The result of asking about a call: one of the three. `null` where a person has confirmed this very call. */
export type Decision<Question = never> =
  | null
  /** To put to a person; it ends the call. */
  | { question: Question }
  /** In place of what the call would answer. */
  | { answer: Result & { trace?: Trace; note?: string; approval?: Approval } }
  /** A person has changed the input, and confirmed it so; `remark` tells whoever called. */
  | { edited: unknown; remark: string }

/**
 * Looks up what a person has to see of a call. Where it cannot succeed, or too little is known, there is an answer instead,
 * and nobody is to be asked. `null`: the client has no previews.
 */
export type Look = () => Promise<{ preview: Preview | null } | { answer: Result }>

/**
 * Asks about a call that needs a person, of the input that would be sent, which the action's schema accepts. It throws an
 * `IntercomError` where nobody has confirmed it.
 */
export type Approve<Question = never> = (input: unknown, look: Look) => Promise<Decision<Question>>

/** What formats results. Load it before a call: a failed import afterwards would hide what the call did. */
export async function formatterOf(
  mode: OutputMode,
  mentions: Mentions = (text) => text,
  intercom: { names?: Names | undefined } = {},
): Promise<(output: Envelope, about?: About) => FormattedOutput | Promise<FormattedOutput>> {
  if (mode === 'compact') {
    const { compactOutputInTurns, withNames, withChanges } = await import('./compact/format.ts')
    const { names } = intercom
    return async (output, about) => {
      const told = withChanges(output)
      return await compactOutputInTurns(names ? await withNames(told, names) : told, about, mentions)
    }
  }
  return (output) => {
    const { envelope, json } = serialized(output)
    return { structured: envelope, text: json }
  }
}

/**
 * Runs a tool: the host's input under the operator's policy, a person's approval, the call, the format. It never
 * rejects for anything that the host, Intercom or the network did.
 */
export async function invoke<Question = never>(
  offer: Pick<Offer, 'intercom' | 'output' | 'mentions'> & Partial<Pick<Offer, 'grant'>>,
  tool: Tool,
  given: unknown,
  approve: Approve<Question>,
  options?: CallOptions,
): Promise<Invoked | Asked<Question>> {
  const { intercom, output: mode, mentions } = offer
  const format = await formatterOf(mode, mentions, intercom)
  const called = await call(offer, tool, given, approve, options)
  if ('question' in called) return called
  const { about, ...invoked } = saying(called, mentions)
  const own =
    mode === 'compact' && tool.action.remarks && invoked.output.success
      ? await intercom.remarks?.(tool.action.name, about?.input)
      : undefined
  const { remark, ...rest } = invoked
  const remarks = remark === undefined ? own : [remark, ...(own ?? [])]
  const { result } = rest.output
  const hasRoom = mode === 'compact' && typeof result === 'object' && result !== null // compact output says it there
  return {
    ...rest,
    remark: hasRoom ? undefined : remark,
    ...(await format(invoked.output, { ...about?.shown, remarks, confirms: tool.action.confirms })),
  }
}

/** A failure whose text and hint name offered actions only. */
function saying<R extends Result>(result: R, mentions: Mentions): R {
  const { output, failure } = result
  if (!failure) return result
  const hint = failure.hint === null ? null : mentions(failure.hint) || null
  return {
    ...result,
    output: { ...output, error: mentions(String(output.error)) },
    failure: { ...failure, hint },
  }
}

async function call<Question>(
  { intercom, grant }: Pick<Offer, 'intercom'> & Partial<Pick<Offer, 'grant'>>,
  { action, mayNeedApproval, needsApproval, input }: Tool,
  given: unknown,
  approve: Approve<Question>,
  options: CallOptions | undefined,
): Promise<
  (Omit<Invoked, keyof FormattedOutput> & { about?: { input: unknown; shown?: About } }) | Asked<Question>
> {
  try {
    let toSend = input(given)
    const refused = grant && lacking(grant, action, parsedInput(action, toSend))
    if (grant && refused) throw insufficientScope(grant, refused)
    const asks = mayNeedApproval && needsApproval(parsedInput(action, toSend))
    const decision = asks ? await approve(toSend, lookingUp(intercom, action, toSend, options?.signal)) : null
    if (decision !== null && 'question' in decision) return decision as Asked<Question> // an adapter without questions puts none
    if (decision !== null && 'answer' in decision) {
      const { note, ...answer } = decision.answer
      return { ...answer, remark: answer.output.success ? note : undefined } // a failure's text has it
    }
    if (decision !== null) toSend = decision.edited
    const result = told(await intercom.call(action.name, toSend, options), decision?.remark)
    const { searched, sought, part } = action
    const about = { input: toSend }
    if (!result.output.success || (searched ?? part) === undefined) return { ...result, about }
    const { data } = action.input.safeParse(toSend) as { data: never } // the call has parsed it
    const nothing = result.output['total_count'] === 0
    const shown = {
      part: part?.(data),
      sought: sought?.(data),
      searched: nothing ? searched?.(data) : undefined,
    }
    return { ...result, about: { ...about, shown } }
  } catch (error) {
    const failure = error instanceof IntercomError ? error : defect(error, action.effect === 'read')
    if (!options?.dryRun) intercom.refused?.(action.name, failureOf(failure))
    return failed(action, failure, (text) => text)
  }
}

/** A failure too says what a person has changed: the call that failed is not the one that was asked for. */
function told<R extends Result>(result: R, remark: string | undefined): R & { remark?: string } {
  if (remark === undefined) return result
  const { output } = result
  return {
    ...result,
    remark,
    output: output.success ? output : { ...output, error: `${output.error} ${remark}` },
  }
}

/** Looks up what a person has to see of a call. */
export function lookingUp(
  intercom: { preview?: Intercom['preview'] | undefined },
  { name }: Pick<Tool['action'], 'name'>,
  toSend: unknown,
  signal?: AbortSignal,
): Look {
  return async () => {
    const seen = await intercom.preview?.(name, toSend, { signal })
    return seen?.preview === null ? { answer: seen } : { preview: seen?.preview ?? null }
  }
}

function defect(error: unknown, isRead: boolean): IntercomError {
  return new IntercomError(textOf(error), {
    code: 'internal',
    outcome: isRead ? 'rejected' : 'unknown',
    hint: 'This is a defect in the integration, not in the input.',
  })
}

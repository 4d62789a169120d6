import { type ToolsetChoice, type ToolsetName, toolsetNames } from '../actions/toolsets.ts'
import type { Approval } from '../approvals/approval.ts'
import type { Approvals, Approver } from '../approvals/holding.ts'
import type { Trace } from '../client/call.ts'
import type { Envelope, Result } from '../core/action.ts'
import { serialized } from '../core/envelope.ts'
import { mayBeRounded, roundedNumber } from '../core/exact-json.ts'
import type { Preview } from '../core/preview.ts'
import { failed, parsedInput } from '../core/run.ts'
import { type Failure, failureOf, IntercomError, invalidInput, quotedName, textOf } from '../errors.ts'
import type { CallOptions, Intercom } from '../intercom.ts'
import { checkOptions, type OptionRule, oneOf } from '../options.ts'
import type { About, FormattedOutput, Names } from './compact/format.ts'
import { type Grant, insufficientScope, lacking, mayCall } from './grant.ts'
import { type Mentions, mentioning, mentionsOf } from './mentions.ts'
import { type Access, accessRules, type Tool, toolsOf } from './policy.ts'

/** How much of a result a model sees: what it needs to go on, or everything Intercom sent. */
export type OutputMode = 'compact' | 'full'

/** Options of every adapter for models. */
export type ToolOptions = Access & {
  /**
   * What tool results hold: `compact` for models, `full` for everything Intercom sent.
   * @default 'compact'
   */
  output?: OutputMode | undefined
  /**
   * Where calls wait for a person that a caller cannot ask; made by `holding`. Without it they are refused. The client needs
   * a journal.
   */
  approvals?: Approvals | undefined
  /** What the caller was authorized to do within this policy; by default all of it. */
  grant?: Grant | undefined
}

const grantRule: OptionRule = {
  accepts: (value) => typeof value === 'object' && value !== null && 'allows' in value,
  expected: 'an object that says what is allowed',
}

const approvalsRule: OptionRule = {
  accepts: (value) => typeof value === 'object' && value !== null && 'approver' in value,
  expected: 'what holding() answers',
}

/**
 * Throws an `IntercomError` on unknown options and wrong values. `own`: what an adapter accepts beside those that all
 * have; it checks them first, since `offerOf` gets the rest.
 */
export function checkToolOptions(options: unknown, own: Readonly<Record<string, OptionRule>> = {}): void {
  checkOptions(options, {
    ...accessRules,
    output: oneOf('compact', 'full'),
    approvals: approvalsRule,
    grant: grantRule,
    ...own,
  })
}

/** What an adapter offers over one client: its tools by name, and how much of an answer they show. */
export type Offer = {
  intercom: Pick<Intercom, 'call'> &
    Partial<Pick<Intercom, 'names' | 'remarks' | 'preview'>> & {
      /** Is told of a call that was refused before it came to the client. */
      refused?(name: string, failure: Failure): void
    }
  tools: ReadonlyMap<string, Tool>
  /** What the caller was authorized to do within it. `null`: all. */
  grant: Grant | null
  /** Tools that the policy allows, and the grant does not. */
  withheld: ReadonlyMap<string, Tool>
  output: OutputMode
  /** What holds calls that need a person. `null`: nothing does. */
  approver: Approver | null
  mentions: Mentions
  /** The toolsets that are chosen. */
  toolsets: readonly ToolsetChoice[] | undefined
}

/**
 * Of the actions that the client allows. `exact`: the adapter has read its input with `exactJson`; else whoever parsed
 * it may have rounded numbers. Throws an `IntercomError` on options that name no action or parameter.
 */
export function offerOf(
  intercom: Pick<Intercom, 'call'> &
    Partial<Pick<Intercom, 'actions' | 'toolsets' | 'names' | 'remarks' | 'preview'>>,
  options: ToolOptions,
  exact?: 'exact',
): Offer {
  checkToolOptions(options)
  const { output = 'compact', approvals, grant = null, ...given } = options
  const access = { ...given, toolsets: given.toolsets ?? intercom.toolsets }
  const allowed = toolsOf(access).filter(
    ({ action }) => (intercom.actions as readonly string[] | undefined)?.includes(action.name) ?? true,
  )
  const { tools = [], withheld = [] } = Object.groupBy(allowed, ({ action }) =>
    grant === null || grant.offersAll || mayCall(grant, action) ? 'tools' : 'withheld',
  )
  const wanted = access.toolsets?.includes('all') ? toolsetNames : access.toolsets
  const missing = wanted?.find((set) => intercom.toolsets?.includes(set as ToolsetName) === false)
  if (missing !== undefined)
    throw invalidInput(
      `toolsets: the client was made without "${missing}"; give createIntercom the same toolsets`,
    )
  const mentions = mentionsOf(tools.map(({ action }) => action.name))
  const offered = (exact ? tools : tools.map((tool) => ({ ...tool, input: unrounded(tool.input) }))).map(
    (tool) => ({ ...tool, description: mentioning(tool.description, mentions) }),
  )
  const { toolsets } = access
  const asks = tools.some(({ mayNeedApproval }) => mayNeedApproval)
  return {
    intercom,
    output,
    approver: (asks && approvals?.approver(intercom)) || null,
    mentions,
    toolsets,
    grant,
    withheld: new Map(withheld.map((tool) => [tool.action.name, tool])),
    tools: new Map(offered.map((tool) => [tool.action.name, tool])),
  }
}

function unrounded(input: Tool['input']): Tool['input'] {
  return (given) => {
    const values = typeof given === 'object' && given !== null ? Object.entries(given) : []
    const [field] = values.find(([, value]) => mayBeRounded(value)) ?? []
    if (field === undefined) return input(given)
    throw new IntercomError(`${quotedName(field)} contains ${roundedNumber}`, {
      code: 'invalid_input',
      field,
      hint: 'Nothing was sent.',
    })
  }
}

/**
 * The result of a call, as it is and as a model sees it; without a trace when the client was never called. `remark`: what a
 * person has decided or changed, where the output does not say it. `approval`: under which it was made.
 */
export type Invoked = Result &
  FormattedOutput & { trace?: Trace; remark?: string | undefined; approval?: Approval | undefined }

/** Nothing at all where an adapter puts no questions. */
type Asked<Question> = [Question] extends [never] ? never : { question: Question }

/** What came of asking about a call: one of the three. `null` where a person has confirmed this very call. */
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
